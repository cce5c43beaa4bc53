// Sets of regions, and figures by them, of the stand-in. Synthetic: each figure is a function of the
// region and of the time asked for.

import type * as T from '../../packages/api/src/types';
import type { Deed } from './deeds';
import { paged } from './lists';
import { Refusal } from './refusal';

interface Shape {
    code: string;
    name: string;
    geometry: { type: string; coordinates: unknown };
    population?: number;
}
interface Kept {
    set: T.RegionSet;
    shapes: Shape[];
    versions: T.RegionVersion[];
}
type Feature = { properties?: Record<string, unknown> | null; geometry?: Shape['geometry'] | null };

const kFields = ['visits', 'devices', 'presence_s', 'occupancy_mean', 'occupancy_max'];
const kNames = ['North Side', 'Loop', 'West Loop', 'Pilsen', 'South Side', 'Lakefront'];

function square(west: number, south: number, side: number): Shape['geometry'] {
    const [east, north] = [west + side, south + side];
    return {
        type: 'Polygon',
        coordinates: [
            [
                [west, south],
                [east, south],
                [east, north],
                [west, north],
                [west, south],
            ],
        ],
    };
}

/** What is wrong with a polygon whose ring does not end where it begins. */
function openRing({ type, coordinates }: Shape['geometry']): string | undefined {
    if (type !== 'Polygon') return undefined;
    const open = (coordinates as number[][][]).find(
        ring => ring.at(-1)?.join() !== ring[0]?.join(),
    );
    const at = open?.[0]?.map(degrees => degrees.toFixed(6)).join(', ');
    return at && `a ring near ${at} (longitude, latitude) does not end where it begins`;
}

const hash = (text: string) =>
    [...text].reduce((sum, c) => Math.imul(sum ^ c.charCodeAt(0), 0x9e3779b1) >>> 0, 7) >>> 5;

export class Regions {
    private sets: Kept[] = [];
    private serial = 0;

    constructor(
        bare: boolean,
        private readonly suppressed: () => boolean,
    ) {
        if (bare) return;
        const kept = this.make('Chicago zones', 'custom');
        kept.shapes = kNames.map((name, i) => ({
            code: `Z${i + 1}`,
            name,
            geometry: square(-87.72 + (i % 3) * 0.045, 41.84 + Math.floor(i / 3) * 0.035, 0.035),
        }));
        this.counted(kept, 'zones.geojson', kept.shapes.length, 0, 0);
    }

    private make(name: string, kind: T.RegionSetKind): Kept {
        const now = new Date().toISOString();
        const kept: Kept = {
            set: {
                id: `region_set_0190d000-0000-7000-8000-${String(++this.serial).padStart(12, '0')}`,
                name,
                kind,
                state: 'in_use',
                version: 0,
                regions: 0,
                points: 0,
                created_at: now,
                changed_at: now,
            },
            shapes: [],
            versions: [],
        };
        this.sets.push(kept);
        return kept;
    }

    private counted(kept: Kept, source: string, added: number, changed: number, removed: number) {
        const { set } = kept;
        set.version += 1;
        set.regions = kept.shapes.length;
        set.points = kept.shapes.length * 4;
        set.changed_at = new Date().toISOString();
        const { version: number, regions } = set;
        kept.versions.unshift({
            number,
            made_at: set.changed_at,
            source,
            regions,
            added,
            changed,
            removed,
        });
        return this.imported(kept, added, changed, removed, false);
    }

    private imported(
        { set, shapes }: Kept,
        added: number,
        changed: number,
        removed: number,
        dry_run: boolean,
    ): T.RegionsImported {
        return {
            id: set.id,
            version: set.version,
            regions: shapes.length,
            points: shapes.length * 4,
            added,
            changed,
            removed,
            area_km2: shapes.length * 12.5,
            dry_run,
            mended_regions: 0,
            mended: [],
        };
    }

    private find(id: string | null | undefined): Kept {
        const found = this.sets.find(({ set }) => set.id === id);
        if (!found) throw new Refusal(404, 'no_such_region_set', String(id));
        return found;
    }

