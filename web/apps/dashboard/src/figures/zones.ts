// Where moving assets were: rows of time in zones, and the matrix of ways between them.

import type { ZoneFlow, ZoneFlows, ZoneReport } from '@mobilytics/api';
import type { RegionShapes } from '../map/choropleth';
import { boxOfShapes } from '../map/choropleth';
import type { Sheet } from './sheet';

export const kOutside = '';

export function zoneSheet(report: ZoneReport, nameOf: (assetId: string) => string): Sheet {
    return {
        name: 'time-in-zones',
        title: `Time in zones of ${report.set_name}`,
        columns: [
            { key: 'asset', label: 'Asset' },
            { key: 'zone', label: 'Zone' },
            { key: 'passages', label: 'Passages', digits: 0 },
            { key: 'time', label: 'Time inside', unit: 'min', digits: 1 },
            { key: 'distance', label: 'Driven inside', unit: 'km', digits: 2 },
            { key: 'stops', label: 'Stops', digits: 0 },
            { key: 'stopped', label: 'Stood', unit: 'min', digits: 1 },
            { key: 'entries', label: 'Entries seen', digits: 0 },
            { key: 'exits', label: 'Exits seen', digits: 0 },
            { key: 'unseen', label: 'Not seen', unit: 'min', digits: 1 },
        ],
        rows: report.items
            .toSorted((a, b) => b.time_s - a.time_s)
            .map(item => ({
                asset: nameOf(item.asset_id),
                zone: item.name,
                passages: item.passages,
                time: item.time_s / 60,
                distance: item.distance_m / 1000,
                stops: item.stops,
                stopped: item.stopped_s / 60,
                entries: item.entries,
                exits: item.exits,
                unseen: item.unseen_s / 60,
            })),
    };
}

export interface Matrix {
    codes: string[];
    /** By from, then to. */
    trips: number[][];
    most: number;
}

/** The zones that most ways touch, in the order of how many; `kOutside` last, where there is any. */
export function matrixOf(flows: readonly ZoneFlow[], zonesMax = 12): Matrix {
    const touched = new Map<string, number>();
    for (const { from_code, to_code, trips } of flows) {
        for (const code of new Set([from_code ?? kOutside, to_code ?? kOutside])) {
            touched.set(code, (touched.get(code) ?? 0) + trips);
        }
    }
    const outside = touched.delete(kOutside);
    const codes = [...touched]
        .toSorted(([a, n], [b, m]) => m - n || a.localeCompare(b))
        .slice(0, zonesMax)
        .map(([code]) => code);
    if (outside) codes.push(kOutside);
    const at = new Map(codes.map((code, i) => [code, i]));
    const trips = codes.map(() => codes.map(() => 0));
    for (const flow of flows) {
        const from = at.get(flow.from_code ?? kOutside);
        const to = at.get(flow.to_code ?? kOutside);
        if (from !== undefined && to !== undefined) trips[from]![to]! += flow.trips;
    }
    return { codes, trips, most: Math.max(0, ...trips.flat()) };
}

export function flowSheet(flows: ZoneFlows, nameOf: (code: string) => string): Sheet {
    return {
        name: 'zone-to-zone',
        title: `From zone to zone of ${flows.set_name}`,
        columns: [
            { key: 'from', label: 'From' },
            { key: 'to', label: 'To' },
            { key: 'trips', label: 'Trips', digits: 0 },
            { key: 'distance', label: 'Distance', unit: 'km', digits: 1 },
            { key: 'duration', label: 'Mean duration', unit: 'min', digits: 1 },
        ],
        rows: flows.items
            .toSorted((a, b) => b.trips - a.trips)
            .map(flow => ({
                from: nameOf(flow.from_code ?? kOutside),
                to: nameOf(flow.to_code ?? kOutside),
                trips: flow.trips,
                distance: flow.distance_m / 1000,
                duration: flow.duration_s / 60 / Math.max(1, flow.trips),
            })),
    };
}

/** Straight lines between the middles of zones, the wider the more. */
export function flowLines(
    flows: readonly ZoneFlow[],
    shapes: RegionShapes | undefined,
): GeoJSON.FeatureCollection {
    const middle = (code: string | undefined) => {
        const box = code && shapes && boxOfShapes(shapes, each => each === code);
        return box ? [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2] : undefined;
    };
    const most = Math.max(1, ...flows.map(({ trips }) => trips));
    return {
        type: 'FeatureCollection',
        features: flows.flatMap(flow => {
            const from = middle(flow.from_code);
            const to = middle(flow.to_code);
            if (!from || !to || flow.from_code === flow.to_code) return [];
            return {
                type: 'Feature' as const,
                properties: { share: flow.trips / most },
                geometry: { type: 'LineString' as const, coordinates: [from, to] },
            };
        }),
    };
}
