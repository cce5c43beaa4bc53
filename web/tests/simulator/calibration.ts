// Counts and models, of the stand-in. It counts taps as the server does; its factors are synthetic.

import type {
    CalibrationSettings,
    Correction,
    Count,
    Model,
    NewCorrection,
    NewCount,
    NewEnding,
    NewFit,
    NewReason,
    NewSiteClass,
    NewTap,
    NewTotals,
    Residual,
    Site,
    SiteClass,
    TapBatch,
    Total,
} from '../../packages/api/src/types';
import type { Deed } from './deeds';
import { Refusal } from './refusal';
import type { WorldAsset } from './world';

const kQuarterMs = 900_000;
const kTracks = { name: 'tracks', version: '1', rules_hash: '5d1c0b7a99e2f304' };

interface Kept extends Count {
    clientId?: string | undefined;
}

/** Synthetic: three days around a factor of 1.6. */
function residuals(): Residual[] {
    return Array.from({ length: 36 }, (_, i) => {
        const devices = 2 + ((i * 7) % 13);
        const people = Math.max(0, devices * 1.6 + Math.sin(i * 2.1) * 2.4);
        return {
            day: `2026-08-${18 + Math.floor(i / 12)}`,
            people,
            expected: devices * 1.58,
            devices,
        };
    });
}

export class Calibrations {
    private serial = 0;
    private counts: Kept[] = [];
    readonly taps = new Map<string, Map<string, NewTap>>();
    private totals = new Map<string, Total[]>();
    private corrections = new Map<string, Correction[]>();
    private classes: SiteClass[] = [];
    private models: Model[] = [];
    private settings: CalibrationSettings = { second_person: false };

    constructor(
        private readonly known: () => WorldAsset[],
        bare: boolean,
    ) {
        if (bare) return;
        const [first, second] = known();
        if (!first || !second) return;
        const model = this.fitted({ scope: 'asset', asset_id: first.id });
        Object.assign(model, {
            state: 'published',
            published_at: '2026-08-20T09:00:00.000000Z',
            valid_from: '2026-08-18T05:00:00.000000Z',
        });
        const old = this.fitted({ scope: 'asset', asset_id: second.id });
        Object.assign(old, {
            state: 'published',
            quality: 'drifting',
            age_days: 131,
            newest_day: '2026-04-12',
            drift: {
                ratio: 1.62,
                low: 0.81,
                high: 1.24,
                alarm: true,
                quarters: 12,
                days: 1,
                checked_at: '2026-08-20T09:00:00.000000Z',
            },
        });
    }

    private id(kind: string) {
        return `${kind}_0190d0000000700080000000${String(++this.serial).padStart(8, '0')}`;
    }

    private count(id: string | undefined): Kept {
        const found = this.counts.find(each => each.id === id);
        if (!found) throw new Refusal(404, 'no_such_count', String(id));
        return found;
    }

    private model(id: string | undefined): Model {
        const found = this.models.find(each => each.id === id);
        if (!found) throw new Refusal(404, 'no_such_model', String(id));
        return found;
    }

    /** As the server counts: each tap once, undone ones not. */
    private summed(count: Kept): Count {
        const taps = [...(this.taps.get(count.id)?.values() ?? [])];
        const gone = new Set(taps.flatMap(tap => tap.undoes ?? []));
        const stand = taps.filter(tap => tap.kind !== 'undo' && !gone.has(tap.id));
        const { clientId: _, ...shown } = count;
        return {
            ...shown,
            taps: stand.length,
            undone: gone.size,
            people: stand.reduce(
                (sum, tap) => sum + (tap.kind === 'in' ? 1 : -1),
                count.start_occupancy,
            ),
        };
    }

    private fitted(wanted: NewFit): Model {
        const same = this.models.filter(each => each.asset_id === wanted.asset_id);
        const made: Model = {
            id: this.id('model'),
            version: same.length + 1,
            scope: wanted.scope,
            ...(wanted.asset_id ? { asset_id: wanted.asset_id } : {}),
            ...(wanted.class_id ? { class_id: wanted.class_id } : {}),
            state: 'draft',
            quality: 'fresh',
            age_days: 1,
            method: 'ratio, days left out',
            input: 'addresses',
            gate_dbm: -127,
            factor: 1.58,
            factor_low: 1.37,
            factor_high: 1.82,
            dispersion: 0.55,
            error: 0.18,
            quarters: 36,
            days: 3,
            unheard: 1,
            counted_by: kTracks,
            newest_day: '2026-08-20',
            fitted_at: '2026-08-20T08:30:00.000000Z',
            counts: [],
            residuals: residuals(),
        };
        this.models.unshift(made);
        return made;
    }

