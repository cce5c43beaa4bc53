// Figures by region, as rows for map, table and file.

import type { RegionFigures, RegionItem, RegionReport } from '@mobilytics/api';
import { count, decimal, duration } from '@mobilytics/ui';
import type { RegionValue } from '../map/choropleth';
import type { RegionMetric } from '../shell/region_search';
import type { Sheet } from './sheet';

interface Told {
    label: string;
    of: (item: RegionItem) => number | null;
    text: (value: number) => string;
}

const spent = (value: number) => {
    const { value: number, unit } = duration(value);
    return `${number} ${unit}`;
};

export const kRegionTold: Record<RegionMetric, Told> = {
    visits: { label: 'Visits', of: item => item.visits, text: count },
    devices: { label: 'Addresses', of: item => item.devices, text: count },
    presence: { label: 'Presence', of: item => item.presence_s, text: spent },
    occupancy: {
        label: 'Present on average',
        of: item => item.occupancy_mean,
        text: value => decimal(value, 2),
    },
    density: {
        label: 'Visits per km²',
        of: item => (item.visits === null ? null : item.visits / Math.max(item.area_km2, 0.001)),
        text: value => decimal(value, 2),
    },
};

export function regionValues(report: RegionReport, metric: RegionMetric): RegionValue[] {
    return report.items.map(item => ({ code: item.code, value: kRegionTold[metric].of(item) }));
}

const figuresOf = (item: RegionFigures) => ({
    visits: item.visits,
    devices: item.devices,
    low: item.devices_interval?.[0],
    high: item.devices_interval?.[1],
    presence: item.presence_s,
    dwell: item.dwell_median_s ?? (item.suppressed.length > 0 ? null : undefined),
    occupancy_mean: item.occupancy_mean,
    occupancy_max: item.occupancy_max,
});

/** The regions by what is drawn, the most first; then what lies in none, and all of it. */
export function regionSheet(report: RegionReport, metric: RegionMetric): Sheet {
    const { of } = kRegionTold[metric];
    const items = report.items.toSorted(
        (a, b) => (of(b) ?? -1) - (of(a) ?? -1) || a.name.localeCompare(b.name),
    );
    const none = (item: RegionFigures) => item.visits === 0 && item.presence_s === 0;
    const beside = [
        {
            code: '',
            name: 'In no region',
            ...figuresOf(report.outside),
            shown: !none(report.outside),
        },
        {
            code: '',
            name: 'Place not known',
            ...figuresOf(report.unplaced),
            shown: !none(report.unplaced),
        },
        { code: '', name: 'All of it', ...figuresOf(report.total), shown: true },
    ]
        .filter(({ shown }) => shown)
        .map(({ shown: _, ...row }) => row);
    return {
        name: 'figures-by-region',
        title: `Figures by region of ${report.set_name}`,
        columns: [
            { key: 'name', label: 'Region' },
            { key: 'code', label: 'Code' },
            { key: 'visits', label: 'Visits', digits: 0 },
            { key: 'devices', label: 'Addresses', digits: 0 },
            { key: 'low', label: '95 % low', digits: 0 },
            { key: 'high', label: '95 % high', digits: 0 },
            { key: 'presence', label: 'Presence', unit: 'device-seconds', digits: 0 },
            { key: 'dwell', label: 'Median dwell', unit: 's', digits: 1 },
            { key: 'occupancy_mean', label: 'Present on average', unit: 'addresses', digits: 2 },
            { key: 'occupancy_max', label: 'Most at once', unit: 'addresses', digits: 0 },
            { key: 'density', label: 'Visits per km²', digits: 2 },
            { key: 'population', label: 'Population', digits: 0 },
            { key: 'area', label: 'Area', unit: 'km²', digits: 1 },
        ],
        rows: [
            ...items.map(item => ({
                name: item.name,
                code: item.code,
                ...figuresOf(item),
                density: kRegionTold.density.of(item),
                population: item.population,
                area: item.area_km2,
            })),
            ...beside,
        ],
    };
}

/** How parts and whole belong together, in words. */
export function sumWords(report: RegionReport): string {
    return report.overlapping
        ? 'Regions of this set overlap: a visit counts in each of them, and once in “All of it”. The rows do not add up.'
        : 'A visit counts in one region, where the middle of its map cell lies. Addresses may be met in several regions, so they do not add up.';
}