    private import(kept: Kept, query: URLSearchParams, body: unknown): T.RegionsImported {
        const { features = [] } = (body ?? {}) as { features?: Feature[] };
        const code = query.get('code_property') ?? 'code';
        const name = query.get('name_property') ?? 'name';
        const faults: { pointer: string; detail: string }[] = [];
        const shapes: Shape[] = [];
        const mended: T.MendedRegion[] = [];
        const repair = query.get('repair') === 'true';
        features.forEach((feature, i) => {
            const said = feature.properties?.[code];
            if (said === undefined || said === null) {
                faults.push({
                    pointer: `/features/${i}/properties/${code}`,
                    detail: 'is to be a text of 1 to 64 bytes, or a whole number: choose another property as the code',
                });
            } else if (!feature.geometry) {
                faults.push({
                    pointer: `/features/${i}/geometry`,
                    detail: 'it has no geometry with coordinates: leave it out',
                });
            } else {
                const fault = openRing(feature.geometry);
                if (fault && !repair) {
                    faults.push({
                        pointer: `/features/${i}/geometry`,
                        detail: `${fault}: repeat its first point at its end; or say repair=true, and its area changes by +0 m2 (+0.0000 %)`,
                    });
                }
                const shape = {
                    code: String(said),
                    name: String(feature.properties?.[name] ?? said),
                    geometry: feature.geometry,
                };
                shapes.push(shape);
                if (!fault) return;
                mended.push({
                    feature: i,
                    code: shape.code,
                    name: shape.name,
                    fault,
                    area_m2: 12_500_000,
                    changed_m2: 1763,
                    changed_percent: 0.0141,
                });
            }
        });
        if (faults.length > 0) {
            throw new Refusal(
                422,
                'bad_features',
                `${faults.length} features cannot be taken; nothing was changed`,
                {},
                faults,
            );
        }
        if (query.get('dry_run') === 'true') {
            return {
                ...this.imported({ ...kept, shapes }, shapes.length, 0, 0, true),
                mended_regions: mended.length,
                mended,
            };
        }
        const before = kept.shapes.length;
        kept.shapes = shapes;
        return {
            ...this.counted(kept, query.get('source') ?? '', shapes.length, 0, before),
            mended_regions: mended.length,
            mended,
        };
    }

    private figures(code: string, from: number, to: number): T.RegionFigures {
        const seed = hash(code);
        const hours = Math.max(0, (Math.min(to, Date.now()) - from) / 3_600_000);
        const visits = Math.round((12 + (seed % 90)) * hours);
        if (this.suppressed() || seed % 11 === 2) {
            return {
                visits: null,
                devices: null,
                presence_s: null,
                dwell_median_s: null,
                occupancy_mean: null,
                occupancy_max: null,
                suppressed: [...kFields, 'dwell_median_s'],
            };
        }
        const devices = Math.round(visits * 0.8);
        return {
            visits,
            devices,
            devices_interval: [Math.floor(devices * 0.984), Math.ceil(devices * 1.016)],
            presence_s: visits * 42,
            dwell_median_s: 21.5,
            occupancy_mean: Number(((visits * 42) / Math.max(1, hours * 3600)).toFixed(3)),
            occupancy_max: 6,
            suppressed: [],
        };
    }

    private about({ set }: Kept) {
        return {
            set_id: set.id,
            set_name: set.name,
            set_kind: set.kind,
            version: set.version,
            valid_from: set.changed_at,
            regions: set.regions,
            as_of: new Date(Date.now() - 3000).toISOString(),
            time_zone: 'America/Chicago',
            basis: 'devices' as const,
            synthetic: true,
            suppress_below: 10,
            completeness: 0.98,
        };
    }

