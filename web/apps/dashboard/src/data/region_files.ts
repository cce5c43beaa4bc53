// GeoJSON files as they are chosen, and those that come with the product: looked at before they are
// sent. What is right with them the server says.

import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { MendedRegion } from '@mobilytics/api';
import { count, decimal } from '@mobilytics/ui';

export interface RegionFile {
    name: string;
    blob: Blob;
    features: number;
    /** Names of properties, in their order, with a value of the first feature that has one. */
    properties: { name: string; example: string }[];
}

export const kFileBytesMax = 32 * 1024 * 1024;

const kCodes = ['code', 'geoid', 'geoid20', 'id', 'fips', 'zcta5ce20', 'postal', 'iso', 'dma'];
const kNames = ['name', 'namelsad', 'name_en', 'title', 'label'];
const kPopulations = ['population', 'pop', 'pop_est', 'pop2020'];

export type RegionFileTrouble = { trouble: string };

/** What a file holds, or why it is none that can be sent. */
export async function lookInto(
    file: File | Blob,
    name: string,
): Promise<RegionFile | RegionFileTrouble> {
    if (file.size > kFileBytesMax) {
        return { trouble: 'The file has more than 32 MiB: simplify it, or cut it.' };
    }
    let data: unknown;
    try {
        data = JSON.parse(await file.text());
    } catch {
        return { trouble: 'The file is not JSON: export it as GeoJSON.' };
    }
    const { type, features } = (data ?? {}) as Partial<FeatureCollection>;
    const list =
        type === 'FeatureCollection' && Array.isArray(features)
            ? features
            : (type as string) === 'Feature'
              ? [data as FeatureCollection['features'][number]]
              : undefined;
    if (!list) return { trouble: 'The file is not a GeoJSON FeatureCollection or Feature.' };
    if (list.length === 0) return { trouble: 'The file has no features.' };
    const properties = new Map<string, string>();
    for (const feature of list.slice(0, 200)) {
        for (const [key, value] of Object.entries(feature?.properties ?? {})) {
            if (!properties.get(key) && value !== null) properties.set(key, String(value));
        }
    }
    return {
        name,
        blob: new Blob([file], { type: 'application/geo+json' }),
        features: list.length,
        properties: [...properties].map(([key, example]) => ({ name: key, example })),
    };
}

/** The likeliest property for each part, by what such files call it. */
export function guessed(file: RegionFile) {
    const find = (words: string[]) => {
        for (const word of words) {
            const found = file.properties.find(({ name }) => name.toLowerCase() === word);
            if (found) return found.name;
        }
        return undefined;
    };
    const code = find(kCodes) ?? file.properties[0]?.name;
    return { code, name: find(kNames) ?? code, population: find(kPopulations) };
}

/** "area +1,763 m² (+0.21 %)". */
export function areaChange({ changed_m2, changed_percent }: MendedRegion): string {
    if (Math.abs(changed_m2) < 0.5) return 'area as it was';
    const sign = changed_m2 < 0 ? '−' : '+';
    const percent = Math.abs(changed_percent);
    const share = percent < 0.005 ? '< 0.01' : `${sign}${decimal(percent, 2)}`;
    return `area ${sign}${count(Math.round(Math.abs(changed_m2)))} m² (${share} %)`;
}

type Ring = number[][];

/** A ring that comes back to a point of its own, as what it goes around: coarse outlines do so. */
function loopsOf(ring: Ring): Ring[] {
    const loops: Ring[] = [];
    const path: Ring = [];
    const at = new Map<string, number>();
    for (const point of ring.slice(0, -1)) {
        const key = point.join();
        const from = at.get(key);
        if (from !== undefined) {
            const loop = path.splice(from);
            for (const each of loop) at.delete(each.join());
            if (loop.length >= 3) loops.push([...loop, loop[0]!]);
        }
        at.set(key, path.length);
        path.push(point);
    }
    if (path.length >= 3) loops.push([...path, path[0]!]);
    return loops;
}

/** The same area of rings that touch themselves nowhere. */
export function mended(geometry: Polygon | MultiPolygon): MultiPolygon {
    const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    const coordinates = parts.flatMap(([outer, ...holes]) => {
        const [largest, ...others] = loopsOf(outer!).toSorted((a, b) => b.length - a.length);
        if (!largest) return [];
        return [[largest, ...holes.flatMap(loopsOf)], ...others.map(ring => [ring])];
    });
    return { type: 'MultiPolygon', coordinates };
}

export type Outlines = 'states' | 'counties';

/** Outlines of the USA (US Census, public domain), as a file like any other; and who has none at
 *  their scale. Counties cross themselves in places: the server mends them. */
export async function usOutlines(of: Outlines): Promise<{ file: File; without: string[] }> {
    const [{ feature }, reply] = await Promise.all([
        import('topojson-client'),
        fetch(`/basemap/${of}.json`),
    ]);
    if (!reply.ok) throw new Error(`The outlines could not be loaded (${reply.status}).`);
    return outlinesOf(feature, (await reply.json()) as Topology, of);
}

export function outlinesOf(
    feature: typeof import('topojson-client').feature,
    topology: Topology,
    of: Outlines,
): { file: File; without: string[] } {
    const made = (object: string) =>
        feature(topology, topology.objects[object] as GeometryCollection<{ name: string }>)
            .features;
    const states = new Map(made('states').map(each => [String(each.id), each.properties.name]));
    const all = made(of).map(each => {
        const code = String(each.id);
        const own = each.properties.name;
        const name = of === 'states' ? own : `${own}, ${states.get(code.slice(0, 2)) ?? 'USA'}`;
        const geometry = mended(each.geometry as Polygon | MultiPolygon);
        return { ...each, properties: { code, name }, geometry };
    });
    const features = all.filter(each => each.geometry.coordinates.length > 0);
    return {
        file: new File(
            [JSON.stringify({ type: 'FeatureCollection', features })],
            `us-${of}.geojson`,
            { type: 'application/geo+json' },
        ),
        without: all
            .filter(each => each.geometry.coordinates.length === 0)
            .map(each => each.properties.name),
    };
}
