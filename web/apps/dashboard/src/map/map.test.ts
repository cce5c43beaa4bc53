import { describe, expect, it } from 'vitest';
import { heatColors, heatFeatures, heatSteps, niceNumber, stepOf } from './heat';
import { layersOf, layersText } from './layers';
import { Motion, turn } from './motion';
import { placeAt, placeFaults, placeOf } from './place';
import { boxOf, cellOf, centreOf, tileOf } from './quadkeys';
import { metresBetween, routeParts } from './route_parts';

describe('quadkeys', () => {
    // https://learn.microsoft.com/en-us/bingmaps/articles/bing-maps-tile-system
    it('are those of Bing Maps', () => {
        expect(tileOf('213')).toEqual({ x: 3, y: 5, zoom: 3 });
    });

    it('find the cell of a place and the place of a cell', () => {
        const cell = cellOf(41.88197, -87.62774, 17);
        expect(cell).toHaveLength(17);
        const box = boxOf(cell);
        expect(box.west).toBeLessThanOrEqual(-87.62774);
        expect(box.east).toBeGreaterThan(-87.62774);
        expect(box.south).toBeLessThanOrEqual(41.88197);
        expect(box.north).toBeGreaterThan(41.88197);
        const centre = centreOf(cell);
        expect(cellOf(centre.latitude, centre.longitude, 17)).toBe(cell);
    });

    it('of a coarser zoom are prefixes', () => {
        expect(cellOf(41.88197, -87.62774, 12)).toBe(cellOf(41.88197, -87.62774, 17).slice(0, 12));
    });

    it('cover the world at the edges', () => {
        expect(cellOf(90, 180, 3)).toBe('111');
        expect(cellOf(-90, -180, 3)).toBe('222');
        expect(boxOf('')).toEqual({
            west: -180,
            east: 180,
            north: 85.05112877980659,
            south: -85.05112877980659,
        });
    });

    it('refuse what is none', () => {
        expect(() => tileOf('01x')).toThrow(RangeError);
    });
});

describe('heat', () => {
    const cells = [1, 5, 12, 30, 80, 200, 400, 900].map((visits, i) => ({
        cell: `03022${i % 4}`,
        latitude: 0,
        longitude: 0,
        visits,
        presence_s: visits * 2,
    }));

    it('steps at round numbers, ascending, beginning with none', () => {
        const { bounds, most } = heatSteps(cells);
        expect(bounds).toEqual([0, 10, 100, 500, 1000].filter(bound => bound <= most));
        expect(niceNumber(0)).toBe(0);
        expect([1.4, 3, 6, 8, 14, 70].map(niceNumber)).toEqual([1, 2, 5, 10, 10, 50]);
    });

    it('puts each cell into its step', () => {
        const steps = { bounds: [0, 10, 100], most: 900 };
        expect([0, 9, 10, 99, 100, 900].map(visits => stepOf(visits, steps))).toEqual([
            0, 0, 1, 1, 2, 2,
        ]);
    });

    it('draws a cell as the square of its quadkey', () => {
        const made = heatFeatures([{ ...cells[0]!, cell: '0' }], heatSteps(cells));
        expect(made.features[0]!.geometry.coordinates[0]).toEqual([
            [-180, 0],
            [0, 0],
            [0, 85.05112877980659],
            [-180, 85.05112877980659],
            [-180, 0],
        ]);
    });

    it('has as many colours as steps', () => {
        for (const n of [1, 2, 3, 5]) expect(new Set(heatColors(n, false)).size).toBe(n);
    });
});

