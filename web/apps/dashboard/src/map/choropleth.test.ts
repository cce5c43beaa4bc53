import { describe, expect, it } from 'vitest';
import { boxOfShapes, classOf, classWords, classesOf, dressed } from './choropleth';
import type { RegionShapes } from './choropleth';

const square = (west: number) => ({
    type: 'Polygon' as const,
    coordinates: [
        [
            [west, 0],
            [west + 1, 0],
            [west + 1, 1],
            [west, 0],
        ],
    ],
});
const shapes: RegionShapes = {
    type: 'FeatureCollection',
    features: ['a', 'b', 'c'].map((code, i) => ({
        type: 'Feature',
        properties: { code, name: code.toUpperCase() },
        geometry: square(i * 10),
    })),
};

describe('classes of regions', () => {
    it('are round, and leave out what is held back', () => {
        const values = [12, 40, 180, 900, 4200, null].map((value, i) => ({
            code: String(i),
            value,
        }));
        const classes = classesOf(values);
        expect(classes).toEqual({ bounds: [0, 50, 200, 1000, 5000].slice(0, 4), most: 4200 });
        expect(classOf(49, classes)).toBe(0);
        expect(classOf(200, classes)).toBe(2);
        expect(classWords(classes, String)).toEqual([
            '0 – under 50',
            '50 – under 200',
            '200 – under 1000',
            '1000 – 4200',
        ]);
    });

    it('part what lies near each other', () => {
        const values = [895, 918, 942, 965, 989].map((value, i) => ({ code: String(i), value }));
        expect(classesOf(values).bounds).toEqual([0, 920, 940, 970]);
    });

    it('of nothing are one', () => {
        expect(classesOf([])).toEqual({ bounds: [0], most: 0 });
        expect(classesOf([{ code: 'a', value: null }])).toEqual({ bounds: [0], most: 0 });
    });

    it('tell held back from unheard', () => {
        const values = [
            { code: 'a', value: 5 },
            { code: 'b', value: null },
        ];
        const made = dressed(shapes, values, classesOf(values));
        expect(made.features.map(each => each.properties.state)).toEqual([1, -1, -2]);
    });
});

describe('the box of shapes', () => {
    it('is of those that are wanted', () => {
        expect(boxOfShapes(shapes, code => code !== 'c')).toEqual([0, 0, 11, 1]);
        expect(boxOfShapes(shapes, () => false)).toBeUndefined();
    });

    it('is of most of them, where some are at the other end of the world', () => {
        const at = (west: number, east: number): RegionShapes['features'][number] => ({
            ...shapes.features[0]!,
            geometry: {
                type: 'Polygon',
                coordinates: [
                    [
                        [west, 30],
                        [east, 30],
                        [east, 40],
                        [west, 30],
                    ],
                ],
            },
        });
        const near = Array.from({ length: 18 }, (_, i) => at(-120 + 3 * i, -117 + 3 * i));
        const features = [at(144, 146), ...near, at(-179, 179)];
        expect(boxOfShapes({ ...shapes, features }, () => true)).toEqual([-114, 30, -66, 40]);
        expect(boxOfShapes({ ...shapes, features: [at(-179, 179)] }, () => true)).toEqual([
            -179, 30, 179, 40,
        ]);
    });
});
