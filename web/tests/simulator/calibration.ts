// Classes and models, of the stand-in: what applies where and when is as the server has it, the
// factors themselves are synthetic.

import type {
    CalibrationSettings,
    Model,
    NewFit,
    NewPublication,
    NewReason,
    NewSiteClass,
    Residual,
    Scope,
    Site,
    SiteClass,
    Span,
} from '../../packages/api/src/types';
import { Counts } from './calibration_counts';
import type { Deed, Who } from './deeds';
import { Refusal } from './refusal';
import type { WorldAsset } from './world';

const kDayMs = 86_400_000;
const kQuarterMs = 900_000;
const kTracks = { name: 'tracks', version: '1', rules_hash: '5d1c0b7a99e2f304' };
const kBefore = { name: 'tracks', version: '0', rules_hash: '19e0c4f2a7d35b86' };
const kOrder: Scope[] = ['asset', 'class', 'company'];

const ago = (days: number) => new Date(Date.now() - days * kDayMs).toISOString();

/** Synthetic: three days around a factor, the last of them `days` ago. */
function residuals(factor: number, days: number): Residual[] {
    return Array.from({ length: 36 }, (_, i) => {
        const devices = 2 + ((i * 7) % 13);
        const at = Date.parse(`${ago(days + 2 - Math.floor(i / 12)).slice(0, 10)}T15:00:00Z`);
        return {
            day: new Date(at).toISOString().slice(0, 10),
            at: new Date(at + (i % 12) * kQuarterMs).toISOString(),
            people: Math.max(0, devices * factor + Math.sin(i * 2.1) * 2.4),
            expected: devices * (factor - 0.02),
            devices,
        };
    });
}

/** Where and when: the model that applies in [from, to). */
interface Applied {
    model: Model;
    from: number;
    to: number;
}

/** Of a scope, in its gaps of the one below. */
function laidOver(above: Applied[], below: Applied[]): Applied[] {
    const out = [...above];
    for (const each of below) {
        let from = each.from;
        for (const over of above) {
            if (over.from > from) out.push({ ...each, from, to: Math.min(each.to, over.from) });
            from = Math.max(from, over.to);
        }
        out.push({ ...each, from });
    }
    return out.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
}

export class Calibrations {
    private serial = 0;
    private classes: SiteClass[] = [];
    private models: Model[] = [];
    private spans = new Map<string, Applied[]>();
    private settings: CalibrationSettings = { second_person: false };
    private readonly counts: Counts;

    constructor(
        private readonly known: () => WorldAsset[],
        bare: boolean,
    ) {
        this.counts = new Counts(id => this.known().some(each => each.id === id));
        this.deeds = { ...this.counts.deeds, ...this.own };
        if (!bare) this.seed();
    }

    /** One fresh, one that drifts, two by their class. */
    private seed() {
        const [first, second, third, fourth] = this.known();
        if (!first || !second || !third || !fourth) return;
        const trucks = {
            id: this.id('site_class'),
            name: 'Box trucks',
            asset_ids: [second.id, third.id, fourth.id],
        };
        this.classes.push(trucks);
        const made: [NewFit, number, Partial<Model>][] = [
            [{ scope: 'class', class_id: trucks.id }, 12, { factor: 1.71, counted_by: kBefore }],
            [{ scope: 'asset', asset_id: first.id }, 1, {}],
            [
                { scope: 'asset', asset_id: second.id },
                131,
                {
                    drift: {
                        ratio: 1.62,
                        low: 0.81,
                        high: 1.24,
                        alarm: true,
                        quarters: 12,
                        days: 1,
                        checked_at: ago(2),
                    },
                },
            ],
        ];
        for (const [wanted, days, more] of made) {
            const model = Object.assign(this.fitted(wanted, undefined, days), more);
            this.apply(model, Date.now() - (days + 2) * kDayMs);
        }
    }

    private id(kind: string) {
        return `${kind}_0190d0000000700080000000${String(++this.serial).padStart(8, '0')}`;
    }

    private key({ scope, asset_id, class_id }: Pick<Model, 'scope' | 'asset_id' | 'class_id'>) {
        return [scope, asset_id ?? class_id ?? ''].join(' ');
    }

