// The world's land: countries, and instead of the USA its states, whose outlines leave the Great
// Lakes out.

import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { FeatureCollection } from 'geojson';

const kUsa = '840';

async function topology(path: string): Promise<Topology> {
    const reply = await fetch(path);
    if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
    return (await reply.json()) as Topology;
}

let loaded: Promise<FeatureCollection> | undefined;

export function loadOutlines(): Promise<FeatureCollection> {
    loaded ??= Promise.all([
        topology('/basemap/countries.json'),
        topology('/basemap/states.json'),
    ]).then(([world, usa]) => {
        const countries = feature(world, world.objects['countries'] as GeometryCollection);
        const states = feature(usa, usa.objects['states'] as GeometryCollection);
        return {
            type: 'FeatureCollection',
            features: [
                ...countries.features.filter(country => String(country.id) !== kUsa),
                ...states.features,
            ],
        };
    });
    return loaded;
}
