import { expect, test } from 'vitest';
import { browserText, isPhone } from './browser';

const kPhone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1 Version/19.1 Safari/604.1';

test('a browser is known again by its name and system', () => {
    expect(browserText('Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36')).toBe(
        'Chrome on Linux',
    );
    expect(browserText('Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0')).toBe(
        'Edge on Windows',
    );
    expect(browserText(kPhone)).toBe('Safari on iOS');
    expect(browserText('curl/8.5')).toBe('curl');
    expect(browserText('')).toBe('Unknown');
    expect(isPhone(kPhone)).toBe(true);
    expect(isPhone('curl/8.5')).toBe(false);
});
