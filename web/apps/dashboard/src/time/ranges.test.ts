import { describe, expect, it } from 'vitest';
import { grains, localDays, pinned, quarterEnd, resolveRange, spanText } from './ranges';
import { minuteText } from '@mobilytics/ui/zones';

const kChicago = 'America/Chicago';
const now = Date.parse('2026-08-21T19:52:10Z'); // 14:52:10 in Chicago.
const local = (instant: number, zone = kChicago) => minuteText(instant, zone);
const hours = (range: { from: number; to: number }) => (range.to - range.from) / 3_600_000;

describe('presets', () => {
    it('today is until the end of the running quarter, against yesterday until then', () => {
        const range = resolveRange({ range: 'today' }, kChicago, now);
        expect([local(range.from), local(range.to)]).toEqual([
            '2026-08-21T00:00',
            '2026-08-21T15:00',
        ]);
        expect([local(range.previous.from), local(range.previous.to)]).toEqual([
            '2026-08-20T00:00',
            '2026-08-20T15:00',
        ]);
        expect(range.running).toBe(true);
    });

    it('yesterday is a whole local day', () => {
        const range = resolveRange({ range: 'yesterday' }, kChicago, now);
        expect([local(range.from), local(range.to)]).toEqual([
            '2026-08-20T00:00',
            '2026-08-21T00:00',
        ]);
        expect(local(range.previous.from)).toBe('2026-08-19T00:00');
        expect(range.running).toBe(false);
    });

    it('the last 24 hours are 23 full hours and the running one, compared like with like', () => {
        const range = resolveRange({}, kChicago, now);
        expect([local(range.from), local(range.to)]).toEqual([
            '2026-08-20T15:00',
            '2026-08-21T15:00',
        ]);
        const earlier = resolveRange({}, kChicago, Date.parse('2026-08-21T19:05:00Z'));
        expect([local(earlier.from), local(earlier.to)]).toEqual([
            '2026-08-20T15:00',
            '2026-08-21T14:15',
        ]);
        expect(hours(earlier)).toBe(23.25);
        expect(hours(earlier.previous)).toBe(23.25);
        expect(earlier.from - earlier.previous.from).toBe(86_400_000);
    });

    it('the last 24 hours begin with a local hour also where zones are off by half an hour', () => {
        const range = resolveRange({}, 'Asia/Kolkata', now);
        expect(local(range.from, 'Asia/Kolkata')).toBe('2026-08-21T02:00');
    });

    it('seven days are local days, also when clocks change among them', () => {
        const range = resolveRange({ range: '7d' }, kChicago, Date.parse('2026-03-10T17:00:00Z'));
        expect(local(range.from)).toBe('2026-03-04T00:00');
        expect(local(range.previous.from)).toBe('2026-02-25T00:00');
        expect(local(range.previous.to)).toBe('2026-03-03T12:00');
        expect(hours(range)).toBe(6 * 24 + 12 - 1);
        expect(hours(range.previous)).toBe(6 * 24 + 12);
    });

    it('what the address says wrongly is the default', () => {
        for (const search of [
            { range: 'decade' },
            { range: 'custom' },
            { range: 'custom', from: '2026-08-21', to: '2026-08-01' },
            { range: 'custom', from: 'x', to: 'y' },
        ]) {
            expect(resolveRange(search, kChicago, now).name).toBe('24h');
        }
    });
});

describe('custom ranges', () => {
    it('of days have their last day in them', () => {
        const search = { range: 'custom', from: '2026-08-10', to: '2026-08-12' };
        const range = resolveRange(search, kChicago, now);
        expect([local(range.from), local(range.to)]).toEqual([
            '2026-08-10T00:00',
            '2026-08-13T00:00',
        ]);
        expect(local(range.previous.from)).toBe('2026-08-07T00:00');
        expect(range.previousPhrase).toBe('the 3 days before');
        expect(range.running).toBe(false);
    });

    it('of one day in which clocks go back have 25 hours, the day before 24', () => {
        const search = { range: 'custom', from: '2026-11-01', to: '2026-11-01' };
        const range = resolveRange(search, kChicago, Date.parse('2026-11-20T00:00:00Z'));
        expect(hours(range)).toBe(25);
        expect(hours(range.previous)).toBe(24);
    });

    it('pin a preset, so that a link shows the same tomorrow', () => {
        const today = resolveRange({ range: '7d' }, kChicago, now);
        const later = resolveRange(pinned(today, kChicago), kChicago, now + 5 * 86_400_000);
        expect([later.from, later.to]).toEqual([today.from, today.to]);
        expect(later.name).toBe('custom');
    });
});

describe('grains', () => {
    const span = (days: number) => ({ from: now, to: now + days * 86_400_000 });
    it('draw neither two bars nor thousands', () => {
        expect(grains(span(0.2))).toEqual({ allowed: ['quarter', 'hour'], initial: 'quarter' });
        expect(grains(span(1))).toEqual({ allowed: ['quarter', 'hour'], initial: 'hour' });
        expect(grains(span(7))).toEqual({ allowed: ['quarter', 'hour', 'day'], initial: 'day' });
        expect(grains(span(28))).toEqual({ allowed: ['hour', 'day'], initial: 'day' });
        expect(grains(span(90))).toEqual({ allowed: ['day'], initial: 'day' });
    });
});

describe('words', () => {
    it('tell whole days and hours apart', () => {
        const year = new Date().getUTCFullYear();
        const day = (text: string) => Date.parse(`${year}-${text}Z`);
        expect(spanText({ from: day('08-21T05:00:00'), to: day('08-22T05:00:00') }, kChicago)).toBe(
            '21 Aug',
        );
        expect(spanText({ from: day('08-01T05:00:00'), to: day('08-22T05:00:00') }, kChicago)).toBe(
            '1 Aug – 21 Aug',
        );
        expect(spanText({ from: day('08-21T14:30:00'), to: day('08-21T20:00:00') }, kChicago)).toBe(
            '21 Aug, 09:30 – 15:00',
        );
    });

    it('count the local days that a range touches', () => {
        const from = Date.parse('2026-08-20T20:00:00Z');
        expect(localDays({ from, to: from + 3_600_000 }, kChicago)).toBe(1);
        expect(localDays({ from, to: from + 86_400_000 }, kChicago)).toBe(2);
    });

    it('the quarter that is running ends at a quarter', () => {
        expect(quarterEnd(Date.parse('2026-08-21T19:45:00Z'))).toBe(
            Date.parse('2026-08-21T19:45:00Z'),
        );
        expect(quarterEnd(Date.parse('2026-08-21T19:45:01Z'))).toBe(
            Date.parse('2026-08-21T20:00:00Z'),
        );
    });
});
