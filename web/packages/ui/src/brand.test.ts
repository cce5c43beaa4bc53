import { expect, test } from 'vitest';
import { accentOf, contrast, inkOn, isColour, kContrastMin, kSurfaces, shadesOf } from './brand';

test('contrast is as WCAG has it', () => {
    expect(contrast('#000000', '#ffffff')).toBe(21);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrast('#ffffff', '#777777')).toBeCloseTo(4.48, 2);
});

test('whatever accent a company has can be read, light and dark', () => {
    for (const colour of ['#ffe100', '#000000', '#ffffff', '#0a2a12', '#ff0055', '#8899aa']) {
        const accent = accentOf(colour);
        expect(contrast(accent.light, kSurfaces.light)).toBeGreaterThanOrEqual(kContrastMin);
        expect(contrast(accent.dark, kSurfaces.dark)).toBeGreaterThanOrEqual(kContrastMin);
        const fill = shadesOf(colour)[6]!;
        expect(contrast(inkOn(fill), fill)).toBeGreaterThanOrEqual(kContrastMin);
    }
});

test('a colour that reads well is left as it is, and what was changed is told', () => {
    expect(accentOf('#c2185b')).toEqual({ light: '#c2185b', dark: '#d25486', changed: ['dark'] });
    expect(accentOf('#ffe100').changed).toEqual(['light']);
    expect(shadesOf('#c2185b')).toHaveLength(10);
});

test('only whole colours are colours', () => {
    expect(isColour('#2f55e0')).toBe(true);
    for (const text of ['red', '#fff', '#2f55e0ff', '2f55e0', '#2f55eg']) {
        expect(isColour(text)).toBe(false);
    }
});
