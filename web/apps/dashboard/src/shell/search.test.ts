import { describe, expect, it } from 'vitest';
import {
    assetsSearch,
    exposureSearch,
    mapSearch,
    parseView,
    qualitySearch,
    sharedSearch,
    viewText,
} from './search';
import { nextPath, parseSearch, stringifySearch } from '@mobilytics/ui/address';

describe('the address', () => {
    it('holds plain words and nothing that is undefined', () => {
        expect(
            stringifySearch({
                range: '7d',
                compare: undefined,
                assets: 'a,b',
                tz: 'Europe/Berlin',
            }),
        ).toBe('?range=7d&assets=a,b&tz=Europe/Berlin');
        expect(stringifySearch({})).toBe('');
    });

    it('gives back what it was given', () => {
        const search = {
            range: 'custom',
            from: '2026-08-21T09:30',
            to: '2026-08-22',
            source: 'ble',
            tz: 'Asia/Kolkata',
            find: 'a&b=c d',
        };
        expect(parseSearch(stringifySearch(search).slice(1))).toEqual(search);
    });

    it('does not take what it does not know', () => {
        expect(
            sharedSearch({
                range: '7d',
                source: 'x-ray',
                compare: 'yes',
                tz: 'Mars/Olympus',
                evil: '1',
            }),
        ).toEqual({ range: '7d' });
        expect(exposureSearch({ grain: 'second', metric: 'people' })).toEqual({});
        expect(assetsSearch({ tab: 'assets', connect: 'new' })).toEqual({ connect: 'new' });
        expect(mapSearch({ show: 'routes', asset: 'asset_1' })).toEqual({
            show: 'routes',
            asset: 'asset_1',
        });
    });

    it('leads after signing in to pages of our own only', () => {
        expect(nextPath({ next: '/exposure?range=7d' })).toBe('/exposure?range=7d');
        for (const next of ['//example.org', '/\\example.org', 'https://example.org', '', 5]) {
            expect(nextPath({ next })).toBeUndefined();
        }
    });

    it('keeps where the map looks', () => {
        const view = { latitude: 41.88197, longitude: -87.62774, zoom: 12.34 };
        expect(viewText(view)).toBe('41.8820,-87.6277,12.3');
        expect(parseView('41.8820,-87.6277,12.3')).toEqual({
            latitude: 41.882,
            longitude: -87.6277,
            zoom: 12.3,
        });
        for (const text of [undefined, '', '1,2', '91,0,3', '0,181,3', '0,0,30', 'a,b,c']) {
            expect(parseView(text)).toBeUndefined();
        }
    });

    it('of quality holds days, findings and pages that can be', () => {
        const search = { order: 'worst', finding: 'gap', page: '2', day: '2026-09-01', asset: 'a' };
        expect(qualitySearch(search)).toEqual({ ...search, page: 2 });
        expect(qualitySearch({ order: 'best', finding: 'gaps', page: '-1', day: 'today' })).toEqual(
            {},
        );
    });
});
