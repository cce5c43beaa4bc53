import { expect, test } from 'vitest';
import { cronText } from './cron';

test('a plain line of cron is told in words, any other as it is written', () => {
    expect(cronText('* * * * *')).toBe('every minute');
    expect(cronText('*/15 * * * *')).toBe('every 15 minutes');
    expect(cronText('7 * * * *')).toBe('every hour at :07');
    expect(cronText('41 2 * * *')).toBe('every day at 02:41');
    expect(cronText('0 6 * * 7')).toBe('every Sunday at 06:00');
    expect(cronText('30 4 1 * *')).toBe('on day 1 of the month at 04:30');
    expect(cronText('0 9-17 * * 1-5')).toBe('0 9-17 * * 1-5');
    expect(cronText('0 0 1 1 *')).toBe('0 0 1 1 *');
});
