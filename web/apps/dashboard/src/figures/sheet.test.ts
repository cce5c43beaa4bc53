import { describe, expect, it } from 'vitest';
import { cellText, csvOf } from './sheet';
import type { Sheet } from './sheet';

const sheet: Sheet = {
    name: 'x',
    title: 'Visits by hour',
    columns: [
        { key: 'start', label: 'Start' },
        { key: 'asset', label: 'Asset' },
        { key: 'visits', label: 'Visits', digits: 0 },
        { key: 'presence', label: 'Presence', unit: 'device-seconds', digits: 2 },
        { key: 'corrected', label: 'Corrected' },
    ],
    rows: [
        {
            start: '2026-08-21T09:00:00-05:00',
            asset: 'Plain',
            visits: 1234.4,
            presence: 1.005,
            corrected: false,
        },
        {
            start: '2026-08-21T10:00:00-05:00',
            asset: '=1+1',
            visits: null,
            presence: -3,
            corrected: true,
        },
        {
            start: '2026-08-21T11:00:00-05:00',
            asset: 'say "hi", you\nthere',
            visits: undefined,
            presence: 0,
            corrected: false,
        },
    ],
};

const origin = {
    company: 'Lakeshore\nOutdoor',
    range: { from: Date.parse('2026-08-21T14:00:00Z'), to: Date.parse('2026-08-21T17:00:00Z') },
    zone: 'America/Chicago',
    source: 'Wi-Fi and Bluetooth',
    assets: 'all',
    basics: {
        as_of: '2026-08-21T16:59:58.000000Z',
        time_zone: 'America/Chicago',
        basis: 'devices' as const,
        counting: 'addresses' as const,
        synthetic: true,
        suppress_below: 10,
        completeness: 0.987,
    },
};

describe('a download', () => {
    const text = csvOf(sheet, origin);
    const lines = text.split('\r\n');

    it('says first where its figures are from', () => {
        expect(lines.slice(0, 11)).toEqual([
            '# title: Visits by hour',
            '# company: Lakeshore Outdoor',
            '# from: 2026-08-21T09:00:00-05:00',
            '# to: 2026-08-21T12:00:00-05:00',
            '# time_zone: America/Chicago',
            '# source: Wi-Fi and Bluetooth',
            '# assets: all',
            '# as_of: 2026-08-21T11:59:58-05:00',
            '# basis: devices',
            '# completeness: 0.987',
            '# synthetic: yes',
        ]);
    });

    it('has units in its head', () => {
        expect(lines[11]).toBe('start,asset,visits,presence (device-seconds),corrected');
    });

    it('has the numbers of the screen, without thousands signs', () => {
        expect(lines[12]).toBe('2026-08-21T09:00:00-05:00,Plain,1234,1,no');
        expect(cellText(1234.4, sheet.columns[2]!)).toBe('1,234');
    });

    it('leaves empty what is held back, and disarms formulas but not negative numbers', () => {
        expect(lines[13]).toBe("2026-08-21T10:00:00-05:00,'=1+1,,-3,yes");
        expect(cellText(null, sheet.columns[2]!)).toBe('held back');
        expect(cellText(undefined, sheet.columns[2]!)).toBe('–');
    });

    it('quotes what has commas, quotes or line ends', () => {
        expect(text).toContain('2026-08-21T11:00:00-05:00,"say ""hi"", you\nthere",,0,no\r\n');
    });

    it('says so when nothing was measured', () => {
        expect(csvOf(sheet, { ...origin, basics: undefined })).toContain(
            '# as_of: nothing measured yet\r\n',
        );
    });
});
