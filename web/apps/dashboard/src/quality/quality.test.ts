import { describe, expect, it } from 'vitest';
import type { Annotation, Asset, QualityDay, QualityFinding } from '@mobilytics/api';
import {
    countsOf,
    gridRows,
    gridSheet,
    kRowsShown,
    moved,
    pageOf,
    wholeDays,
    withFinding,
    worstFirst,
} from './grid';
import { fieldsOf, isOf, noteBody, noteFaults, noteMarks, touches } from './notes';
import {
    cellWords,
    changeWords,
    findingWords,
    ratioText,
    sistersWords,
    thanText,
    timesText,
} from './words';

const kChicago = 'America/Chicago';
const at = (text: string) => Date.parse(text);

const day = (date: string, more: Partial<QualityDay> = {}): QualityDay => ({
    day: date,
    from: `${date}T05:00:00Z`,
    to: new Date(at(`${date}T05:00:00Z`) + 86_400_000).toISOString(),
    grade: 'good',
    completeness: 0.998,
    corrected: false,
    change: 1.1,
    usual_days: 9,
    findings: [],
    ...more,
});

const finding = (kind: QualityFinding['kind'], more: Partial<QualityFinding> = {}) => ({
    kind,
    severity: 'minor' as const,
    from: '2026-09-01T14:00:00Z',
    to: '2026-09-01T17:00:00Z',
    shared: false,
    ...more,
});

const asset = (id: string, name: string): Asset => ({
    id,
    name,
    code: `C-${id}`,
    kind: 'vehicle',
    state: 'in_service',
    registered_at: '2026-08-01T15:00:00Z',
    time_zone: kChicago,
});

describe('the days', () => {
    it('are whole ones of the zone, weekends marked', () => {
        const range = { from: at('2026-09-04T20:00:00Z'), to: at('2026-09-05T20:00:00Z') };
        const days = wholeDays(range, kChicago);
        expect(days.columns.map(({ day: date, weekend }) => [date, weekend])).toEqual([
            ['2026-09-04', false],
            ['2026-09-05', true],
        ]);
        expect(days.from).toBe(at('2026-09-04T05:00:00Z'));
        expect(days.to).toBe(at('2026-09-06T05:00:00Z'));
        expect(days.cut).toBe(false);
    });

    it('are the last 35 of a longer range', () => {
        const range = { from: at('2026-06-01T05:00:00Z'), to: at('2026-08-01T05:00:00Z') };
        const days = wholeDays(range, kChicago);
        expect(days.columns).toHaveLength(35);
        expect(days.columns.at(-1)!.day).toBe('2026-07-31');
        expect(days.from).toBe(days.columns[0]!.from);
        expect(days.cut).toBe(true);
    });

    it('are never more than 35 times 24 hours, also when clocks go back among them', () => {
        // Central time ended on 1 November 2026: that day had 25 hours.
        const range = { from: at('2026-10-10T05:00:00Z'), to: at('2026-11-14T06:00:00Z') };
        const days = wholeDays(range, kChicago);
        expect(days.to - days.from).toBeLessThanOrEqual(35 * 86_400_000);
        expect(days.columns).toHaveLength(34);
        expect(days.cut).toBe(true);
    });
});