    private model(id: string | undefined): Model {
        const found = this.models.find(each => each.id === id);
        if (!found) throw new Refusal(404, 'no_such_model', String(id));
        return found;
    }

    private asset(id: string | undefined): WorldAsset {
        const found = this.known().find(each => each.id === id);
        if (!found) throw new Refusal(404, 'no_such_asset', String(id));
        return found;
    }

    /** With its age, and what that and its drift say of it. */
    private aged(model: Model): Model {
        const age = Math.floor((Date.now() - Date.parse(`${model.newest_day}T00:00:00Z`)) / kDayMs);
        const quality = model.drift?.alarm
            ? 'drifting'
            : age <= 90
              ? 'fresh'
              : age <= 365
                ? 'ageing'
                : 'old';
        return { ...model, age_days: Math.max(0, age), quality };
    }

    private listed(model: Model): Model {
        return { ...this.aged(model), residuals: [], counts: [] };
    }

    private sitesOf({ scope, asset_id, class_id }: NewFit): string[] {
        if (scope === 'asset') return [this.asset(asset_id).id];
        if (scope === 'company') return this.known().map(({ id }) => id);
        const found = this.classes.find(each => each.id === class_id);
        if (!found) throw new Refusal(404, 'no_such_class', String(class_id));
        return found.asset_ids;
    }

    private fitted(wanted: NewFit, who: Who | undefined, days = 1): Model {
        const key = this.key(wanted);
        const version = this.models.filter(each => this.key(each) === key).length + 1;
        const factor = Number((1.58 + 0.09 * (version - 1)).toFixed(2));
        const made: Model = {
            id: this.id('model'),
            version,
            scope: wanted.scope,
            ...(wanted.asset_id ? { asset_id: wanted.asset_id } : {}),
            ...(wanted.class_id ? { class_id: wanted.class_id } : {}),
            state: 'draft',
            quality: 'fresh',
            age_days: 1,
            method: 'ratio, days left out',
            input: 'addresses',
            gate_dbm: -127,
            factor,
            factor_low: Number((factor * 0.87).toFixed(2)),
            factor_high: Number((factor * 1.15).toFixed(2)),
            dispersion: 0.55,
            error: 0.18,
            quarters: 36,
            days: 3,
            unheard: 1,
            counted_by: kTracks,
            newest_day: ago(days).slice(0, 10),
            fitted_at: ago(Math.max(0, days - 1)),
            ...(who ? { fitted_by: who.person } : {}),
            counts: this.counts
                .of(this.sitesOf(wanted))
                .filter(({ state }) => state === 'ended')
                .map(({ id }) => id),
            residuals: residuals(factor, days),
        };
        this.models.unshift(made);
        return made;
    }

    /** From then on it is published, and what was before in its scope ends. */
    private apply(model: Model, from: number) {
        const key = this.key(model);
        for (const each of this.models) {
            if (each.state !== 'published' || this.key(each) !== key) continue;
            each.state = 'retired';
            each.retired_at = new Date().toISOString();
            each.reason = `followed by version ${model.version}`;
        }
        model.state = 'published';
        model.published_at = new Date().toISOString();
        model.valid_from = new Date(from).toISOString();
        const before = (this.spans.get(key) ?? [])
            .filter(each => each.from < from)
            .map(each => ({ ...each, to: Math.min(each.to, from) }));
        this.spans.set(key, [...before, { model, from, to: Infinity }]);
    }

    private candidates(asset: string): Model[] {
        const its = this.classes.find(each => each.asset_ids.includes(asset))?.id;
        return this.models
            .filter(({ state }) => state === 'published')
            .filter(({ asset_id, class_id }) =>
                asset_id ? asset_id === asset : class_id ? class_id === its : true,
            )
            .sort((a, b) => kOrder.indexOf(a.scope) - kOrder.indexOf(b.scope))
            .map(each => this.listed(each));
    }

