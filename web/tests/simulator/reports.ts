// The simulator's answers to the reports of the API, from the synthetic world.

import type * as T from '../../packages/api/src/types';
import { startOfDay, dayText } from '../../packages/ui/src/time/zones';
import { cellOf, centreOf } from '../../apps/dashboard/src/map/quadkeys';
import { chance, heardAt, kAssets, kQuarter, positionAt, quarterFigures, trips } from './world';
import type { WorldAsset } from './world';

export interface Asked {
    from: number;
    to: number;
    zone: string;
    assets: WorldAsset[];
    source: T.SourceFilter;
    now: number;
    asOf: number;
    scale: number;
}

const kFewest = 10;
const kNoRows = {
    visits: 0,
    devices: 0,
    presence: 0,
    occupancyMax: 0,
    completeness: 0,
    dwell: 0,
    corrected: false,
    quarters: 0,
};

export function basics(asked: Asked): T.Basics & { counting: T.Counting } {
    return {
        as_of: new Date(asked.asOf).toISOString(),
        time_zone: asked.zone,
        basis: 'devices',
        counting: 'addresses',
        synthetic: true,
        suppress_below: 10,
        completeness: Number(sums(asked, asked.from, asked.to).completeness.toFixed(4)),
    };
}

function share(source: T.SourceFilter): number {
    return source === 'wifi' ? 0.58 : source === 'ble' ? 0.42 : 1;
}

const kMemory = new Map<string, ReturnType<typeof quarterFigures>>();

function quarter(asset: WorldAsset, start: number, asked: Asked) {
    if (start + kQuarter > asked.now) return quarterFigures(asset, start, asked.now, asked.scale);
    const key = `${asset.id}/${start}/${asked.scale}`;
    let found = kMemory.get(key);
    if (!found) kMemory.set(key, (found = quarterFigures(asset, start, asked.now, asked.scale)));
    return found;
}

function sums(asked: Asked, from: number, to: number, assets = asked.assets) {
    const sum = { ...kNoRows };
    let covered = 0;
    for (let start = Math.floor(from / kQuarter) * kQuarter; start < to; start += kQuarter) {
        if (start > asked.now) break;
        let occupancy = 0;
        for (const asset of assets) {
            const q = quarter(asset, start, asked);
            const part = share(asked.source);
            sum.visits += Math.round(q.visits * part);
            sum.devices += Math.round(q.devices * part);
            sum.presence += q.presence * part;
            sum.dwell += q.dwell * q.visits * part;
            occupancy += q.occupancyMax * part;
            sum.corrected ||= q.corrected;
            if (asset.state !== 'never') {
                covered += q.completeness;
                ++sum.quarters;
            }
        }
        sum.occupancyMax = Math.max(sum.occupancyMax, Math.round(occupancy));
    }
    sum.completeness = sum.quarters > 0 ? covered / sum.quarters : 0;
    return sum;
}

/** Different devices over a time within one day: fewer than the sum of its quarters. */
function distinct(devices: number, quarters: number, assets: number): number {
    const repeat = 1 / (1 + 0.05 * Math.log1p(quarters / Math.max(1, assets)));
    return Math.round(devices * repeat * (assets > 1 ? 0.86 : 1));
}

function interval(devices: number): T.Interval {
    return [Math.floor(devices * (1 - 1.96 * 0.0081)), Math.ceil(devices * (1 + 1.96 * 0.0081))];
}

/** A phone has a new address for each of its bursts: of fixed assets, some devices are behind them. */
function counted(asked: Asked, from: number, to: number): T.CountedFigures | undefined {
    const fixed = asked.assets.filter(asset => asset.loop.length <= 1);
    if (asked.source === 'ble' || fixed.length === 0) return undefined;
    const sum = sums(asked, from, to, fixed);
    if (sum.quarters === 0) return undefined;
    const tenth = (value: number) => Number(value.toFixed(1));
    const devices = sum.devices / 12 / sum.quarters;
    const present = devices * 0.4;
    return {
        devices_present: tenth(present),
        devices_present_interval: [tenth(present * 0.8), tenth(present * 1.25)],
        gate_dbm: -80,
        devices: tenth(devices),
        devices_interval: [tenth(devices * 0.8), tenth(devices * 1.25)],
        quarters: sum.quarters,
        rests_on: 'tracks',
    };
}

