// GeoJSON files as they are chosen, and those that come with the product: looked at before they are
// sent. What is right with them the server says.

import type { FeatureCollection } from 'geojson';
import type { GeometryCollection, Topology } from 'topojson-specification';

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

/** The states or counties of the USA (US Census, public domain), as a file like any other. */
export async function usRegions(which: 'states' | 'counties'): Promise<File> {
    const [{ feature }, reply] = await Promise.all([
        import('topojson-client'),
        fetch(`/basemap/${which}.json`),
    ]);
    if (!reply.ok) throw new Error(`The outlines could not be loaded (${reply.status}).`);
    const topology = (await reply.json()) as Topology;
    const made = feature(topology, topology.objects[which] as GeometryCollection);
    const states =
        which === 'counties' && topology.objects['states']
            ? new Map(
                  feature(topology, topology.objects['states'] as GeometryCollection).features.map(
                      each => [String(each.id), (each.properties as { name: string }).name],
                  ),
              )
            : undefined;
    const features = made.features.map(each => {
        const code = String(each.id);
        const { name } = each.properties as { name: string };
        const state = states?.get(code.slice(0, 2));
        return { ...each, properties: { code, name: state ? `${name}, ${state}` : name } };
    });
    return new File(
        [JSON.stringify({ type: 'FeatureCollection', features })],
        `us-${which}.geojson`,
        { type: 'application/geo+json' },
    );
}
