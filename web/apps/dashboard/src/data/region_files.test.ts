import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature as featureOf } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import { describe, expect, it } from 'vitest';
import type { MendedRegion } from '@mobilytics/api';
import { areaChange, guessed, lookInto, mended, outlinesOf } from './region_files';

const file = (value: unknown) => new Blob([JSON.stringify(value)]);
const feature = (properties: unknown) => ({ type: 'Feature', properties, geometry: null });

describe('a file of regions', () => {
    it('tells its properties with an example', async () => {
        const found = await lookInto(
            file({
                type: 'FeatureCollection',
                features: [feature({ GEOID: '17031', NAME: null }), feature({ NAME: 'Cook' })],
            }),
            'counties.json',
        );
        expect(found).toMatchObject({
            name: 'counties.json',
            features: 2,
            properties: [
                { name: 'GEOID', example: '17031' },
                { name: 'NAME', example: 'Cook' },
            ],
        });
        expect('trouble' in found ? undefined : guessed(found)).toEqual({
            code: 'GEOID',
            name: 'NAME',
            population: undefined,
        });
    });

    it('may be one feature', async () => {
        expect(await lookInto(file(feature({ id: 1 })), 'one')).toMatchObject({ features: 1 });
    });

    it('that is none says why', async () => {
        const trouble = async (value: Blob) => {
            const found = await lookInto(value, 'x');
            return 'trouble' in found ? found.trouble : '';
        };
        expect(await trouble(new Blob(['<kml/>']))).toContain('not JSON');
        expect(await trouble(file({ type: 'Topology' }))).toContain('not a GeoJSON');
        expect(await trouble(file(null))).toContain('not a GeoJSON');
        expect(await trouble(file({ type: 'FeatureCollection', features: [] }))).toContain(
            'no features',
        );
    });
});

describe('outlines that touch themselves', () => {
    it('become parts that do not, without spikes', () => {
        const [a, b, c, d, e] = [
            [0, 0],
            [4, 0],
            [2, 2],
            [4, 4],
            [0, 4],
        ];
        const ring = [a!, b!, c!, d!, e!, c!, a!];
        expect(mended({ type: 'Polygon', coordinates: [ring] }).coordinates).toEqual([
            [[c, d, e, c]],
            [[a, b, c, a]],
        ]);
        const spike = [a!, b!, d!, [9, 9], d!, a!];
        expect(mended({ type: 'Polygon', coordinates: [spike] }).coordinates).toEqual([
            [[a, b, d, a]],
        ]);
        expect(mended({ type: 'Polygon', coordinates: [[a!, b!, a!]] }).coordinates).toEqual([]);
    });
});

describe('how an area changes', () => {
    const changed = (changed_m2: number, changed_percent: number) =>
        areaChange({ changed_m2, changed_percent } as MendedRegion);

    it('is told in square metres and as a share', () => {
        expect(changed(0.2, 0)).toBe('area as it was');
        expect(changed(1763.4, 0.00021)).toBe('area +1,763 m² (< 0.01 %)');
        expect(changed(-614_351, -0.0294)).toBe('area −614,351 m² (−0.03 %)');
        expect(changed(8e8, 100)).toBe('area +800,000,000 m² (+100.00 %)');
    });
});

describe('outlines of the USA', () => {
    const topology = (name: string) =>
        JSON.parse(
            readFileSync(createRequire(import.meta.url).resolve(`us-atlas/${name}`), 'utf8'),
        ) as Topology;
    const told = async ({ file, without }: ReturnType<typeof outlinesOf>) => {
        const { features } = JSON.parse(await file.text()) as {
            features: { properties: { code: string; name: string } }[];
        };
        return { features: features.map(each => each.properties), without };
    };

    it('are states by their codes', async () => {
        const { features, without } = await told(
            outlinesOf(featureOf, topology('states-10m.json'), 'states'),
        );
        expect(features).toContainEqual({ code: '17', name: 'Illinois' });
        expect(features).toHaveLength(56);
        expect(without).toEqual([]);
    });

    it('are counties with their state, but for those too small to have one', async () => {
        const { features, without } = await told(
            outlinesOf(featureOf, topology('counties-10m.json'), 'counties'),
        );
        expect(features).toContainEqual({ code: '17031', name: 'Cook, Illinois' });
        expect(new Set(features.map(each => each.code)).size).toBe(features.length);
        expect(features).toHaveLength(3230);
        expect(without).toEqual(['Falls Church, Virginia']);
    });
});