describe('the rows', () => {
    const { columns } = wholeDays(
        { from: at('2026-09-01T05:00:00Z'), to: at('2026-09-04T05:00:00Z') },
        kChicago,
    );
    const items = [
        { asset_id: 'a', days: [day('2026-09-01'), day('2026-09-03')] },
        {
            asset_id: 'b',
            days: [
                day('2026-09-01', { grade: 'poor', findings: [finding('gap')] }),
                day('2026-09-02', { grade: 'fair', completeness: 0.9 }),
            ],
        },
        { asset_id: 'c', days: [day('2026-09-02', { grade: 'fair', completeness: 0.6 })] },
        { asset_id: 'd', days: [day('2026-09-02', { grade: 'fair', completeness: 0.94 })] },
    ];
    const assets = [asset('a', 'Truck 10'), asset('b', 'Truck 2'), asset('c', 'Board')];
    const rows = gridRows(items, assets, columns);

    it('have a place for each day, and a name where there is one', () => {
        expect(rows[0]!.days.map(each => each?.day)).toEqual([
            '2026-09-01',
            undefined,
            '2026-09-03',
        ]);
        expect(rows.map(({ name }) => name)).toEqual(['Truck 10', 'Truck 2', 'Board', 'd']);
        expect(countsOf(rows)).toEqual({ good: 2, fair: 3, poor: 1, running: 0, none: 0 });
    });

    it('come with the worst first: poor days, fair days, what was not heard', () => {
        expect(worstFirst(rows).map(({ id }) => id)).toEqual(['b', 'c', 'd', 'a']);
        expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    });

    it('are those with a finding, when one is asked for', () => {
        expect(withFinding(rows, 'gap').map(({ id }) => id)).toEqual(['b']);
        expect(withFinding(rows, 'clock')).toEqual([]);
        expect(withFinding(rows, undefined)).toHaveLength(4);
    });

    it('are a line in the file for each day that is known', () => {
        const sheet = gridSheet(rows, kChicago, 'the first 4 assets');
        expect(sheet.title).toBe('Quality by asset and day (the first 4 assets)');
        expect(sheet.rows).toHaveLength(6);
        expect(sheet.rows[2]).toEqual({
            code: 'C-b',
            asset: 'Truck 2',
            day: '2026-09-01',
            grade: 'poor',
            completeness: 99.8,
            corrected: false,
            change: 1.1,
            usual_days: 9,
            sisters_change: undefined,
            findings: 'gap minor 2026-09-01T09:00/2026-09-01T12:00',
        });
    });

    it('are shown by pages, and more are asked for when a page is not full', () => {
        const many = Array.from({ length: kRowsShown + 5 }, () => rows[0]!);
        expect(pageOf(many, 0, false)).toMatchObject({ at: 0, next: true, wanting: false });
        expect(pageOf(many, 1, true)).toMatchObject({ at: 1, next: true, wanting: true });
        expect(pageOf(many, 1, false).shown).toHaveLength(5);
        // A page of before a filter was set: the last there is.
        expect(pageOf(many, 7, false)).toMatchObject({ at: 1, next: false });
        expect(pageOf([], 3, false)).toMatchObject({ at: 0, shown: [], next: false });
    });
});

describe('the keyboard', () => {
    it('goes from cell to cell, and no further than the grid', () => {
        const from = { row: 1, column: 1 };
        const go = (key: string, ctrl = false) => moved(from, key, ctrl, 3, 4);
        expect(go('ArrowLeft')).toEqual({ row: 1, column: 0 });
        expect(go('ArrowDown')).toEqual({ row: 2, column: 1 });
        expect(go('End')).toEqual({ row: 1, column: 3 });
        expect(go('End', true)).toEqual({ row: 2, column: 3 });
        expect(go('Home', true)).toEqual({ row: 0, column: 0 });
        expect(moved({ row: 0, column: 3 }, 'ArrowUp', false, 3, 4)).toEqual({ row: 0, column: 3 });
        expect(go('Enter')).toBeUndefined();
    });
});

describe('what was found', () => {
    const its = day('2026-09-01');
    it('is told with its times, on the clock of the zone', () => {
        expect(timesText(finding('gap'), its, kChicago)).toBe('from 09:00 to 12:00');
        expect(timesText(finding('gap', { to: its.to }), its, kChicago)).toBe(
            'from 09:00 to 24:00',
        );
        expect(timesText(its, its, kChicago)).toBe('all day');
    });

    it('is told in sentences of its kind', () => {
        const what = (...given: Parameters<typeof finding>) =>
            findingWords(finding(...given), its, kChicago).what;
        expect(what('gap', { value: 9900 })).toBe(
            'Not heard from 09:00 to 12:00: 2:45 h are missing.',
        );
        expect(what('silent', { value: 86_400 })).toBe(
            'Nothing was heard all day, of 24 h in which a sensor was on it.',
        );
        expect(what('spike', { value: 6.21 })).toBe(
            '6.2 times as many visits as usual from 09:00 to 12:00.',
        );
        expect(what('jump', { value: 0.62 })).toBe('38 % fewer than on days like it.');
        expect(what('jump', { value: 3.4, shared: true })).toBe(
            '3.4 times as many as on days like it. Assets of its kind did the same.',
        );
        expect(what('unlike_sisters', { value: 0.5 })).toBe(
            'It went another way than assets of its kind: 50 % fewer than they let expect.',
        );
        expect(what('clock', { value: 0.223 })).toContain('22 % of its sightings');
        expect(what('overloaded', { value: 0.031 })).toContain('3.1 % of its sightings');
        expect(what('stuck')).toBe('The very same count, hour after hour, from 09:00 to 12:00.');
    });

    it('says so where a figure is held back', () => {
        for (const kind of ['spike', 'jump', 'unlike_sisters'] as const) {
            expect(findingWords(finding(kind), its, kChicago).what).toContain('held back');
        }
    });
});

