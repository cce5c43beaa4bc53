// The ground that assets are drawn on: quiet, so that they stand out. Streets come from vector
// tiles, outlines of the world from what was built in; nothing is asked of the internet.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';

/** What /basemap/config.json says. Another source of tiles is named there. */
export interface BasemapConfig {
    /** A whole MapLibre style to use instead of ours. */
    style?: string;
    /** Vector tiles with the layers of Mapbox Streets 7. */
    tiles?: string[];
    minzoom?: number;
    maxzoom?: number;
    bounds?: [number, number, number, number];
    /** GeoJSON of the same streets, coarser, for the zooms below the tiles. */
    overview?: string;
    attribution: string;
}

export async function loadBasemap(): Promise<BasemapConfig> {
    try {
        const reply = await fetch('/basemap/config.json');
        if (reply.ok) return (await reply.json()) as BasemapConfig;
    } catch {
        // Then without streets: the outlines do.
    }
    return { attribution: '' };
}

interface Palette {
    water: string;
    land: string;
    park: string;
    paved: string;
    building: string;
    minor: string;
    major: string;
    motorway: string;
    casing: string;
    rail: string;
    border: string;
    label: string;
    place: string;
    halo: string;
}

const light: Palette = {
    water: '#dbe3ea',
    land: '#f5f5f3',
    park: '#e8ede3',
    paved: '#efefed',
    building: '#eaeae8',
    minor: '#ffffff',
    major: '#ffffff',
    motorway: '#ffffff',
    casing: '#dededb',
    rail: '#d9d9d6',
    border: '#c9c9cf',
    label: '#8b8b92',
    place: '#6a6a73',
    halo: '#f8f8f7',
};

const dark: Palette = {
    water: '#10151c',
    land: '#1a1b1f',
    park: '#1b211e',
    paved: '#1d1e22',
    building: '#222328',
    minor: '#26272c',
    major: '#2d2f35',
    motorway: '#363840',
    casing: '#17181b',
    rail: '#2a2b31',
    border: '#3a3b43',
    label: '#777983',
    place: '#9b9da8',
    halo: '#15161a',
};

const absolute = (path: string) => (path.startsWith('/') ? location.origin + path : path);

const kFont = ['Inter Variable, Noto Sans, sans-serif'];

const width = (...stops: number[]): ExpressionSpecification =>
    ['interpolate', ['exponential', 1.5], ['zoom'], ...stops] as ExpressionSpecification;

const is = (property: string, ...values: string[]): ExpressionSpecification =>
    ['in', ['get', property], ['literal', values]] as ExpressionSpecification;