function* localDays(asked: Asked, from = asked.from, to = asked.to) {
    for (let at = from; at < to;) {
        const next = Math.min(to, startOfDay(at, asked.zone, 1));
        yield { from: at, to: next };
        at = next;
    }
}

function reachOf(asked: Asked, assets = asked.assets): number {
    let devices = 0;
    for (const day of localDays(asked)) {
        const sum = sums(asked, day.from, day.to, assets);
        devices += distinct(sum.devices, sum.quarters, assets.length);
    }
    return devices;
}

function figures(asked: Asked): T.OverviewFigures {
    const sum = sums(asked, asked.from, asked.to);
    const devices = reachOf(asked);
    const few = devices < kFewest;
    let distance = 0;
    let driving = 0;
    let parked = 0;
    for (const asset of asked.assets) {
        for (const trip of trips(asset, asked.from, asked.to, asked.now)) {
            distance += trip.distance;
            driving += trip.driving;
            parked += trip.parked;
        }
    }
    const seconds = (Math.min(asked.to, asked.now) - asked.from) / 1000;
    const behind = few ? undefined : counted(asked, asked.from, asked.to);
    return {
        visits: few ? null : sum.visits,
        devices: few ? null : devices,
        ...(few ? {} : { devices_interval: interval(devices) }),
        ...(behind ? { counted: behind } : {}),
        frequency: few ? null : Number((sum.visits / devices).toFixed(3)),
        presence_s: few ? null : Math.round(sum.presence),
        dwell_median_s: few
            ? null
            : Number((0.82 * (sum.dwell / Math.max(1, sum.visits))).toFixed(1)),
        occupancy_mean: few ? null : Number((sum.presence / Math.max(1, seconds)).toFixed(2)),
        occupancy_max: few ? null : sum.occupancyMax,
        assets_heard: asked.assets.filter(a => (heardAt(a, asked.now) ?? 0) >= asked.from).length,
        distance_m: distance,
        driving_s: driving,
        parked_s: parked,
        completeness: Number(sum.completeness.toFixed(4)),
        suppressed: few
            ? [
                  'visits',
                  'devices',
                  'frequency',
                  'presence_s',
                  'dwell_median_s',
                  'occupancy_mean',
                  'occupancy_max',
              ]
            : [],
    };
}

/** Nobody has counted beside the stand-in's sensors. */
const kUncalibrated: T.CalibrationTold = {
    basis: 'devices',
    reason: 'not_calibrated',
    share: 0,
    models: [],
};

export function overview(asked: Asked, compare: boolean): T.Overview {
    const length = asked.to - asked.from;
    const current = figures(asked);
    return {
        ...basics(asked),
        ...(current.counted ? { counting: 'counted' as const } : {}),
        current,
        calibration: kUncalibrated,
        from: new Date(asked.from).toISOString(),
        to: new Date(asked.to).toISOString(),
        ...(compare
            ? { previous: figures({ ...asked, from: asked.from - length, to: asked.from }) }
            : {}),
    };
}

