// Cells of the heatmap as squares, in a few steps that a legend can name.

import type { HeatCell } from '@mobilytics/api';
import type { FeatureCollection, Polygon } from 'geojson';
import { boxOf } from './quadkeys';

export interface HeatSteps {
    /** Lower bounds, ascending; the first is 0. */
    bounds: number[];
    most: number;
}

/** 1, 2 or 5 times a power of ten, next to the value. */
export function niceNumber(value: number): number {
    if (value <= 0) return 0;
    const power = 10 ** Math.floor(Math.log10(value));
    const lead = value / power;
    return (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10) * power;
}

/** Up to five steps, as even as round numbers allow. */
export function heatSteps(cells: readonly Pick<HeatCell, 'visits'>[]): HeatSteps {
    const values = cells.map(cell => cell.visits).toSorted((a, b) => a - b);
    const most = values.at(-1) ?? 0;
    const bounds = new Set([0]);
    for (const share of [0.3, 0.55, 0.78, 0.93]) {
        const bound = niceNumber(values[Math.floor(values.length * share)] ?? 0);
        if (bound > 0 && bound <= most) bounds.add(bound);
    }
    return { bounds: [...bounds].toSorted((a, b) => a - b), most };
}

export function stepOf(visits: number, steps: HeatSteps): number {
    let step = 0;
    steps.bounds.forEach((bound, i) => {
        if (visits >= bound) step = i;
    });
    return step;
}

export function heatFeatures(
    cells: readonly HeatCell[],
    steps: HeatSteps,
): FeatureCollection<Polygon> {
    return {
        type: 'FeatureCollection',
        features: cells.map((cell, id) => {
            const { west, south, east, north } = boxOf(cell.cell);
            return {
                type: 'Feature',
                id,
                properties: {
                    cell: cell.cell,
                    visits: cell.visits,
                    presence_s: cell.presence_s,
                    step: stepOf(cell.visits, steps),
                },
                geometry: {
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
                },
            };
        }),
    };
}

/** Of few to many, on light and on dark ground. */
export const kHeatLight = ['#c3d0fb', '#93a9f5', '#5f7cec', '#3552d3', '#1c3193'];
export const kHeatDark = ['#22315f', '#2f4699', '#3f5fd0', '#6484f7', '#a9bcff'];

/** As many colours as there are steps, spread over the whole scale. */
export function heatColors(count: number, dark: boolean): string[] {
    const all = dark ? kHeatDark : kHeatLight;
    if (count <= 1) return [all[2]!];
    return Array.from(
        { length: count },
        (_, i) => all[Math.round((i * (all.length - 1)) / (count - 1))]!,
    );
}
