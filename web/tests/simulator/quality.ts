// The stand-in's quality of days, with one of each finding among them, and what was noted beside
// them. Synthetic.

import type * as T from '../../packages/api/src/types';
import { dayText, localTime, startOfDay } from '../../packages/ui/src/time/zones';
import type { Deed } from './deeds';
import { id } from './lists';
import { Refusal, invalid } from './refusal';
import type { Asked } from './reports';
import { chance, heardAt, kAssets } from './world';
import type { WorldAsset } from './world';

const kHour = 3_600_000;
const kDay = 24 * kHour;
const kDaysMost = 35;
const kNoteDays = 366;

interface Planned {
    asset: string;
    /** Days before today. */
    ago: number;
    kind: T.FindingKind;
    severity: T.Severity;
    /** Hours of the local day; all of it when left out. */
    hours?: [number, number];
    value?: number;
    shared?: true;
}

const kPlanned: Planned[] = [
    { asset: 'TRK-01', ago: 1, kind: 'spike', severity: 'minor', hours: [17, 18], value: 5.37 },
    { asset: 'TRK-02', ago: 2, kind: 'gap', severity: 'major', hours: [9, 13], value: 14_040 },
    { asset: 'TRK-02', ago: 9, kind: 'gap', severity: 'minor', hours: [2, 3], value: 3400 },
    { asset: 'TRK-03', ago: 1, kind: 'stuck', severity: 'major', hours: [10, 17] },
    { asset: 'TRK-04', ago: 3, kind: 'silent', severity: 'major', value: 86_400 },
    { asset: 'TRK-05', ago: 11, kind: 'jump', severity: 'major', value: 3.4 },
    { asset: 'TRK-06', ago: 2, kind: 'deaf', severity: 'major', hours: [8, 14] },
    { asset: 'TRK-07', ago: 5, kind: 'unlike_sisters', severity: 'minor', value: 0.52 },
    { asset: 'TRK-08', ago: 1, kind: 'clock', severity: 'minor', value: 0.042 },
    { asset: 'TRK-08', ago: 2, kind: 'clock', severity: 'major', value: 0.223 },
    { asset: 'TRK-08', ago: 2, kind: 'gap', severity: 'minor', hours: [20, 21], value: 3600 },
    { asset: 'BB-02', ago: 6, kind: 'spike', severity: 'minor', hours: [7, 8] },
    { asset: 'SCR-03', ago: 1, kind: 'overloaded', severity: 'minor', value: 0.031 },
    ...['BB-01', 'BB-02', 'BB-05'].map(asset => ({
        asset,
        ago: 4,
        kind: 'jump' as const,
        severity: 'minor' as const,
        value: 0.61,
        shared: true as const,
    })),
];

/** Few are like it, so what is usual on it is not known; and of few visits nothing is told. */
const kNew = 'SCR-04';
const kSmall = 'BB-02';

function agoOf(from: number, { now, zone }: Asked): number {
    return Math.round((startOfDay(now, zone) - from) / kDay);
}

function plannedOn(asset: WorldAsset, from: number, to: number, asked: Asked): T.QualityFinding[] {
    const at = (hour: number) => new Date(Math.min(to, from + hour * kHour)).toISOString();
    const ago = agoOf(from, asked);
    const found: T.QualityFinding[] = kPlanned
        .filter(each => each.asset === asset.code && each.ago === ago)
        .map(({ kind, severity, hours, value, shared }) => ({
            kind,
            severity,
            from: hours ? at(hours[0]) : new Date(from).toISOString(),
            to: hours ? at(hours[1]) : new Date(to).toISOString(),
            ...(value === undefined ? {} : { value }),
            shared: shared ?? false,
        }));
    if (asset.state === 'silent' && ago === 0) {
        const heard = Math.ceil(heardAt(asset, asked.now)! / kHour) * kHour;
        const missed = asked.now - Math.max(from, heard);
        if (missed > kHour) {
            found.push({
                kind: 'gap',
                severity: 'minor',
                from: new Date(Math.max(from, heard)).toISOString(),
                to: new Date(Math.ceil(asked.now / kHour) * kHour).toISOString(),
                value: Math.round(missed / 1000),
                shared: false,
            });
        }
    }
    return found;
}

