// What the address bar holds of the page of regions.

import { word } from '@mobilytics/ui/address';
import type { Raw } from '@mobilytics/ui/address';

export const kRegionMetrics = ['visits', 'devices', 'presence', 'occupancy', 'density'] as const;
export type RegionMetric = (typeof kRegionMetrics)[number];

export interface RegionsSearch {
    set?: string;
    region?: string;
    shows?: Exclude<RegionMetric, 'visits'>;
    tab?: 'moving';
    flow?: 'passages';
}

export function regionsSearch(raw: Raw): RegionsSearch {
    const search: RegionsSearch = {};
    const set = word(raw['set']);
    const region = word(raw['region']);
    const shows = kRegionMetrics.find(each => each === raw['shows'] && each !== 'visits');
    if (set) search.set = set;
    if (region) search.region = region;
    if (shows && shows !== 'visits') search.shows = shows;
    if (raw['tab'] === 'moving') search.tab = 'moving';
    if (raw['flow'] === 'passages') search.flow = 'passages';
    return search;
}
