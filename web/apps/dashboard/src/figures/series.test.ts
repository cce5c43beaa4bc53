import { describe, expect, it } from 'vitest';
import type { ExposureBucket } from '@mobilytics/api';
import { bucketsOf, marksWords } from './chart_marks';
import { axisLabel, begun, seriesSheet, seriesWords } from './series';

const bucket = (
    start: string,
    visits: number | null,
    more: Partial<ExposureBucket> = {},
): ExposureBucket => ({
    start,
    end: new Date(Date.parse(start) + 3_600_000).toISOString(),
    visits,
    devices: visits,
    presence_s: 100.4,
    occupancy_mean: 1.234,
    occupancy_max: 3,
    completeness: 0.5,
    corrected: false,
    suppressed: [],
    ...more,
});

const items = [
    bucket('2026-11-01T05:00:00Z', 12),
    bucket('2026-11-01T06:00:00Z', 30),
    bucket('2026-11-01T07:00:00Z', null),
];
const kChicago = 'America/Chicago';

describe('the series', () => {
    it('leaves out what lies in the future', () => {
        const reply = {
            grain: 'hour' as const,
            items,
            time_zone: kChicago,
            basis: 'devices' as const,
            counting: 'addresses' as const,
            synthetic: false,
            suppress_below: 10,
            completeness: 1,
            calibration: { basis: 'devices' as const, share: 0, models: [] },
        };
        expect(
            begun({ ...reply, items: [...items] }, Date.parse('2026-11-01T06:30:00Z')),
        ).toHaveLength(2);
    });

    it('names both hours of the night when clocks go back', () => {
        expect(axisLabel(items[1]!, 'hour', kChicago)).toBe('1 Nov, 01:00');
        expect(axisLabel(items[2]!, 'hour', kChicago)).toBe('1 Nov, 01:00');
        const rows = seriesSheet(items, undefined, 'hour', kChicago).rows;
        expect(rows.map(row => row['start'])).toEqual([
            '2026-11-01T00:00:00-05:00',
            '2026-11-01T01:00:00-05:00',
            '2026-11-01T01:00:00-06:00',
        ]);
    });

    it('is one row a bucket, with the bucket before beside it when compared', () => {
        const sheet = seriesSheet(items, [bucket('2026-10-31T05:00:00Z', 7)], 'hour', kChicago);
        expect(sheet.columns.map(column => column.key)).toContain('visits_before');
        expect(sheet.rows[0]).toMatchObject({ visits: 12, visits_before: 7, completeness: 50 });
        expect(sheet.rows[2]).toMatchObject({ visits: null, visits_before: undefined });
        expect(
            seriesSheet(items, undefined, 'hour', kChicago).columns.map(c => c.key),
        ).not.toContain('visits_before');
    });

    it('is told in words', () => {
        const chart = {
            items,
            grain: 'hour',
            zone: kChicago,
            metric: 'visits',
            previousPhrase: '',
            now: 0,
        } as const;
        expect(seriesWords({ ...chart, items: [...items] })).toBe(
            'Bar chart of visits by hour, 3 bars; the most is 30, 1 Nov, 01:00.',
        );
        expect(seriesWords({ ...chart, items: [] })).toBe('Visits: nothing yet.');
    });

    it('has what was noted in its table, its words and behind its bars', () => {
        const marks = [
            {
                from: Date.parse('2026-11-01T06:30:00Z'),
                to: Date.parse('2026-11-01T08:00:00Z'),
                label: 'Weather',
                text: 'Snow.',
                tone: 'note' as const,
            },
            { from: 0, to: 1, label: 'Event', text: 'Long ago', tone: 'note' as const },
        ];
        expect(bucketsOf(items, marks[0]!)).toEqual([1, 2]);
        expect(bucketsOf(items, marks[1]!)).toBeUndefined();
        const sheet = seriesSheet(items, undefined, 'hour', kChicago, marks);
        expect(sheet.columns.at(-1)).toEqual({ key: 'marked', label: 'Marked' });
        expect(sheet.rows.map(row => row['marked'])).toEqual([
            '',
            'Weather: Snow.',
            'Weather: Snow.',
        ]);
        expect(marksWords(items, marks)).toBe(' Marked: Weather, Snow.');
    });
});
