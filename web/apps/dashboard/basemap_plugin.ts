// Lays a base map into the build that needs no internet: street tiles of Chicago (zoom 13, drawn
// larger above), an overview of the same streets for the zooms below, outlines of the world and of
// the states of the USA. What the operator's own tiles replace is config.json.

import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);
const kTileZoom = 13;

interface Feature {
    type: 'Feature';
    properties: Record<string, string | number>;
    geometry: { type: string; coordinates: unknown };
}

const kOverviewRoads = new Set(['motorway', 'trunk', 'primary', 'secondary', 'major_rail']);
const kOverviewParks = new Set(['park', 'cemetery', 'wood']);

function rounded(value: unknown): unknown {
    if (typeof value === 'number') return Number(value.toFixed(5));
    return Array.isArray(value) ? value.map(rounded) : value;
}

/** What of a tile can be seen from farther away. */
function* overviewOf(tile: VectorTile, x: number, y: number): Generator<Feature> {
    const pick = function* (
        name: string,
        kind: (p: Record<string, unknown>) => string | undefined,
    ) {
        const layer = tile.layers[name];
        for (let i = 0; i < (layer?.length ?? 0); ++i) {
            const feature = layer!.feature(i);
            const made = kind(feature.properties);
            if (!made) continue;
            const { geometry } = feature.toGeoJSON(x, y, kTileZoom) as unknown as Feature;
            yield {
                type: 'Feature' as const,
                properties: { kind: made, ...label(feature.properties) },
                geometry: { ...geometry, coordinates: rounded(geometry.coordinates) },
            };
        }
    };
    const label = (p: Record<string, unknown>): Record<string, string | number> =>
        typeof p['name'] === 'string' && p['localrank'] !== undefined
            ? { name: p['name'], rank: Number(p['localrank']) }
            : {};
    yield* pick('water', () => 'water');
    yield* pick('landuse', p => (kOverviewParks.has(String(p['class'])) ? 'park' : undefined));
    yield* pick('road', p =>
        kOverviewRoads.has(String(p['class'])) ? String(p['class']) : undefined,
    );
    yield* pick('place_label', p => (Number(p['localrank']) <= 2 ? 'place' : undefined));
}

export function basemapFiles(): Map<string, Uint8Array | string> {
    const files = new Map<string, Uint8Array | string>();
    const root = dirname(require.resolve('@mapbox/mvt-fixtures/package.json'));
    const folder = join(root, 'real-world/chicago');
    const features: Feature[] = [];
    const places = new Set<string>();
    for (const name of readdirSync(folder).sort()) {
        const found = /^13-(\d+)-(\d+)\.mvt$/.exec(name);
        if (!found) continue;
        const [x, y] = [Number(found[1]), Number(found[2])];
        let bytes: Uint8Array = readFileSync(join(folder, name));
        if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
        files.set(`basemap/chicago/13/${x}/${y}.mvt`, bytes);
        for (const feature of overviewOf(new VectorTile(new PbfReader(bytes)), x, y)) {
            const place =
                feature.properties['kind'] === 'place' && String(feature.properties['name']);
            if (place && places.has(place)) continue;
            if (place) places.add(place);
            features.push(feature);
        }
    }
    files.set(
        'basemap/chicago-overview.json',
        JSON.stringify({ type: 'FeatureCollection', features }),
    );
    files.set(
        'basemap/countries.json',
        readFileSync(require.resolve('world-atlas/countries-50m.json')),
    );
    files.set('basemap/states.json', readFileSync(require.resolve('us-atlas/states-10m.json')));
    files.set('basemap/counties.json', readFileSync(require.resolve('us-atlas/counties-10m.json')));
    files.set(
        'basemap/config.json',
        JSON.stringify(
            {
                tiles: ['/basemap/chicago/{z}/{x}/{y}.mvt'],
                minzoom: kTileZoom,
                maxzoom: kTileZoom,
                bounds: [-87.802734, 41.771312, -87.583008, 41.967659],
                overview: '/basemap/chicago-overview.json',
                attribution: '© OpenStreetMap contributors',
            },
            null,
            4,
        ),
    );
    return files;
}

export function basemap(): Plugin {
    return {
        name: 'mobilytics-basemap',
        generateBundle() {
            for (const [fileName, source] of basemapFiles()) {
                this.emitFile({ type: 'asset', fileName, source });
            }
        },
        configureServer(server) {
            let files: ReturnType<typeof basemapFiles> | undefined;
            server.middlewares.use('/basemap', (request, reply, next) => {
                files ??= basemapFiles();
                const file = files.get(`basemap${(request.url ?? '').split('?')[0]}`);
                if (file === undefined) return next();
                reply.end(file);
            });
        },
    };
}
