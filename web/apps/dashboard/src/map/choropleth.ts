// Regions in classes that a legend can name: as even as round numbers allow, held back and unheard
// ones apart.

import type { FeatureCollection, Geometry } from 'geojson';
import { niceNumber } from './heat';

export interface RegionValue {
    code: string;
    /** null: held back below the privacy floor. */
    value: number | null;
}

export interface Classes {
    /** Lower bounds, ascending; the first is 0. */
    bounds: number[];
    most: number;
}

export type RegionProperties = { code: string; name: string };
export type RegionShapes = FeatureCollection<Geometry, RegionProperties>;

export const kClassesMax = 5;

/** To two digits, for values that lie so near each other that round numbers part them no more. */
function nearNumber(value: number): number {
    return value <= 0 ? 0 : Number(value.toPrecision(2));
}

function bounded(known: readonly number[], round: (value: number) => number): number[] {
    const most = known.at(-1) ?? 0;
    const bounds = new Set([0]);
    for (const share of [0.2, 0.4, 0.6, 0.8]) {
        const bound = round(known[Math.floor(known.length * share)] ?? 0);
        if (bound > 0 && bound <= most) bounds.add(bound);
    }
    return [...bounds].toSorted((a, b) => a - b);
}

export function classesOf(values: readonly RegionValue[]): Classes {
    const known = values
        .map(({ value }) => value)
        .filter(value => value !== null)
        .toSorted((a, b) => a - b);
    const even = bounded(known, niceNumber);
    const bounds = even.length > 2 ? even : bounded(known, nearNumber);
    return { bounds, most: known.at(-1) ?? 0 };
}

export function classOf(value: number, { bounds }: Classes): number {
    let found = 0;
    bounds.forEach((bound, i) => {
        if (value >= bound) found = i;
    });
    return found;
}

/** What stands beside a mark of the legend. */
export function classWords({ bounds, most }: Classes, text: (value: number) => string): string[] {
    return bounds.map((bound, i) => {
        const next = bounds[i + 1];
        if (next === undefined) return `${text(bound)} – ${text(most)}`;
        return `${text(bound)} – under ${text(next)}`;
    });
}

/** From quiet to strong, by class; read as lightness too. */
export function classColors(dark: boolean): string[] {
    return dark
        ? ['#2b3350', '#3a4a86', '#4e64b8', '#6f88e6', '#a9bcff']
        : ['#e3e9fd', '#b9c7fb', '#879ff5', '#5474e9', '#2744b8'];
}

/** `state` of a region on the map: its class, -1 where it is held back, -2 where nothing listened. */
export function dressed(
    shapes: RegionShapes,
    values: readonly RegionValue[],
    classes: Classes,
): FeatureCollection<Geometry, RegionProperties & { state: number }> {
    const found = new Map(values.map(({ code, value }) => [code, value]));
    return {
        type: 'FeatureCollection',
        features: shapes.features.map(shape => {
            const value = found.get(shape.properties.code);
            const state = value === undefined ? -2 : value === null ? -1 : classOf(value, classes);
            return { ...shape, properties: { ...shape.properties, state } };
        }),
    };
}

type Box = [number, number, number, number];

/** Degrees of longitude. */
const kWide = 120;

function boxOf(coordinates: unknown): Box {
    const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
    widen(box, coordinates);
    return box;
}

function united(boxes: Box[]): Box | undefined {
    if (boxes.length === 0) return undefined;
    return boxes.reduce(([west, south, east, north], box) => [
        Math.min(west, box[0]),
        Math.min(south, box[1]),
        Math.max(east, box[2]),
        Math.max(north, box[3]),
    ]);
}

function widen(box: Box, coordinates: unknown) {
    if (!Array.isArray(coordinates)) return;
    if (typeof coordinates[0] === 'number') {
        const [x, y] = coordinates as [number, number];
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
        return;
    }
    for (const each of coordinates) widen(box, each);
}

/** West, south, east, north of the shapes whose code is wanted; none of nothing. Where they span
 *  half of the world, of most of them. */
export function boxOfShapes(
    shapes: RegionShapes,
    wanted: (code: string) => boolean,
): Box | undefined {
    const boxes = shapes.features
        .filter(({ properties }) => wanted(properties.code))
        .flatMap(({ geometry }) => ('coordinates' in geometry ? [boxOf(geometry.coordinates)] : []))
        .filter(([west, , east]) => west <= east);
    const whole = united(boxes);
    if (!whole || whole[2] - whole[0] < kWide) return whole;
    // Far islands, and what lies across the 180th meridian: the world would be drawn for them.
    const middles = boxes.map(([west, , east]) => (west + east) / 2).toSorted((a, b) => a - b);
    const [from, to] = [
        middles[Math.floor(middles.length / 10)]!,
        middles.at(-1 - Math.floor(middles.length / 10))!,
    ];
    const near = united(
        boxes.filter(([west, , east]) => {
            const middle = (west + east) / 2;
            return east - west < kWide && middle >= from && middle <= to;
        }),
    );
    return near ?? whole;
}