    readonly deeds: Record<string, Deed> = {
        list_region_sets: ({ query }) => [
            200,
            paged(
                this.sets.map(({ set }) => set),
                query,
            ),
        ],
        make_region_set: ({ body }) => {
            const { name, kind } = body as T.NewRegionSet;
            if (this.sets.some(({ set }) => set.name === name)) {
                throw new Refusal(409, 'region_set_name_taken', 'you have a set of this name');
            }
            return [201, this.make(name, kind).set];
        },
        find_region_set: ({ params }) => [200, this.find(params['set_id']).set],
        remove_region_set: ({ params }) => {
            const kept = this.find(params['set_id']);
            this.sets = this.sets.filter(each => each !== kept);
            return [204, undefined];
        },
        list_regions: ({ params, query }) => [
            200,
            paged(
                this.find(params['set_id']).shapes.map(({ code, name }) => ({
                    code,
                    name,
                    population_source: '',
                    area_km2: 12.5,
                    points: 4,
                    since_version: 1,
                })),
                query,
            ),
        ],
        list_region_versions: ({ params }) => [
            200,
            { items: this.find(params['set_id']).versions },
        ],
        import_regions: ({ params, query, body }) => [
            200,
            this.import(this.find(params['set_id']), query, body),
        ],
        region_geometry: ({ params }) => [
            200,
            {
                type: 'FeatureCollection',
                features: this.find(params['set_id']).shapes.map(
                    ({ code, name, geometry }, id) => ({
                        type: 'Feature',
                        id,
                        properties: { code, name },
                        geometry,
                    }),
                ),
            },
        ],
        put_zone: ({ params, body }) => {
            const kept = this.find(params['set_id']);
            const zone = body as T.NewZone;
            let given: { type?: string; geometry?: Shape['geometry'] } & Partial<Shape['geometry']>;
            try {
                given = JSON.parse(zone.geojson) as typeof given;
            } catch {
                const detail = 'the file is not JSON, or it ends early: export it again';
                throw new Refusal(422, 'bad_zone', detail, {}, [{ pointer: '/geojson', detail }]);
            }
            const geometry = given.geometry ?? (given as Shape['geometry']);
            const before = kept.shapes.some(({ code }) => code === zone.code);
            kept.shapes = [
                ...kept.shapes.filter(({ code }) => code !== zone.code),
                { code: zone.code, name: zone.name, geometry },
            ];
            return [200, this.counted(kept, zone.code, before ? 0 : 1, before ? 1 : 0, 0)];
        },
        remove_zone: ({ params, body }) => {
            const kept = this.find(params['set_id']);
            const { code } = body as T.ZoneRemoval;
            kept.shapes = kept.shapes.filter(each => each.code !== code);
            return [200, this.counted(kept, code, 0, 0, 1)];
        },
        region_report: ({ query }) => {
            const kept = this.find(query.get('set_id'));
            const span = [Date.parse(query.get('from')!), Date.parse(query.get('to')!)] as const;
            const none = { ...this.figures('Z1', 0, 0), visits: 0, devices: 0, presence_s: 0 };
            return [
                200,
                {
                    ...this.about(kept),
                    overlapping: false,
                    // The last one has no sensor.
                    items: kept.shapes.slice(0, Math.max(1, kept.shapes.length - 1)).map(shape => ({
                        code: shape.code,
                        name: shape.name,
                        population_source: '',
                        area_km2: 12.5,
                        cells: 9,
                        ...this.figures(shape.code, ...span),
                    })),
                    outside: this.figures('Z2', ...span),
                    unplaced: none,
                    total: this.figures('Z5', ...span),
                },
            ];
        },
        region_series: ({ query }) => {
            const kept = this.find(query.get('set_id'));
            const code = query.get('code') ?? '';
            const shape = kept.shapes.find(each => each.code === code);
            if (!shape) throw new Refusal(404, 'no_such_region', code);
            const grain: T.Grain = 'day';
            const step = 86_400_000;
            const items: T.RegionBucket[] = [];
            const end = Date.parse(query.get('to')!);
            for (let start = Date.parse(query.get('from')!); start < end; start += step) {
                items.push({
                    start: new Date(start).toISOString(),
                    end: new Date(start + step).toISOString(),
                    ...this.figures(code, start, start + step),
                });
            }
            return [200, { ...this.about(kept), code, name: shape.name, grain, items }];
        },
        zone_report: ({ query }) => {
            const kept = this.find(query.get('set_id'));
            const items = kept.shapes.slice(0, 4).map((shape, i) => ({
                asset_id: `asset_0190a000-0000-7000-8000-${String((i % 2) + 1).padStart(12, '0')}`,
                code: shape.code,
                name: shape.name,
                passages: 3 + i,
                entries: 3 + i,
                exits: 2 + i,
                stops: i,
                time_s: 1800 * (i + 1),
                stopped_s: 300 * i,
                distance_m: 4200 * (i + 1),
                unseen_s: i === 3 ? 5400 : 0,
            }));
            return [200, { ...this.about(kept), items, passages: [], trips: 18, truncated: false }];
        },
        zone_flows: ({ query }) => {
            const kept = this.find(query.get('set_id'));
            const codes = kept.shapes.slice(0, 4).map(({ code }) => code);
            const items = codes.flatMap((from, i) =>
                codes.map((to, j) => ({
                    slot: '',
                    from_code: from,
                    ...(i === 3 && j === 3 ? {} : { to_code: to }),
                    trips: ((hash(from) + j * 7) % 9) + 1,
                    distance_m: 5200,
                    duration_s: 900,
                })),
            );
            return [
                200,
                {
                    ...this.about(kept),
                    flow: query.get('flow') ?? 'trips',
                    group: query.get('group') ?? 'none',
                    items,
                    trips: 61,
                    truncated: false,
                },
            ];
        },
    };
}