    private site(asset: WorldAsset): Site {
        const its = this.counts.of([asset.id]).filter(({ state }) => state !== 'dismissed');
        const its_class = this.classes.find(each => each.asset_ids.includes(asset.id));
        const [model] = this.candidates(asset.id);
        const draft = this.models.find(
            each => each.state === 'draft' && each.asset_id === asset.id,
        );
        const counting = its.find(each => each.state === 'counting');
        const own = model?.asset_id ? model : undefined;
        const ended = its.find(each => each.state === 'ended')?.ended_at;
        const last = ended ?? (own && `${own.newest_day}T15:00:00.000000Z`);
        return {
            asset_id: asset.id,
            code: asset.code,
            name: asset.name,
            kind: asset.kind,
            ...(its_class ? { class_id: its_class.id, class_name: its_class.name } : {}),
            counts: its.filter(each => each.state === 'ended').length + (own ? 3 : 0),
            ...(model ? { model } : {}),
            ...(draft ? { draft_id: draft.id } : {}),
            ...(counting ? { counting_id: counting.id } : {}),
            ...(last ? { last_counted_at: last } : {}),
        };
    }

    private spansOf(asset: string): Span[] {
        const its = this.classes.find(each => each.asset_ids.includes(asset));
        const [own, of_class, all] = [
            this.key({ scope: 'asset', asset_id: asset }),
            its ? this.key({ scope: 'class', class_id: its.id }) : '',
            this.key({ scope: 'company' }),
        ].map(key => this.spans.get(key) ?? []);
        return laidOver(laidOver(own!, of_class!), all!).map(({ model, from, to }) => ({
            model_id: model.id,
            version: model.version,
            scope: model.scope,
            factor: model.factor,
            factor_low: model.factor_low,
            factor_high: model.factor_high,
            newest_day: model.newest_day,
            drifting: model.drift?.alarm ?? false,
            from: new Date(from).toISOString(),
            ...(to === Infinity ? {} : { to: new Date(to).toISOString() }),
        }));
    }

    /** All that are in it; who was in another leaves that. */
    private keepClass(made: SiteClass) {
        for (const id of made.asset_ids) this.asset(id);
        if (this.classes.some(each => each.name === made.name && each.id !== made.id)) {
            throw new Refusal(409, 'class_name_taken', 'you have a class of this name already');
        }
        this.classes = [
            ...this.classes
                .filter(({ id }) => id !== made.id)
                .map(each => ({
                    ...each,
                    asset_ids: each.asset_ids.filter(id => !made.asset_ids.includes(id)),
                })),
            made,
        ].sort((a, b) => (a.name < b.name ? -1 : 1));
    }

    private compared(of: Model) {
        return {
            model_id: of.id,
            version: of.version,
            state: of.state,
            input: of.input,
            factor: of.factor,
            people_mean: 7.4 * of.factor,
            low: 7.4 * of.factor_low,
            high: 7.4 * of.factor_high,
            devices_mean: 7.4,
        };
    }

