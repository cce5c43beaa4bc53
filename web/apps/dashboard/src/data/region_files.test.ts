import { describe, expect, it } from 'vitest';
import { guessed, lookInto } from './region_files';

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