describe('the comparison', () => {
    const now = at('2026-09-20T00:00:00Z');
    const words = (more: Partial<QualityDay>) => changeWords(day('2026-09-01', more), 10, now);
    it('is told with what it rests on', () => {
        expect(words({ change: 1.124 })).toBe('12 % more than usual, by 9 days like it');
        expect(words({ change: 1 })).toBe('As many as usual, by 9 days like it');
        expect(ratioText(0.5)).toBe('50 % fewer');
        expect(thanText(2.41, 'usual')).toBe('2.4 times as many as usual');
    });

    it('or why it is not told', () => {
        expect(words({ change: null, usual_days: 0 })).toMatch(/^Too few to judge/);
        expect(words({ change: null, completeness: 0.7 })).toMatch(/less than four fifths/);
        expect(words({ change: null })).toBe('Held back: it rests on fewer than 10 visits');
        expect(words({ change: null, grade: 'none', completeness: null })).toMatch(/no sensor/);
        expect(
            changeWords(day('2026-09-01', { change: null }), 10, at('2026-09-01T12:00:00Z')),
        ).toBe('Told when the day is over');
    });

    it('goes on with its kind', () => {
        expect(sistersWords(day('2026-09-01', { sisters_change: 0.9 }))).toBe(
            '10 % fewer than usual; the median of the others',
        );
        expect(sistersWords(day('2026-09-01'))).toMatch(/fewer than three/);
        expect(sistersWords(day('2026-09-01', { change: null }))).toBe('Not told either');
    });

    it('and a cell has all of it in a line', () => {
        expect(
            cellWords(
                day('2026-09-01', { grade: 'fair', corrected: true, findings: [finding('gap')] }),
            ),
        ).toBe('fair, 99.8 % heard, gap, corrected');
        expect(cellWords(undefined)).toBe('not known');
    });
});

describe('a note', () => {
    const note: Annotation = {
        id: 'annotation_1',
        kind: 'weather',
        text: 'Snow',
        from: '2026-09-01T05:00:00Z',
        to: '2026-09-02T05:00:00Z',
        asset_ids: [],
        made_at: '2026-09-02T08:00:00Z',
    };
    const ofB = { ...note, asset_ids: ['b'] };

    it('is of all assets or of some', () => {
        expect([isOf(note, ['a']), isOf(ofB, ['a']), isOf(ofB, ['a', 'b']), isOf(ofB, [])]).toEqual(
            [true, false, true, true],
        );
        expect(noteMarks([note, ofB], ['a'])).toEqual([
            {
                from: at(note.from),
                to: at(note.to),
                label: 'Weather',
                text: 'Snow',
                tone: 'note',
            },
        ]);
        expect(touches(note, { from: at(note.to), to: at(note.to) + 1 })).toBe(false);
    });

    it('is written in local time and sent as instants', () => {
        const fields = fieldsOf(ofB, kChicago);
        expect(fields.from).toBe('2026-09-01T00:00');
        expect(noteBody(fields, kChicago)).toEqual({
            kind: 'weather',
            text: 'Snow',
            from: '2026-09-01T05:00:00.000Z',
            to: '2026-09-02T05:00:00.000Z',
            asset_ids: ['b'],
        });
        expect(noteBody(fieldsOf(note, kChicago), kChicago).asset_ids).toEqual([]);
        expect(noteFaults(fields, kChicago)).toEqual({});
        expect(noteFaults({ ...fields, to: '' }, kChicago)).toEqual({
            to: 'A day and a time of day.',
        });
    });
});