function streetLayers(ink: Palette): LayerSpecification[] {
    const from = { source: 'streets', minzoom: 13 };
    const road = (
        id: string,
        classes: string[],
        color: string,
        stops: number[],
        casing = false,
    ): LayerSpecification => ({
        id,
        type: 'line',
        ...from,
        'source-layer': 'road',
        filter: ['all', is('class', ...classes), ['!=', ['get', 'structure'], 'tunnel']],
        layout: { 'line-cap': 'round', 'line-join': 'round' },
        paint: casing
            ? {
                  'line-color': color,
                  'line-width': width(...stops.map((s, i) => (i % 2 ? s + 1.6 : s))),
              }
            : { 'line-color': color, 'line-width': width(...stops) },
    });
    const minor = ['street', 'street_limited', 'service', 'pedestrian', 'track', 'link'];
    const major = ['primary', 'secondary', 'tertiary'];
    const fast = ['motorway', 'trunk', 'motorway_link'];
    return [
        {
            id: 'landuse-park',
            type: 'fill',
            ...from,
            'source-layer': 'landuse',
            filter: is(
                'class',
                'park',
                'grass',
                'wood',
                'cemetery',
                'scrub',
                'pitch',
                'agriculture',
            ),
            paint: { 'fill-color': ink.park },
        },
        {
            id: 'landuse-paved',
            type: 'fill',
            ...from,
            minzoom: 14,
            'source-layer': 'landuse',
            filter: is('class', 'parking', 'school', 'hospital', 'industrial'),
            paint: { 'fill-color': ink.paved },
        },
        {
            id: 'water',
            type: 'fill',
            ...from,
            'source-layer': 'water',
            paint: { 'fill-color': ink.water },
        },
        {
            id: 'aeroway',
            type: 'line',
            ...from,
            'source-layer': 'aeroway',
            paint: { 'line-color': ink.casing, 'line-width': width(13, 1.5, 17, 14) },
        },
        {
            id: 'building',
            type: 'fill',
            ...from,
            minzoom: 14,
            'source-layer': 'building',
            paint: { 'fill-color': ink.building, 'fill-outline-color': ink.casing },
        },
        {
            id: 'rail',
            type: 'line',
            ...from,
            'source-layer': 'road',
            filter: is('class', 'major_rail', 'minor_rail'),
            paint: { 'line-color': ink.rail, 'line-width': width(13, 0.8, 17, 2) },
        },
        road('minor-casing', minor, ink.casing, [13, 0.3, 14, 0.8, 18, 11], true),
        road('major-casing', major, ink.casing, [13, 1.8, 14, 2.6, 18, 17], true),
        road('fast-casing', fast, ink.casing, [13, 2.4, 14, 3.2, 18, 20], true),
        road('minor', minor, ink.minor, [13, 0.4, 14, 0.9, 18, 11]),
        road('major', major, ink.major, [13, 1.8, 14, 2.6, 18, 17]),
        road('fast', fast, ink.motorway, [13, 2.4, 14, 3.2, 18, 20]),
        {
            id: 'road-names',
            type: 'symbol',
            ...from,
            minzoom: 13.6,
            'source-layer': 'road_label',
            filter: is('class', ...major, ...fast, 'street'),
            layout: {
                'symbol-placement': 'line',
                'text-field': ['get', 'name_en'],
                'text-font': kFont,
                'text-size': ['interpolate', ['linear'], ['zoom'], 13, 9.5, 17, 12],
                'symbol-spacing': 340,
                'text-padding': 6,
            },
            paint: { 'text-color': ink.label, 'text-halo-color': ink.halo, 'text-halo-width': 1.4 },
        },
        {
            id: 'places',
            type: 'symbol',
            ...from,
            'source-layer': 'place_label',
            filter: ['<=', ['get', 'localrank'], 6],
            layout: {
                'text-field': ['get', 'name_en'],
                'text-font': kFont,
                'text-size': ['interpolate', ['linear'], ['zoom'], 13, 11, 16, 14],
                'text-padding': 12,
                'text-max-width': 7,
                'symbol-sort-key': ['get', 'localrank'],
            },
            paint: { 'text-color': ink.place, 'text-halo-color': ink.halo, 'text-halo-width': 1.6 },
        },
    ];
}

