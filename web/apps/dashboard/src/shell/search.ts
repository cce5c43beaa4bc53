// What the address bar holds of a page's state: plain words, nothing that is the default. A link
// shows the same to whoever opens it. The router hands pages what stands in the address as well as
// what its routes have checked, so pages check by these functions where they read.

import type { FindingKind } from '@mobilytics/api';
import { word } from '@mobilytics/ui/address';
import type { Raw } from '@mobilytics/ui/address';
import { isZone } from '@mobilytics/ui/zones';

/** Chosen once, kept on every page. */
export interface SharedSearch {
    range?: string;
    from?: string;
    to?: string;
    compare?: 'none';
    /** Ids of assets, by commas; none means all. */
    assets?: string;
    source?: 'wifi' | 'ble';
    /** A zone to show times in, when not the company's. */
    tz?: string;
}

export interface MapSearch {
    /** latitude,longitude,zoom */
    at?: string;
    /** Of heat, routes: what is drawn beside the assets. */
    show?: string;
    asset?: string;
}

export interface ExposureSearch {
    grain?: 'quarter' | 'hour' | 'day';
    metric?: 'devices' | 'occupancy' | 'presence';
    notes?: 'hidden';
}

export interface QualitySearch {
    order?: 'worst';
    /** Only assets that have such a finding. */
    finding?: FindingKind;
    page?: number;
    /** What stands open: an asset's day, by its id and 2026-11-17. */
    asset?: string;
    day?: string;
}

export interface AssetsSearch {
    tab?: 'sensors';
    connect?: string;
    find?: string;
    /** Assets that have left service are listed too. */
    retired?: 'shown';
}

/** In the order in which they are offered. */
export const kFindingKinds: readonly FindingKind[] = [
    'silent',
    'gap',
    'deaf',
    'stuck',
    'spike',
    'jump',
    'unlike_sisters',
    'clock',
    'overloaded',
];

export const kSharedKeys = ['range', 'from', 'to', 'compare', 'assets', 'source', 'tz'] as const;

function oneOf<W extends string>(value: unknown, words: readonly W[]): W | undefined {
    return words.find(each => each === value);
}

/** Without what is undefined, so that the address stays short. */
function tidy<S extends object>(search: S): S {
    return Object.fromEntries(Object.entries(search).filter(([, v]) => v !== undefined)) as S;
}

export function sharedSearch(raw: Raw): SharedSearch {
    const zone = word(raw['tz']);
    return tidy({
        range: word(raw['range']),
        from: word(raw['from']),
        to: word(raw['to']),
        compare: oneOf(raw['compare'], ['none'] as const),
        assets: word(raw['assets']),
        source: oneOf(raw['source'], ['wifi', 'ble'] as const),
        tz: zone && isZone(zone) ? zone : undefined,
    });
}

export function mapSearch(raw: Raw): MapSearch {
    return tidy({ at: word(raw['at']), show: word(raw['show']), asset: word(raw['asset']) });
}

export function exposureSearch(raw: Raw): ExposureSearch {
    return tidy({
        grain: oneOf(raw['grain'], ['quarter', 'hour', 'day'] as const),
        metric: oneOf(raw['metric'], ['devices', 'occupancy', 'presence'] as const),
        notes: oneOf(raw['notes'], ['hidden'] as const),
    });
}

export function qualitySearch(raw: Raw): QualitySearch {
    const page = Number(word(raw['page']) ?? raw['page'] ?? 0);
    const day = word(raw['day']);
    return tidy({
        order: oneOf(raw['order'], ['worst'] as const),
        finding: oneOf(raw['finding'], kFindingKinds),
        page: Number.isInteger(page) && page > 0 ? page : undefined,
        asset: word(raw['asset']),
        day: day && /^\d{4}-\d\d-\d\d$/.test(day) ? day : undefined,
    });
}

export function assetsSearch(raw: Raw): AssetsSearch {
    return tidy({
        tab: oneOf(raw['tab'], ['sensors'] as const),
        connect: word(raw['connect']),
        find: word(raw['find']),
        retired: oneOf(raw['retired'], ['shown'] as const),
    });
}

/** latitude,longitude,zoom of the map's address. */
export function parseView(text: string | undefined) {
    const parts = text?.split(',').map(Number) ?? [];
    const [latitude, longitude, zoom] = parts;
    if (parts.length !== 3 || parts.some(part => !Number.isFinite(part))) return undefined;
    if (Math.abs(latitude!) > 85 || Math.abs(longitude!) > 180 || zoom! < 0 || zoom! > 22)
        return undefined;
    return { latitude: latitude!, longitude: longitude!, zoom: zoom! };
}

export function viewText(view: { latitude: number; longitude: number; zoom: number }): string {
    return `${view.latitude.toFixed(4)},${view.longitude.toFixed(4)},${view.zoom.toFixed(1)}`;
}
