// A zone as it is drawn: corners one after the other, closed by a click on the first.

import type { Feature, FeatureCollection } from 'geojson';

export type Corner = [longitude: number, latitude: number];

const kDigits = 6;
const kClosingPixels = 12;

export const rounded = ([x, y]: Corner): Corner => [
    Number(x.toFixed(kDigits)),
    Number(y.toFixed(kDigits)),
];

/** Whether a click so far from the first corner closes it. */
export function closes(corners: readonly Corner[], pixelsFromFirst: number): boolean {
    return corners.length >= 3 && pixelsFromFirst <= kClosingPixels;
}

export function polygonOf(corners: readonly Corner[]) {
    return { type: 'Polygon' as const, coordinates: [[...corners, corners[0]!]] };
}

export function lineOf(corners: readonly Corner[]) {
    return { type: 'LineString' as const, coordinates: [...corners] };
}

/** What the map shows of it meanwhile. */
export function sketchOf(corners: readonly Corner[], closed: boolean): FeatureCollection {
    const features: Feature[] = corners.map((corner, i) => ({
        type: 'Feature',
        properties: { kind: 'corner', first: i === 0 },
        geometry: { type: 'Point', coordinates: corner },
    }));
    if (corners.length >= 2) {
        features.unshift({
            type: 'Feature',
            properties: { kind: 'edge' },
            geometry: closed ? polygonOf(corners) : lineOf(corners),
        });
    }
    return { type: 'FeatureCollection', features };
}
