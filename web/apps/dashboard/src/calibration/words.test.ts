import { describe, expect, test } from 'vitest';
import type { Model, SiteCalibration, SiteClass, Span } from '@mobilytics/api';
import {
    ageOn,
    ageText,
    besideEachOther,
    changeText,
    driftText,
    goodOn,
    inForce,
    ladder,
    movedInto,
    ofText,
    people,
    ratioPercent,
    restingText,
    sideBySide,
    whyText,
    wideText,
} from './words';

const model = (scope: Model['scope'], version = 1, more: Partial<Model> = {}) =>
    ({
        id: `model_${scope}`,
        scope,
        version,
        state: 'published',
        factor: 1.584,
        factor_low: 1.37,
        factor_high: 1.816,
        dispersion: 0.55,
        error: 1.31,
        quarters: 36,
        days: 3,
        newest_day: '2026-08-20',
        input: 'counted',
        gate_dbm: -70,
        counted_by: { name: 'tracks', version: '2', rules_hash: '00ff' },
        ...more,
    }) as Model;

const of = (candidates: Model[], class_name?: string): SiteCalibration => ({
    site: {
        asset_id: 'asset_1',
        code: 'L-1',
        name: 'Lobby',
        kind: 'screen',
        counts: 0,
        ...(class_name ? { class_id: 'site_class_1', class_name } : {}),
    },
    candidates,
    spans: [],
});

describe('what an asset uses, and why', () => {
    test('its own goes before its class’s, and that before the company’s', () => {
        const rungs = ladder(of([model('asset', 3), model('company')], 'Lobbies'));
        expect(rungs.map(({ title, state }) => [title, state])).toEqual([
            ['Its own', 'used'],
            ['Its class, Lobbies', 'none'],
            ['All sites', 'outranked'],
        ]);
        expect(rungs[1]!.text).toBe('None is published for this class.');
        expect(rungs[2]!.text).toBe('Not used: its own goes before.');
        const byClass = ladder(of([model('class'), model('company')], 'Lobbies'));
        expect(byClass[2]!.text).toBe('Not used: the one of its class goes before.');
        expect(ladder(of([]))[1]!.text).toBe('This site is in no class of sites.');
    });

    test('is said in a sentence', () => {
        expect(whyText(of([]))).toMatch(/^Its numbers are of devices/);
        expect(whyText(of([model('asset', 3)]))).toBe(
            'Its numbers are people by its own factor, version 3, which goes before any other.',
        );
        expect(whyText(of([model('class', 2)], 'Lobbies'))).toBe(
            'Its numbers are people by the factor of its class Lobbies, version 2: it has none of its own.',
        );
        expect(whyText(of([model('company')], 'Lobbies'))).toContain(', nor has its class');
        expect(whyText(of([model('company')]))).not.toContain('nor has');
    });

    test('what it is of has a name', () => {
        const assets = [{ id: 'asset_1', name: 'Lobby' }];
        expect(ofText({ scope: 'asset', asset_id: 'asset_1' }, assets, undefined)).toBe('Lobby');
        expect(ofText({ scope: 'class', class_id: 'c' }, assets, [{ id: 'c', name: 'In' }])).toBe(
            'Class In',
        );
        expect(ofText({ scope: 'company' }, undefined, undefined)).toBe('All sites');
    });
});

describe('a day', () => {
    const span = (from: string, to?: string, drifting = false): Span => ({
        model_id: from,
        version: 1,
        scope: 'asset',
        factor: 1,
        factor_low: 1,
        factor_high: 1,
        newest_day: '2026-08-20',
        drifting,
        from,
        ...(to ? { to } : {}),
    });
    const first = span('2026-08-18T05:00:00Z', '2026-08-19T17:00:00Z');
    const second = span('2026-08-19T17:00:00Z', undefined, true);

    test('has what was in force on it', () => {
        const on = (from: string, to: string) =>
            inForce([first, second], Date.parse(from), Date.parse(to));
        expect(on('2026-08-17T05:00:00Z', '2026-08-18T05:00:00Z')).toEqual([]);
        expect(on('2026-08-18T05:00:00Z', '2026-08-19T05:00:00Z')).toEqual([first]);
        expect(on('2026-08-19T05:00:00Z', '2026-08-20T05:00:00Z')).toEqual([first, second]);
        expect(on('2030-01-01T00:00:00Z', '2030-01-02T00:00:00Z')).toEqual([second]);
    });

    test('is so many days after people were counted', () => {
        expect(ageOn('2026-08-20', '2026-11-18')).toBe(90);
        expect(goodOn(first, '2026-11-18')).toBe('fresh');
        expect(goodOn(first, '2026-11-19')).toBe('ageing');
        expect(goodOn(first, '2027-08-21')).toBe('old');
        expect(goodOn(second, '2026-08-21')).toBe('drifting');
        expect(ageText('2026-08-20', '2026-08-21')).toBe(
            'people were counted 1 day before, on 2026-08-20',
        );
        expect(ageText('2026-08-20', '2026-08-18')).toBe(
            'people were counted 2 days after, on 2026-08-20',
        );
        expect(ageText('2026-08-20', '2026-08-20')).toBe('people were counted on this very day');
    });

    test('drift is told beyond a hundred percent too', () => {
        expect(ratioPercent(1.62)).toBe('162 %');
        const drift = { ratio: 1.62, low: 0.81, high: 1.24, alarm: true, quarters: 12, days: 1 };
        expect(driftText({ ...drift, checked_at: '' })).toBe(
            'People counted later, in 12 quarters of an hour on 1 day: 162 % of what it expects; 81 to 124 % is usual.',
        );
    });
});

