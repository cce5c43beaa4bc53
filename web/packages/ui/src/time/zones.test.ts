import { describe, expect, it } from 'vitest';
import {
    dayText,
    instantOf,
    isoText,
    isZone,
    localTime,
    minuteText,
    offsetAt,
    offsetText,
    parseLocal,
    shiftDays,
    startOfDay,
} from './zones';

const kChicago = 'America/Chicago';
const at = (text: string) => Date.parse(text);
const iso = (instant: number) => new Date(instant).toISOString();

describe('local time', () => {
    it('is of the zone, not of the machine', () => {
        expect(localTime(at('2026-08-21T14:30:05Z'), kChicago)).toEqual({
            year: 2026,
            month: 8,
            day: 21,
            hour: 9,
            minute: 30,
            second: 5,
        });
        expect(minuteText(at('2026-08-21T03:05:00Z'), kChicago)).toBe('2026-08-20T22:05');
        expect(dayText(at('2026-08-21T03:05:00Z'), kChicago)).toBe('2026-08-20');
    });

    it('has midnight as hour 0', () => {
        expect(localTime(at('2026-08-21T05:00:00Z'), kChicago).hour).toBe(0);
    });

    it('knows its distance from UTC before and after clocks change', () => {
        expect(offsetAt(at('2026-03-08T07:59:59Z'), kChicago)).toBe(-6 * 3_600_000);
        expect(offsetAt(at('2026-03-08T08:00:00Z'), kChicago)).toBe(-5 * 3_600_000);
        expect(offsetText(at('2026-01-01T00:00:00Z'), 'Asia/Kathmandu')).toBe('+05:45');
        expect(isoText(at('2026-11-01T06:30:00Z'), kChicago)).toBe('2026-11-01T01:30:00-05:00');
        expect(isoText(at('2026-11-01T07:30:00Z'), kChicago)).toBe('2026-11-01T01:30:00-06:00');
    });

    it('knows what is a zone', () => {
        expect(isZone('Europe/Berlin')).toBe(true);
        expect(isZone('Mars/Olympus')).toBe(false);
    });
});

describe('the instant of a local time', () => {
    const local = (month: number, day: number, hour: number, minute = 0) => ({
        year: 2026,
        month,
        day,
        hour,
        minute,
        second: 0,
    });

    it('that comes twice is the first', () => {
        expect(iso(instantOf(local(11, 1, 1, 30), kChicago))).toBe('2026-11-01T06:30:00.000Z');
    });

    it('that never comes is just after the gap', () => {
        expect(iso(instantOf(local(3, 8, 2, 30), kChicago))).toBe('2026-03-08T08:30:00.000Z');
    });

    it('may overflow into the next month', () => {
        expect(iso(instantOf(local(1, 32, 0), kChicago))).toBe('2026-02-01T06:00:00.000Z');
    });

    it('is right where clocks change by half an hour', () => {
        const zone = 'Australia/Lord_Howe';
        for (const text of ['2026-04-04T12:00', '2026-04-05T12:00', '2026-10-04T12:00']) {
            expect(minuteText(parseLocal(text, zone)!, zone)).toBe(text);
        }
    });
});

describe('days', () => {
    it('have 23 and 25 hours when clocks change', () => {
        const hours = (text: string) =>
            (startOfDay(at(text), kChicago, 1) - startOfDay(at(text), kChicago)) / 3_600_000;
        expect(hours('2026-03-08T18:00:00Z')).toBe(23);
        expect(hours('2026-11-01T18:00:00Z')).toBe(25);
        expect(hours('2026-08-21T18:00:00Z')).toBe(24);
    });

    it('begin after midnight where midnight does not exist', () => {
        const start = startOfDay(at('2023-04-28T12:00:00Z'), 'Africa/Cairo');
        expect(iso(start)).toBe('2023-04-27T22:00:00.000Z');
        expect(minuteText(start, 'Africa/Cairo')).toBe('2023-04-28T01:00');
    });

    it('shift to the same time of day over a change of clocks', () => {
        const noon = at('2026-03-08T17:00:00Z');
        expect(minuteText(noon, kChicago)).toBe('2026-03-08T12:00');
        expect(minuteText(shiftDays(noon, kChicago, -1), kChicago)).toBe('2026-03-07T12:00');
        expect(noon - shiftDays(noon, kChicago, -1)).toBe(23 * 3_600_000);
    });
});

describe('what the address bar holds', () => {
    it('is read as local time', () => {
        expect(iso(parseLocal('2026-08-21', kChicago)!)).toBe('2026-08-21T05:00:00.000Z');
        expect(iso(parseLocal('2026-08-21T09:30', kChicago)!)).toBe('2026-08-21T14:30:00.000Z');
    });

    it('is refused when it is no date', () => {
        for (const text of [
            '',
            'yesterday',
            '2026-13-01',
            '2026-02-30',
            '2026-08-21T25:00',
            '2026-8-1',
        ]) {
            expect(parseLocal(text, kChicago)).toBeUndefined();
        }
    });
});