function dayOf(asset: WorldAsset, from: number, to: number, asked: Asked): T.QualityDay {
    const day = dayText(from, asked.zone);
    const base = { day, from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    if (asset.state === 'never' || from > asked.now) {
        const nothing = { completeness: null, corrected: false, change: null, usual_days: 0 };
        return { ...base, ...nothing, grade: 'none', findings: [] };
    }
    const findings = plannedOn(asset, from, to, asked);
    const missed = findings
        .filter(({ kind }) => kind === 'gap' || kind === 'silent')
        .reduce((sum, { value = 0 }) => sum + value * 1000, 0);
    const lasted = Math.min(to, asked.now) - from;
    const luck = 0.985 + 0.015 * chance(asset.id, day);
    const weak = chance(asset.id, day, 'weak') > 0.985 ? 0.93 : 1;
    const completeness = Number((Math.max(0, 1 - missed / lasted) * luck * weak).toFixed(4));
    const over = to <= asked.now;
    const major = findings.some(({ severity }) => severity === 'major') || completeness < 0.5;
    const fair = findings.length > 0 || completeness < 0.95;
    const jump = findings.find(({ kind }) => kind === 'jump')?.value;
    const unlike = findings.find(({ kind }) => kind === 'unlike_sisters')?.value;
    const known = over && completeness >= 0.8 && asset.code !== kNew;
    const held = asset.code === kSmall && !jump;
    const weekday = localTime(from, asked.zone).day % 7;
    return {
        ...base,
        grade: major ? 'poor' : fair ? 'fair' : over ? 'good' : 'running',
        completeness,
        corrected: chance('late', asset.id, day) > 0.96,
        change:
            known && !held
                ? (jump ?? unlike ?? Number((0.85 + 0.3 * chance(asset.id, day, 'w')).toFixed(3)))
                : null,
        usual_days: asset.code === kNew ? 0 : 8 + weekday,
        ...(known && !held && asset.kind !== 'screen'
            ? { sisters_change: jump ?? Number((0.95 + 0.1 * chance(day)).toFixed(3)) }
            : {}),
        findings,
    };
}

export function quality(asked: Asked, query: URLSearchParams): T.QualityReport {
    if (asked.to - asked.from > kDaysMost * kDay) {
        throw new Refusal(422, 'too_many_days', 'the quality of at most 35 days is told at a time');
    }
    const limit = Number(query.get('limit') ?? 50);
    const after = query.get('cursor') ?? '';
    const assets = asked.assets
        .filter(asset => asset.id > after)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    const shown = assets.slice(0, limit);
    const days: [number, number][] = [];
    for (let from = asked.from; from < asked.to;) {
        const to = startOfDay(from, asked.zone, 1);
        days.push([from, to]);
        from = to;
    }
    return {
        items: shown.map(asset => ({
            asset_id: asset.id,
            days: days.map(([from, to]) => dayOf(asset, from, to, asked)),
        })),
        ...(assets.length > shown.length ? { next_cursor: shown.at(-1)!.id } : {}),
        as_of: new Date(asked.asOf).toISOString(),
        time_zone: asked.zone,
        synthetic: true,
        suppress_below: 10,
    };
}

/** The hours of one asset as its findings have them: a gap is a gap in its chart too. */
export function withFindings(series: T.ExposureSeries, asked: Asked): T.ExposureSeries {
    const [asset, other] = asked.assets;
    if (!asset || other || series.grain === 'day') return series;
    const items = series.items.map(item => {
        const start = Date.parse(item.start);
        const from = startOfDay(start, asked.zone);
        const found = plannedOn(asset, from, startOfDay(from, asked.zone, 1), asked).find(
            each => Date.parse(each.from) <= start && Date.parse(each.to) > start,
        );
        const none = { visits: 0, devices: 0, presence_s: 0, occupancy_mean: 0, occupancy_max: 0 };
        switch (found?.kind) {
            case 'gap':
            case 'silent':
                return { ...item, ...none, devices_interval: undefined, completeness: 0 };
            case 'deaf':
                return { ...item, ...none, devices_interval: undefined };
            case 'stuck':
                return { ...item, visits: 112 };
            case 'spike':
                return { ...item, visits: Math.round((item.visits ?? 0) * (found.value ?? 4)) };
            default:
                return item;
        }
    });
    return { ...series, items: items as T.ExposureBucket[] };
}

export class Notes {
    private items: T.Annotation[];

    constructor(bare: boolean, now = Date.now(), zone = 'America/Chicago') {
        const day = (ago: number, hours = 0) =>
            new Date(startOfDay(now, zone, -ago) + hours * kHour).toISOString();
        const assetOf = (code: string) => kAssets.find(each => each.code === code)!.id;
        const made_at = day(3, 9);
        this.items = bare
            ? []
            : [
                  {
                      id: id('annotation', 1),
                      kind: 'weather',
                      text: 'Lake-effect snow; the Kennedy crawled',
                      from: day(4),
                      to: day(3),
                      asset_ids: [],
                      made_at,
                  },
                  {
                      id: id('annotation', 2),
                      kind: 'event',
                      text: 'Street festival on State',
                      from: day(1, 16),
                      to: day(1, 20),
                      asset_ids: [assetOf('SCR-03'), assetOf('TRK-01')],
                      made_at,
                  },
              ];
    }

    private checked(body: unknown): Omit<T.Annotation, 'id' | 'made_at'> {
        const { kind, text, from, to, asset_ids = [] } = body as T.NewAnnotation;
        const length = Date.parse(to) - Date.parse(from);
        invalid({
            text: !text.trim() && 'is to say what happened',
            to:
                length <= 0
                    ? 'is to be later than from'
                    : length > kNoteDays * kDay && 'is to be at most 366 days later than from',
        });
        return { kind, text, from, to, asset_ids };
    }

    private found(wanted: string): T.Annotation {
        const note = this.items.find(each => each.id === wanted);
        if (!note) throw new Refusal(404, 'no_such_annotation', wanted);
        return note;
    }

    readonly deeds: Record<string, Deed> = {
        list_annotations: ({ query }) => {
            const after = Date.parse(query.get('from') ?? '1970-01-01');
            const before = Date.parse(query.get('to') ?? '2200-01-01');
            const items = this.items
                .filter(note => Date.parse(note.to) > after && Date.parse(note.from) < before)
                .sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
            return [200, { items }];
        },
        make_annotation: ({ body }) => {
            const made = {
                id: id('annotation'),
                ...this.checked(body),
                made_at: new Date().toISOString(),
            };
            this.items.push(made);
            return [201, made];
        },
        replace_annotation: ({ params, body }) => {
            const note = Object.assign(this.found(params['annotation_id']!), this.checked(body));
            return [200, note];
        },
        remove_annotation: ({ params }) => {
            const note = this.found(params['annotation_id']!);
            this.items = this.items.filter(each => each !== note);
            return [204, undefined];
        },
    };
}
