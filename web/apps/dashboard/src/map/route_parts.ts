// A trip's path in its driving and its parked parts: between two points of the path it was parked
// when it went slower than 1.5 m/s, the same line that measuring draws.

import type { Trip } from '@mobilytics/api';

export const kDrivingFrom = 1.5;
/** Shorter stays are traffic: a light, a queue. */
export const kParkedSecondsFrom = 120;

export interface RouteParts {
    driving: [number, number][][];
    parked: { at: [number, number]; seconds: number }[];
}

const kMetresPerDegree = 111_195;

export function metresBetween(a: readonly number[], b: readonly number[]): number {
    const east = (b[0]! - a[0]!) * Math.cos((((a[1]! + b[1]!) / 2) * Math.PI) / 180);
    return Math.hypot(east, b[1]! - a[1]!) * kMetresPerDegree;
}

export function routeParts(route: Pick<Trip, 'path'>): RouteParts {
    const parts: RouteParts = { driving: [], parked: [] };
    let line: [number, number][] = [];
    let stay: { at: [number, number]; seconds: number } | undefined;
    const point = (p: readonly number[]): [number, number] => [p[0]!, p[1]!];
    const endLine = () => {
        if (line.length > 1) parts.driving.push(line);
        line = [];
    };
    route.path.forEach((next, i) => {
        const last = route.path[i - 1];
        if (!last) return;
        const seconds = next[2]! - last[2]!;
        if (seconds > 0 && metresBetween(last, next) / seconds < kDrivingFrom) {
            endLine();
            if (stay) stay.seconds += seconds;
            else parts.parked.push((stay = { at: point(last), seconds }));
        } else {
            stay = undefined;
            if (line.length === 0) line.push(point(last));
            line.push(point(next));
        }
    });
    endLine();
    return parts;
}