    private readonly own: Record<string, Deed> = {
        list_sites: () => [200, { items: this.known().map(asset => this.site(asset)) }],
        find_site: ({ params }) => {
            const asset = this.asset(params['asset_id']);
            return [
                200,
                {
                    site: this.site(asset),
                    candidates: this.candidates(asset.id),
                    spans: this.spansOf(asset.id),
                },
            ];
        },
        find_count_history: ({ params }) => {
            const { id } = this.counts.found(params['count_id']);
            const models = this.models.filter(({ counts }) => counts.includes(id));
            const changes = this.counts.changes(id);
            return [200, { changes, models: models.map(each => this.listed(each)) }];
        },
        list_classes: () => [200, { items: this.classes }],
        add_class: ({ body }) => {
            const made = { id: this.id('site_class'), ...(body as NewSiteClass) };
            this.keepClass(made);
            return [201, made];
        },
        change_class: ({ params, body }) => {
            const found = this.classes.find(each => each.id === params['class_id']);
            if (!found) throw new Refusal(404, 'no_such_class', String(params['class_id']));
            const made = { id: found.id, ...(body as NewSiteClass) };
            this.keepClass(made);
            return [200, made];
        },
        list_models: ({ query }) => {
            const items = this.models.filter(each =>
                (['asset_id', 'class_id', 'scope', 'state'] as const).every(
                    name => !query.get(name) || each[name] === query.get(name),
                ),
            );
            return [200, { items: items.map(each => this.listed(each)) }];
        },
        fit_model: ({ body, who }) => {
            const wanted = body as NewFit;
            const sites = this.sitesOf(wanted);
            const ended = this.counts.of(sites).some(({ state }) => state === 'ended');
            const seeded = this.models.some(
                ({ asset_id, fitted_by }) => !fitted_by && asset_id && sites.includes(asset_id),
            );
            if (!ended && !seeded) {
                throw new Refusal(
                    409,
                    'nothing_counted',
                    'no quarter of an hour was counted for half at least: count, and end the count',
                );
            }
            return [201, this.fitted(wanted, who)];
        },
        find_model: ({ params }) => [200, this.aged(this.model(params['model_id']))],
        compare_model: ({ params, query }) => {
            const model = this.model(params['model_id']);
            const key = this.key(model);
            const other = this.models.find(
                each =>
                    each.state === 'published' && each.id !== model.id && this.key(each) === key,
            );
            const days = [3, 2, 1].map((back, i) => ({
                day: ago(back).slice(0, 10),
                people: (6 + i) * model.factor,
                ...(other ? { published: (6 + i) * other.factor } : {}),
            }));
            return [
                200,
                {
                    from: query.get('from'),
                    to: query.get('to'),
                    quarters: 672,
                    model: this.compared(model),
                    ...(other
                        ? { published: this.compared(other), ratio: model.factor / other.factor }
                        : {}),
                    days,
                },
            ];
        },
        publish_model: ({ params, body, who }) => {
            const model = this.model(params['model_id']);
            const { valid_from } = body as NewPublication;
            if (valid_from && Date.parse(valid_from) > Date.now()) {
                throw new Refusal(422, 'bad_publication', 'this publication has faults', {}, [
                    { pointer: '/valid_from', detail: 'lies in the future: publish it then' },
                ]);
            }
            if (model.state !== 'draft') {
                throw new Refusal(
                    409,
                    'not_a_draft',
                    `only a draft is published: this model is ${model.state}`,
                );
            }
            if (this.settings.second_person && model.fitted_by === who.person) {
                throw new Refusal(
                    409,
                    'second_person',
                    'whoever fitted a model does not publish it here: ask somebody else to',
                );
            }
            const isFirst = !this.spans.has(this.key(model));
            const first = model.residuals[0]?.at ?? model.fitted_at;
            const from = valid_from ?? (isFirst ? first : new Date().toISOString());
            this.apply(model, Date.parse(from));
            model.published_by = who.person;
            return [200, this.aged(model)];
        },
        retire_model: ({ params, body, who }) => {
            const model = this.model(params['model_id']);
            if (model.state === 'retired') {
                throw new Refusal(409, 'retired', 'this model is retired already');
            }
            const now = Date.now();
            const spans = this.spans.get(this.key(model)) ?? [];
            for (const each of spans) if (each.model === model && each.to > now) each.to = now;
            model.state = 'retired';
            model.retired_at = new Date(now).toISOString();
            model.retired_by = who.person;
            model.reason = (body as NewReason).reason;
            return [200, this.aged(model)];
        },
        check_drift: ({ params }) => {
            const model = this.model(params['model_id']);
            if (model.state !== 'published') {
                const detail = 'only what is published can drift from people';
                throw new Refusal(409, 'not_published', detail);
            }
            if (!model.drift) {
                throw new Refusal(
                    409,
                    'nothing_later',
                    'it cannot be said: count again at a later time, beside a model of three days or more',
                );
            }
            model.drift.checked_at = new Date().toISOString();
            return [200, this.aged(model)];
        },
        list_counting_models: () => {
            const items = [kTracks, kBefore].map(each => ({
                ...each,
                in_use: each === kTracks,
                models: this.models.filter(({ counted_by }) => counted_by === each).length,
            }));
            return [200, { items: items.filter(({ in_use, models }) => in_use || models > 0) }];
        },
        find_calibration_settings: () => [200, this.settings],
        change_calibration_settings: ({ body }) => [
            200,
            (this.settings = body as CalibrationSettings),
        ],
    };

    readonly deeds: Record<string, Deed>;
}