export function exposure(asked: Asked, grain: T.Grain): T.ExposureSeries {
    const items: T.ExposureBucket[] = [];
    const end = asked.to;
    for (let start = asked.from; start < end;) {
        const next = Math.min(
            end,
            grain === 'day'
                ? startOfDay(start, asked.zone, 1)
                : (Math.floor(start / (grain === 'hour' ? 4 * kQuarter : kQuarter)) + 1) *
                      (grain === 'hour' ? 4 * kQuarter : kQuarter),
        );
        const sum = sums(asked, start, next);
        const devices = distinct(sum.devices, sum.quarters, asked.assets.length);
        const few = devices < kFewest && sum.visits > 0;
        const behind = few ? undefined : counted(asked, start, next);
        items.push({
            ...(behind ? { counted: behind } : {}),
            start: new Date(start).toISOString(),
            end: new Date(next).toISOString(),
            visits: few ? null : sum.visits,
            devices: few ? null : devices,
            ...(few ? {} : { devices_interval: interval(devices) }),
            presence_s: few ? null : Math.round(sum.presence),
            occupancy_mean: few
                ? null
                : Number((sum.presence / ((next - start) / 1000)).toFixed(2)),
            occupancy_max: few ? null : sum.occupancyMax,
            completeness: Number(sum.completeness.toFixed(4)),
            corrected: sum.corrected,
            suppressed: few
                ? ['visits', 'devices', 'presence_s', 'occupancy_mean', 'occupancy_max']
                : [],
        });
        start = next;
    }
    const counting = items.some(item => item.counted) ? 'counted' : 'addresses';
    return { ...basics(asked), counting, calibration: kUncalibrated, grain, items };
}

const kBins: [string | undefined, number | null, number | null, number][] = [
    ['single sighting', null, null, 0.31],
    [undefined, 0, 5, 0.11],
    [undefined, 5, 15, 0.16],
    [undefined, 15, 30, 0.14],
    [undefined, 30, 60, 0.12],
    [undefined, 60, 300, 0.11],
    [undefined, 300, 900, 0.04],
    [undefined, 900, null, 0.01],
];

export function dwell(asked: Asked): T.DwellReport {
    const all = figures(asked);
    let left = all.visits ?? 0;
    const bins = kBins.map(([label, from_s, to_s, part], i) => {
        const visits = i === kBins.length - 1 ? left : Math.round((all.visits ?? 0) * part);
        left -= visits;
        return {
            label: label ?? `${from_s}–${to_s ?? ''}`,
            from_s,
            to_s,
            visits: all.visits === null ? null : visits,
        };
    });
    return {
        ...basics(asked),
        median_s: all.dwell_median_s,
        mean_s: all.dwell_median_s === null ? null : Number((all.dwell_median_s * 1.6).toFixed(1)),
        visits: all.visits,
        bins,
        suppressed: all.visits === null ? ['median_s', 'mean_s', 'visits'] : [],
    };
}

export function reach(asked: Asked): T.ReachReport {
    const days = [...localDays(asked)].map(day => {
        const sum = sums(asked, day.from, day.to);
        const devices = distinct(sum.devices, sum.quarters, asked.assets.length);
        const few = devices < kFewest;
        return {
            day: dayText(day.from, asked.zone),
            devices: few ? null : devices,
            ...(few ? {} : { devices_interval: interval(devices) }),
        };
    });
    const by_asset = asked.assets.map(asset => {
        const devices = reachOf(asked, [asset]);
        const few = devices < kFewest;
        return {
            asset_id: asset.id,
            devices: few ? null : devices,
            visits: few ? null : sums(asked, asked.from, asked.to, [asset]).visits,
        };
    });
    const devices = reachOf(asked);
    const few = devices < kFewest;
    return {
        ...basics(asked),
        devices: few ? null : devices,
        ...(few ? {} : { devices_interval: interval(devices) }),
        standard_error: 0.0081,
        method: days.length > 1 ? 'sum_of_days' : 'measured_within_day',
        days,
        by_asset,
        suppressed: few ? ['devices', 'sum_of_assets'] : [],
        sum_of_assets: few ? null : by_asset.reduce((sum, a) => sum + (a.devices ?? 0), 0),
    };
}