describe('motion', () => {
    const at = (longitude: number, heading = 0) => ({ latitude: 41, longitude, heading });

    it('glides from where it is drawn to where it was heard, and rests there', () => {
        const motion = new Motion();
        motion.move('a', at(-87), 0);
        motion.move('a', at(-86.99), 1000);
        expect(motion.at('a', 1000)!.longitude).toBe(-87);
        expect(motion.at('a', 1575)!.longitude).toBeCloseTo(-86.995, 9);
        expect(motion.at('a', 99_000)!.longitude).toBe(-86.99);
        expect(motion.moving(1500)).toBe(true);
        expect(motion.moving(99_000)).toBe(false);
    });

    it('goes on from the middle when the next report is early', () => {
        const motion = new Motion();
        motion.move('a', at(-87), 0);
        motion.move('a', at(-86.99), 1000);
        motion.move('a', at(-86.98), 1575);
        expect(motion.at('a', 1575)!.longitude).toBeCloseTo(-86.995, 9);
    });

    it('jumps to what is too far to have been driven, and where motion is not wanted', () => {
        const motion = new Motion();
        motion.move('a', at(-87), 0);
        motion.move('a', at(-80), 1000);
        expect(motion.at('a', 1000)!.longitude).toBe(-80);
        const still = new Motion(true);
        still.move('a', at(-87), 0);
        still.move('a', at(-86.99), 1000);
        expect(still.at('a', 1000)!.longitude).toBe(-86.99);
    });

    it('turns the shorter way', () => {
        expect(turn(350, 10, 0.5)).toBe(0);
        expect(turn(10, 350, 0.5)).toBe(0);
        expect(turn(90, 180, 0.5)).toBe(135);
    });
});

describe('routes', () => {
    it('part into driving and parked at 1.5 m/s', () => {
        const path = [
            [-87.6, 41.9, 0],
            [-87.59, 41.9, 100], // Some 828 m in 100 s.
            [-87.59, 41.9, 400], // Stands.
            [-87.5901, 41.9, 700], // Some 8 m in 300 s: still stands.
            [-87.6, 41.9, 800],
        ];
        const parts = routeParts({ path });
        expect(parts.driving).toEqual([
            [
                [-87.6, 41.9],
                [-87.59, 41.9],
            ],
            [
                [-87.5901, 41.9],
                [-87.6, 41.9],
            ],
        ]);
        expect(parts.parked).toEqual([{ at: [-87.59, 41.9], seconds: 600 }]);
        expect(metresBetween(path[0]!, path[1]!)).toBeCloseTo(827.6, 0);
    });

    it('of one point or none is nothing', () => {
        expect(routeParts({ path: [] })).toEqual({ driving: [], parked: [] });
        expect(routeParts({ path: [[0, 0, 0]] })).toEqual({ driving: [], parked: [] });
    });
});

describe('layers', () => {
    it('are heat unless the address says otherwise', () => {
        expect([...layersOf(undefined)]).toEqual(['heat']);
        expect([...layersOf('none')]).toEqual([]);
        expect([...layersOf('heat,routes')]).toEqual(['heat', 'routes']);
        expect(layersText(new Set(['heat']))).toBeUndefined();
        expect(layersText(new Set())).toBe('none');
        expect(layersText(new Set(['routes', 'heat']))).toBe('heat,routes');
    });
});

describe('a place', () => {
    const text = (latitude: string | number, longitude: string | number) => ({
        latitude,
        longitude,
    });

    it('is read of two fields, up to the poles and the date line', () => {
        expect(placeOf(text(41.8834, '-87.6278'))).toEqual({
            latitude: 41.8834,
            longitude: -87.6278,
        });
        expect(placeOf(text(-90, 180))).toEqual({ latitude: -90, longitude: 180 });
        expect(placeOf(text(0, 0))).toEqual({ latitude: 0, longitude: 0 });
    });

    it('is none by half, or out of bounds', () => {
        const none = [text('', ''), text(41, ''), text('', -87), text('-', -87), text(90.1, 0)];
        for (const each of [...none, text(0, -180.1)]) expect(placeOf(each)).toBeUndefined();
    });

    it('out of bounds is told at once', () => {
        expect(placeFaults(text(90.1, ''), false)).toEqual({
            latitude: 'From -90 to 90 degrees.',
        });
        expect(placeFaults(text('', -181), false)).toEqual({
            longitude: 'From -180 to 180 degrees.',
        });
    });

    it('by half is told when the typing is done', () => {
        expect(placeFaults(text(41, ''), false)).toEqual({});
        expect(placeFaults(text(41, ''), true)).toEqual({ longitude: 'Give both, or neither.' });
        expect(placeFaults(text('-', 3), true)).toEqual({ latitude: 'Give a number of degrees.' });
        expect(placeFaults(text('', ''), true)).toEqual({});
        expect(placeFaults(text(41, -87), true)).toEqual({});
    });

    it('of the map is to the metre', () => {
        expect(placeAt({ lat: 41.883401234, lng: -87.627799999 })).toEqual({
            latitude: 41.8834,
            longitude: -87.6278,
        });
    });
});