    private site(asset: WorldAsset): Site {
        const its = this.counts.filter(each => each.asset_id === asset.id);
        const of = this.models.filter(each => each.asset_id === asset.id);
        const published = of.find(each => each.state === 'published');
        const draft = of.find(each => each.state === 'draft');
        const counting = its.find(each => each.state === 'counting');
        return {
            asset_id: asset.id,
            code: asset.code,
            name: asset.name,
            kind: asset.kind,
            counts: its.filter(each => each.state === 'ended').length + (published ? 3 : 0),
            ...(published ? { model: { ...published, residuals: [], counts: [] } } : {}),
            ...(draft ? { draft_id: draft.id } : {}),
            ...(counting ? { counting_id: counting.id } : {}),
            ...(published ? { last_counted_at: `${published.newest_day}T15:00:00.000000Z` } : {}),
        };
    }

    readonly deeds: Record<string, Deed> = {
        list_sites: () => [200, { items: this.known().map(asset => this.site(asset)) }],
        list_counts: ({ query }) => {
            const items = this.counts
                .filter(each => !query.get('asset_id') || each.asset_id === query.get('asset_id'))
                .filter(each => !query.get('state') || each.state === query.get('state'));
            return [200, { items: items.map(each => this.summed(each)) }];
        },
        begin_count: ({ body, who }) => {
            const wanted = body as NewCount;
            const again = this.counts.find(
                each => wanted.client_id && each.clientId === wanted.client_id,
            );
            if (again) return [201, this.summed(again)];
            const begun_at = wanted.begun_at ?? new Date().toISOString();
            const start = wanted.start_occupancy ?? 0;
            const made: Kept = {
                id: this.id('count'),
                asset_id: wanted.asset_id,
                way: wanted.way,
                state: 'counting',
                begun_at,
                start_occupancy: start,
                people: start,
                taps: 0,
                undone: 0,
                outside: 0,
                lowest: start,
                counters: [],
                begun_by: who.person,
                changed_at: begun_at,
                clientId: wanted.client_id,
            };
            this.counts.unshift(made);
            this.taps.set(made.id, new Map());
            return [201, this.summed(made)];
        },
        find_count: ({ params }) => [200, this.summed(this.count(params['count_id']))],
        add_taps: ({ params, body }) => {
            const count = this.count(params['count_id']);
            const { counter, taps } = body as TapBatch;
            const kept = this.taps.get(count.id)!;
            const fresh = taps.filter(tap => !kept.has(tap.id));
            for (const tap of fresh) kept.set(tap.id, tap);
            if (!count.counters.some(each => each.name === counter)) {
                count.counters.push({ name: counter, taps: 0, last_at: taps.at(-1)!.at });
            }
            const known = taps.length - fresh.length;
            return [200, { taken: fresh.length, known, count: this.summed(count) }];
        },
        list_totals: ({ params }) => [
            200,
            { items: this.totals.get(this.count(params['count_id']).id) ?? [] },
        ],
        set_totals: ({ params, body }) => {
            const count = this.count(params['count_id']);
            const { totals } = body as NewTotals;
            totals.forEach((total, i) => {
                if (total.to > total.from) return;
                throw new Refusal(422, 'bad_totals', 'these totals have faults', {}, [
                    { pointer: `/totals/${i}/to`, detail: 'is to be later than from' },
                ]);
            });
            this.totals.set(count.id, totals);
            count.state = 'ended';
            count.begun_at = totals[0]?.from ?? count.begun_at;
            count.ended_at = totals.at(-1)?.to ?? count.begun_at;
            return [200, { items: totals }];
        },
        list_corrections: ({ params }) => [
            200,
            { items: this.corrections.get(this.count(params['count_id']).id) ?? [] },
        ],
        correct_count: ({ params, body }) => {
            const { id } = this.count(params['count_id']);
            const made = { ...(body as NewCorrection), made_at: new Date().toISOString() };
            this.corrections.set(id, [...(this.corrections.get(id) ?? []), made]);
            return [201, { items: this.corrections.get(id) }];
        },
        end_count: ({ params, body }) => {
            const count = this.count(params['count_id']);
            if (count.state === 'ended') throw new Refusal(409, 'ended', 'has ended already');
            count.state = 'ended';
            count.ended_at = (body as NewEnding).ended_at ?? new Date().toISOString();
            return [200, this.summed(count)];
        },
        dismiss_count: ({ params, body }) => {
            const count = this.count(params['count_id']);
            count.state = 'dismissed';
            count.reason = (body as NewReason).reason;
            return [200, this.summed(count)];
        },
        list_quarters: ({ params }) => {
            const count = this.count(params['count_id']);
            const items = (this.totals.get(count.id) ?? []).map(each => ({
                start: each.from,
                people: each.people,
                counted_s: kQuarterMs / 1000,
            }));
            return [200, { items }];
        },
        list_classes: () => [200, { items: this.classes }],
        add_class: ({ body }) => {
            const made = { id: this.id('site_class'), ...(body as NewSiteClass) };
            this.classes.push(made);
            return [201, made];
        },
        change_class: ({ params, body }) => {
            const found = this.classes.find(each => each.id === params['class_id']);
            if (!found) throw new Refusal(404, 'no_such_class', String(params['class_id']));
            return [200, Object.assign(found, body)];
        },
        list_models: ({ query }) => {
            const items = this.models
                .filter(each => !query.get('asset_id') || each.asset_id === query.get('asset_id'))
                .filter(each => !query.get('state') || each.state === query.get('state'));
            return [200, { items: items.map(each => ({ ...each, residuals: [], counts: [] })) }];
        },
        fit_model: ({ body }) => {
            const wanted = body as NewFit;
            const ended = this.counts.filter(
                each => each.state === 'ended' && each.asset_id === wanted.asset_id,
            );
            if (ended.length === 0 && !this.models.some(m => m.asset_id === wanted.asset_id)) {
                throw new Refusal(
                    409,
                    'nothing_counted',
                    'no quarter of an hour was counted for half at least: count, and end the count',
                );
            }
            return [201, this.fitted(wanted)];
        },
        find_model: ({ params }) => [200, this.model(params['model_id'])],
        compare_model: ({ params, query }) => {
            const model = this.model(params['model_id']);
            const published = this.models.find(
                each => each.state === 'published' && each.asset_id === model.asset_id,
            );
            const of = (by: Model) => ({
                model_id: by.id,
                version: by.version,
                state: by.state,
                input: by.input,
                factor: by.factor,
                people_mean: 7.4 * by.factor,
                low: 7.4 * by.factor_low,
                high: 7.4 * by.factor_high,
                devices_mean: 7.4,
            });
            const other = published && published.id !== model.id ? published : undefined;
            const days = ['2026-08-18', '2026-08-19', '2026-08-20'].map((day, i) => ({
                day,
                people: (6 + i) * model.factor,
                ...(other ? { published: (6 + i) * other.factor } : {}),
            }));
            return [
                200,
                {
                    from: query.get('from'),
                    to: query.get('to'),
                    quarters: 672,
                    model: of(model),
                    ...(other ? { published: of(other), ratio: model.factor / other.factor } : {}),
                    days,
                },
            ];
        },
        publish_model: ({ params }) => {
            const model = this.model(params['model_id']);
            if (model.state !== 'draft') throw new Refusal(409, 'not_a_draft', 'no draft');
            for (const each of this.models) {
                if (each.state === 'published' && each.asset_id === model.asset_id) {
                    each.state = 'retired';
                }
            }
            model.state = 'published';
            model.published_at = model.valid_from = new Date().toISOString();
            return [200, model];
        },
        retire_model: ({ params, body }) => {
            const model = this.model(params['model_id']);
            model.state = 'retired';
            model.reason = (body as NewReason).reason;
            return [200, model];
        },
        check_drift: ({ params }) => [200, this.model(params['model_id'])],
        list_counting_models: () => [
            200,
            { items: [{ ...kTracks, in_use: true, models: this.models.length }] },
        ],
        find_calibration_settings: () => [200, this.settings],
        change_calibration_settings: ({ body }) => [
            200,
            (this.settings = body as CalibrationSettings),
        ],
    };
}