export function frequency(asked: Asked): T.FrequencyReport {
    const from = Math.max(asked.from, asked.now - 86_400_000);
    const within = { ...asked, from };
    const devices = asked.to > from ? reachOf(within) : 0;
    const parts = [0.64, 0.17, 0.08, 0.04, 0.025, 0.015, 0.01, 0.007, 0.005];
    let left = devices;
    const distribution: T.FrequencyBin[] = parts.map((part, i) => {
        const n = Math.round(devices * part);
        left -= n;
        return { visits: String(i + 1), devices: devices < kFewest ? null : n };
    });
    distribution.push({ visits: '10+', devices: devices < kFewest ? null : left });
    return {
        ...basics(asked),
        mean: devices < kFewest ? null : figures(within).frequency,
        distribution,
        suppressed: devices < kFewest ? ['mean', 'distribution'] : [],
        window: {
            from: new Date(from).toISOString(),
            to: new Date(Math.max(from, asked.to)).toISOString(),
        },
    };
}

export function heatmap(asked: Asked, bbox: number[], zoom: number): T.Heatmap {
    const cellZoom = Math.min(17, Math.round(zoom) + 3);
    const cells = new Map<string, { visits: number; presence: number }>();
    for (const asset of asked.assets) {
        const begin = Math.max(asked.from, asked.to - 7 * 86_400_000);
        for (
            let start = Math.floor(begin / kQuarter) * kQuarter;
            start < Math.min(asked.to, asked.now);
            start += kQuarter
        ) {
            const q = quarter(asset, start, asked);
            const parts = asset.kind === 'vehicle' ? 30 : 1;
            for (let i = 0; i < parts; ++i) {
                const at = positionAt(asset, start + (i * kQuarter) / parts);
                const cell = cellOf(at.latitude, at.longitude, cellZoom);
                const sum = cells.get(cell) ?? { visits: 0, presence: 0 };
                const local = asset.kind === 'vehicle' ? 0.6 + 0.8 * chance(cell) : 1;
                sum.visits += (q.visits / parts) * local;
                sum.presence += (q.presence / parts) * local;
                cells.set(cell, sum);
            }
        }
    }
    const [west, south, east, north] = bbox as [number, number, number, number];
    let suppressed = 0;
    const list: T.HeatCell[] = [];
    for (const [cell, { visits, presence }] of cells) {
        const centre = centreOf(cell);
        if (
            centre.longitude < west ||
            centre.longitude > east ||
            centre.latitude < south ||
            centre.latitude > north
        )
            continue;
        if (visits < kFewest) ++suppressed;
        else
            list.push({
                cell,
                ...centre,
                visits: Math.round(visits),
                presence_s: Math.round(presence),
            });
    }
    return { ...basics(asked), zoom: cellZoom, cells: list, suppressed_cells: suppressed };
}

export function routes(asked: Asked): T.RouteReport {
    return {
        ...basics(asked),
        truncated: false,
        items: asked.assets.flatMap(asset =>
            trips(asset, asked.from, asked.to, asked.now).map(trip => ({
                asset_id: asset.id,
                started: new Date(trip.started).toISOString(),
                ended: new Date(trip.ended).toISOString(),
                distance_m: trip.distance,
                driving_s: trip.driving,
                parked_s: trip.parked,
                path: trip.path,
            })),
        ),
    };
}

export function freshness(asked: Asked): T.FreshnessReport {
    return {
        ...basics(asked),
        items: kAssets
            .filter(a => asked.assets.includes(a))
            .map(asset => {
                const heard = heardAt(asset, asked.now);
                const at = heard === undefined ? undefined : new Date(heard).toISOString();
                const sum = sums({ ...asked }, asked.now - 86_400_000, asked.now, [asset]);
                return {
                    asset_id: asset.id,
                    ...(at ? { last_report_at: at, last_observation_at: at } : {}),
                    completeness_24h:
                        asset.state === 'never' ? null : Number(sum.completeness.toFixed(4)),
                    pending_reports: asset.state === 'quiet' ? 104 : 0,
                    lost_reports: asset.state === 'silent' ? 37 : 0,
                    unknown_reports: asset.state === 'silent' ? 12 : 0,
                };
            }),
    };
}