function overviewLayers(ink: Palette): LayerSpecification[] {
    const from = { source: 'overview', maxzoom: 13 };
    const kind = (...kinds: string[]) => is('kind', ...kinds);
    return [
        {
            id: 'far-park',
            type: 'fill',
            ...from,
            minzoom: 10,
            filter: kind('park'),
            paint: { 'fill-color': ink.park },
        },
        {
            id: 'far-water',
            type: 'fill',
            ...from,
            filter: kind('water'),
            paint: { 'fill-color': ink.water },
        },
        {
            id: 'far-secondary-casing',
            type: 'line',
            ...from,
            minzoom: 10,
            filter: kind('secondary', 'primary'),
            paint: {
                'line-color': ink.casing,
                'line-opacity': 0.8,
                'line-width': width(10, 0.8, 13, 3),
            },
        },
        {
            id: 'far-secondary',
            type: 'line',
            ...from,
            minzoom: 11,
            filter: kind('secondary', 'primary'),
            paint: {
                'line-color': ink.major,
                'line-width': width(11, 0.5, 13, 1.8),
            },
        },
        {
            id: 'far-fast-casing',
            type: 'line',
            ...from,
            minzoom: 8,
            filter: kind('motorway', 'trunk'),
            paint: { 'line-color': ink.casing, 'line-width': width(8, 1, 11, 2.6, 13, 4) },
        },
        {
            id: 'far-fast',
            type: 'line',
            ...from,
            minzoom: 8,
            filter: kind('motorway', 'trunk'),
            paint: { 'line-color': ink.motorway, 'line-width': width(8, 0.4, 11, 1.4, 13, 2.4) },
        },
        {
            id: 'far-places',
            type: 'symbol',
            ...from,
            minzoom: 10.5,
            filter: ['all', kind('place'), ['<=', ['get', 'rank'], ['step', ['zoom'], 1, 12, 2]]],
            layout: {
                'text-field': ['get', 'name'],
                'text-font': kFont,
                'text-size': 11,
                'text-padding': 14,
                'text-max-width': 7,
                'symbol-sort-key': ['get', 'rank'],
            },
            paint: { 'text-color': ink.place, 'text-halo-color': ink.halo, 'text-halo-width': 1.6 },
        },
    ];
}

/** What the streets cover: there, land is land, whatever the coarser outlines say. */
function coverage([west, south, east, north]: [number, number, number, number]) {
    const ring = [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
    ];
    return {
        type: 'Feature' as const,
        properties: {},
        geometry: { type: 'Polygon' as const, coordinates: [ring] },
    };
}

/** The first of what lies over areas: heat goes below it, so that streets stay readable. */
export const kFirstLine = 'lines-begin-here';

/** Areas first, then lines, then names, whichever source they are of. */
function ordered(layers: LayerSpecification[]): LayerSpecification[] {
    const of = (...types: string[]) => layers.filter(layer => types.includes(layer.type));
    return [
        ...of('fill'),
        { id: kFirstLine, type: 'background', layout: { visibility: 'none' }, paint: {} },
        ...of('line'),
        ...of('symbol'),
    ];
}

export function basemapStyle(config: BasemapConfig, isDark: boolean): StyleSpecification {
    const ink = isDark ? dark : light;
    const empty = { type: 'FeatureCollection' as const, features: [] };
    const style: StyleSpecification = {
        version: 8,
        sources: {
            // Filled in once they are loaded: see FleetMap.
            land: { type: 'geojson', data: empty },
        },
        layers: [
            { id: 'sea', type: 'background', paint: { 'background-color': ink.water } },
            { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': ink.land } },
            {
                id: 'borders',
                type: 'line',
                source: 'land',
                maxzoom: 11,
                paint: { 'line-color': ink.border, 'line-width': 0.7 },
            },
        ],
    };
    if (config.bounds) {
        style.sources['coverage'] = { type: 'geojson', data: coverage(config.bounds) };
        style.layers.push({
            id: 'coverage',
            type: 'fill',
            source: 'coverage',
            minzoom: 8,
            paint: { 'fill-color': ink.land, 'fill-antialias': false },
        });
    }
    const above: LayerSpecification[] = [];
    if (config.overview) {
        style.sources['overview'] = {
            type: 'geojson',
            data: absolute(config.overview),
            maxzoom: 13,
            tolerance: 0.6,
            attribution: config.attribution,
        };
        above.push(...overviewLayers(ink));
    }
    if (config.tiles) {
        style.sources['streets'] = {
            type: 'vector',
            tiles: config.tiles.map(absolute),
            minzoom: config.minzoom ?? 0,
            maxzoom: config.maxzoom ?? 14,
            ...(config.bounds ? { bounds: config.bounds } : {}),
            attribution: config.attribution,
        };
        above.push(...streetLayers(ink));
    }
    style.layers.push(...ordered(above));
    return style;
}
