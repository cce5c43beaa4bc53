// Sensitive places of the stand-in: marked, imported, listed, removed. Of cells it knows one a place.

import type * as T from '../../packages/api/src/types';
import type { Deed } from './deeds';
import { paged } from './lists';
import { Refusal } from './refusal';

type Geometry = { type: string; coordinates?: unknown };
interface Kept {
    place: T.SensitivePlace;
    geometry: Geometry;
}

const kKinds = [
    ...['hospital', 'clinic', 'worship', 'shelter', 'school', 'childcare', 'court', 'prison'],
    ...['union_office', 'ethnic_association', 'military', 'other'],
];

function square(west: number, south: number): Geometry {
    const [east, north] = [west + 0.008, south + 0.006];
    const ring = [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
    ];
    return { type: 'Polygon', coordinates: [ring] };
}

export class Sensitive {
    private kept: Kept[] = [];

    constructor(bare: boolean) {
        if (bare) return;
        this.keep('stroger', 'Stroger Hospital', 'hospital', square(-87.678, 41.871));
        this.keep('holy-name', 'Holy Name Cathedral', 'worship', square(-87.632, 41.893));
    }

    private keep(code: string, name: string, kind: T.SensitiveKind, geometry: Geometry): boolean {
        const place: T.SensitivePlace = {
            code,
            name,
            kind,
            area_km2: 0.4,
            points: 4,
            cells: 12,
            marked_at: new Date().toISOString(),
        };
        const before = this.kept.some(each => each.place.code === code);
        this.kept = [...this.kept.filter(each => each.place.code !== code), { place, geometry }];
        this.kept.sort((a, b) => (a.place.code < b.place.code ? -1 : 1));
        return before;
    }

    private told(added: number, changed: number, removed: number, dry_run = false) {
        const cells = this.kept.reduce((sum, { place }) => sum + place.cells, 0);
        return { places: this.kept.length, cells, added, changed, removed, dry_run };
    }

    readonly deeds: Record<string, Deed> = {
        list_sensitive_places: ({ query }) => [
            200,
            paged(
                this.kept.map(({ place }) => place),
                query,
            ),
        ],
        sensitive_geometry: () => [
            200,
            {
                type: 'FeatureCollection',
                features: this.kept.map(({ place: { code, name, kind }, geometry }, id) => ({
                    type: 'Feature',
                    id,
                    properties: { code, name, kind },
                    geometry,
                })),
            },
        ],
        put_sensitive_place: ({ body }) => {
            const { code, name, kind, geojson } = body as T.NewSensitivePlace;
            let given: { geometry?: Geometry } & Geometry;
            try {
                given = JSON.parse(geojson) as typeof given;
            } catch {
                const detail = 'the file is not JSON, or it ends early: export it again';
                throw new Refusal(422, 'bad_zone', detail, {}, [{ pointer: '/geojson', detail }]);
            }
            const before = this.keep(code, name, kind, given.geometry ?? given);
            return [200, this.told(before ? 0 : 1, before ? 1 : 0, 0)];
        },
        import_sensitive_places: ({ query, body }) => {
            const { features = [] } = (body ?? {}) as {
                features?: { properties?: Record<string, unknown> | null; geometry: Geometry }[];
            };
            const property = query.get('kind_property') ?? 'kind';
            const faults: { pointer: string; detail: string }[] = [];
            const places = features.map(({ properties, geometry }, i) => {
                const code = String(properties?.[query.get('code_property') ?? 'code'] ?? i);
                const name = String(properties?.[query.get('name_property') ?? 'name'] ?? code);
                const kind = String(properties?.[property] ?? query.get('kind'));
                if (!kKinds.includes(kind)) {
                    faults.push({
                        pointer: `/features/${i}/properties/${property}`,
                        detail: `is to be one of ${kKinds.join(', ')}; or is to be left out, and one said for all`,
                    });
                }
                return { code, name, kind: kind as T.SensitiveKind, geometry };
            });
            if (faults.length > 0) {
                const detail = `${faults.length} features cannot be taken; nothing was changed`;
                throw new Refusal(422, 'bad_features', detail, {}, faults);
            }
            const fresh = places.filter(
                ({ code }) => !this.kept.some(each => each.place.code === code),
            ).length;
            if (query.get('dry_run') === 'true') {
                const now = this.told(fresh, places.length - fresh, 0, true);
                return [200, { ...now, places: now.places + fresh, cells: now.cells + 12 * fresh }];
            }
            for (const { code, name, kind, geometry } of places) {
                this.keep(code, name, kind, geometry);
            }
            return [200, this.told(fresh, places.length - fresh, 0)];
        },
        remove_sensitive_place: ({ body }) => {
            const { code } = body as T.SensitiveRemoval;
            const before = this.kept.length;
            this.kept = this.kept.filter(({ place }) => place.code !== code);
            if (this.kept.length === before)
                throw new Refusal(404, 'no_such_sensitive_place', code);
            return [200, this.told(0, 0, 1)];
        },
    };
}
