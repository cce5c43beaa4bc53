import { describe, expect, it } from 'vitest';
import type { RegionReport, ZoneFlow } from '@mobilytics/api';
import { regionSheet, regionValues } from './regions';
import { flowLines, kOutside, matrixOf } from './zones';

const flow = (from: string | undefined, to: string | undefined, trips: number): ZoneFlow => ({
    slot: '',
    ...(from ? { from_code: from } : {}),
    ...(to ? { to_code: to } : {}),
    trips,
    distance_m: 1000,
    duration_s: 60,
});

describe('ways between zones', () => {
    it('make a matrix of the busiest, with what is outside last', () => {
        const made = matrixOf([flow('a', 'b', 3), flow('b', 'a', 1), flow(undefined, 'b', 5)]);
        expect(made.codes).toEqual(['b', 'a', kOutside]);
        expect(made.trips).toEqual([
            [0, 1, 0],
            [3, 0, 0],
            [5, 0, 0],
        ]);
        expect(made.most).toBe(5);
        expect(matrixOf([flow('a', 'b', 3), flow('c', 'c', 9)], 1).codes).toEqual(['c']);
    });

    it('are lines from middle to middle', () => {
        const square = (code: string, west: number) => ({
            type: 'Feature' as const,
            properties: { code, name: code },
            geometry: {
                type: 'Polygon' as const,
                coordinates: [
                    [
                        [west, 0],
                        [west + 2, 0],
                        [west + 2, 2],
                        [west, 0],
                    ],
                ],
            },
        });
        const shapes = {
            type: 'FeatureCollection' as const,
            features: [square('a', 0), square('b', 10)],
        };
        const made = flowLines(
            [flow('a', 'b', 4), flow('a', 'a', 9), flow('a', undefined, 2)],
            shapes,
        );
        expect(made.features).toEqual([
            {
                type: 'Feature',
                properties: { share: 4 / 9 },
                geometry: {
                    type: 'LineString',
                    coordinates: [
                        [1, 1],
                        [11, 1],
                    ],
                },
            },
        ]);
    });
});

describe('figures by region', () => {
    const figures = (visits: number | null) => ({
        visits,
        devices: visits,
        presence_s: visits,
        dwell_median_s: null,
        occupancy_mean: visits,
        occupancy_max: visits,
        suppressed: visits === null ? ['visits'] : [],
    });
    const item = (code: string, visits: number | null) => ({
        code,
        name: `Region ${code}`,
        population_source: '',
        area_km2: 2,
        cells: 1,
        ...figures(visits),
    });
    const report = {
        set_name: 'Zones',
        overlapping: false,
        items: [item('a', 5), item('b', null), item('c', 70)],
        outside: figures(3),
        unplaced: figures(0),
        total: figures(90),
    } as unknown as RegionReport;

    it('come the most first, then what lies in none, then all', () => {
        const { rows } = regionSheet(report, 'visits');
        expect(rows.map(row => row['name'])).toEqual([
            'Region c',
            'Region a',
            'Region b',
            'In no region',
            'All of it',
        ]);
        expect(rows[2]!['visits']).toBeNull();
        expect(rows[2]!['dwell']).toBeNull();
        expect(rows[0]!['density']).toBe(35);
    });

    it('are values by code, held back as null', () => {
        expect(regionValues(report, 'density')).toEqual([
            { code: 'a', value: 2.5 },
            { code: 'b', value: null },
            { code: 'c', value: 35 },
        ]);
    });
});
