import { expect, test } from 'vitest';
import type { Model } from '@mobilytics/api';
import { factorText, residualOf, restsOn, totalsFrom } from './calibrations';

const model = {
    factor: 1.584,
    factor_low: 1.37,
    factor_high: 1.816,
    quarters: 36,
    days: 3,
    unheard: 2,
    error: 0.183,
} as Model;

test('a factor is told with its interval and what it rests on', () => {
    expect(factorText(model)).toBe('1.58 (1.37 to 1.82)');
    expect(restsOn(model)).toBe(
        '36 quarters of an hour on 3 days. On days that the fit had no part in it was 18.3 % off on average. 2 more were counted while no sensor was heard.',
    );
    expect(restsOn({ ...model, days: 1, unheard: 0 })).toContain('half to twice');
    expect(residualOf({ day: '', people: 5, expected: 3, devices: 2 })).toBe(2);
});

test('totals are quarters of the zone, and what is left out is no interval', () => {
    expect(totalsFrom('2026-08-21T09:00', [3, undefined, 4.5], 'America/Chicago')).toEqual([
        { from: '2026-08-21T14:00:00.000Z', to: '2026-08-21T14:15:00.000Z', people: 3 },
        { from: '2026-08-21T14:30:00.000Z', to: '2026-08-21T14:45:00.000Z', people: 4.5 },
    ]);
    expect(totalsFrom('yesterday', [1], 'America/Chicago')).toBeUndefined();
});