describe('a count', () => {
    const made_at = '2026-08-21T15:00:00Z';
    const words = (more: object) =>
        changeText({ made_at, what: 'corrected', ...more } as never, 'America/Chicago');

    test('has a history in words', () => {
        expect(
            words({ at: '2026-08-21T14:10:00Z', occupancy: 7, people_before: 2, people_after: 8 }),
        ).toEqual({
            what: 'Corrected',
            of: '7 people at 2026-08-21 09:10; at the end 2.0 before, 8.0 now',
        });
        expect(words({ occupancy: 1, at: '2026-08-21T14:10:00Z' }).of).toBe(
            '1 person at 2026-08-21 09:10',
        );
        expect(words({ what: 'totals_set', people_after: 6 })).toEqual({
            what: 'Totals entered',
            of: '6.0 now, on average',
        });
        expect(words({ what: 'totals_set', people_before: 6, people_after: 9.25 })).toEqual({
            what: 'Totals changed',
            of: '6.0 before, 9.3 now, on average',
        });
        expect(words({ what: 'dismissed' })).toEqual({ what: 'Excluded', of: '' });
        expect([people(1), people(1.04), people(2.5), people(0)]).toEqual([
            '1 person',
            '1 person',
            '2.5 people',
            '0 people',
        ]);
    });

    test('says what rests on it', () => {
        expect(restingText([model('asset', 1, { state: 'retired' })])).toBeUndefined();
        expect(restingText([model('asset', 2), model('asset', 1, { state: 'retired' })])).toBe(
            'version 2 (published) was fitted to this count and stays as it is when it changes: fit again.',
        );
        expect(restingText([model('asset', 3, { state: 'draft' }), model('asset', 2)])).toContain(
            'version 3 (draft), version 2 (published) were fitted',
        );
    });
});

test('an asset leaves its class for another', () => {
    const classes: SiteClass[] = [
        { id: 'a', name: 'Trucks', asset_ids: ['1', '2'] },
        { id: 'b', name: 'Vans', asset_ids: ['3'] },
    ];
    const assets = [{ id: '2', name: 'Box truck' }];
    expect(movedInto(['2', '3', '4'], 'b', classes, assets)).toEqual([
        { asset: 'Box truck', from: 'Trucks' },
    ]);
    expect(movedInto(['1', '2'], 'a', classes, assets)).toEqual([]);
});

test('models stand side by side, line by line', () => {
    const lines = sideBySide([
        model('asset', 1),
        model('asset', 2, { input: 'addresses', days: 1, quarters: 4, factor: 2 }),
    ]);
    const of_ = (label: string) => lines.find(each => each.label === label)?.values;
    expect(of_('People a device')).toEqual(['1.58', '2.00']);
    expect(of_('90 % of it')).toEqual(['1.37 to 1.82', '1.37 to 1.82']);
    expect(of_('Off, other days')).toEqual(['131 %', 'not known']);
    expect(of_('Counted')).toEqual(['36 quarters, 3 days', '4 quarters, 1 day']);
    expect(of_('Of')).toEqual(['devices at -70 dBm and stronger', 'addresses']);
    expect(of_('Counting')).toEqual(['tracks 2', 'tracks 2']);
});

test('what is published stands first, and the chosen one is always there', () => {
    const published = model('asset', 2, { id: 'p' });
    const drafts = [7, 6, 5, 4].map(version =>
        model('asset', version, { id: `d${version}`, state: 'draft' }),
    );
    const retired = model('asset', 1, { id: 'r', state: 'retired' });
    const all = [...drafts, published, retired];
    const ids = (chosen: Model) => besideEachOther(all, chosen).map(({ id }) => id);
    expect(ids(published)).toEqual(['p', 'd7', 'd6']);
    expect(ids(drafts[3]!)).toEqual(['p', 'd4', 'd7', 'd6']);
    expect(ids(retired)).toEqual(['p', 'r', 'd7', 'd6']);
    expect(besideEachOther([], published).map(({ id }) => id)).toEqual(['p']);
});

test('an interval that says little is warned of', () => {
    expect(wideText(model('asset'))).toBeUndefined();
    expect(wideText(model('asset', 1, { factor_low: 0.8, factor_high: 3.2 }))).toBeUndefined();
    expect(wideText(model('asset', 1, { factor_low: 0.01, factor_high: 1240 }))).toContain(
        'from 0.01 to 1,240.00 people a device',
    );
});
