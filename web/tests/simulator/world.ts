// A synthetic fleet in Chicago, the same for everybody: each figure is a function of the asset and
// of the quarter hour, so any two questions about the same time agree. It stands for no measurement.

import type { AssetKind, LiveAsset, LiveState } from '../../packages/api/src/types';

export const kQuarter = 900_000;
const kMile = { latitude: 0.01449, longitude: 0.01945 };
// State and Madison, from where Chicago counts its streets.
const kOrigin = { latitude: 41.88197, longitude: -87.62774 };

interface Stop {
    /** Miles north and west of State and Madison. */
    north: number;
    west: number;
    parkedSeconds?: number;
}

export interface WorldAsset {
    id: string;
    code: string;
    name: string;
    kind: AssetKind;
    weight: number;
    state: LiveState;
    loop: Stop[];
}

const corner = (north: number, west: number, parkedSeconds = 0): Stop => ({
    north,
    west,
    parkedSeconds,
});

const vehicle = (
    n: number,
    name: string,
    weight: number,
    loop: Stop[],
    state: LiveState = 'live',
) => ({
    id: `asset_0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    code: `TRK-${String(n).padStart(2, '0')}`,
    name,
    kind: 'vehicle' as const,
    weight,
    state,
    loop,
});

const face = (
    n: number,
    kind: 'billboard' | 'screen',
    name: string,
    weight: number,
    at: Stop,
    state: LiveState = 'live',
) => ({
    id: `asset_0190a000-0000-7000-8000-${String(100 + n).padStart(12, '0')}`,
    code: `${kind === 'screen' ? 'SCR' : 'BB'}-${String(n).padStart(2, '0')}`,
    name,
    kind,
    weight,
    state,
    loop: [at],
});

export const kAssets: WorldAsset[] = [
    vehicle(1, 'Loop shuttle wrap', 1.4, [
        corner(0, 0, 240),
        corner(0, 0.9),
        corner(0.5, 0.9, 120),
        corner(0.5, -0.1),
        corner(-0.5, -0.1),
        corner(-0.5, 0),
    ]),
    vehicle(2, 'Pilsen box truck', 0.8, [
        corner(-2, 1, 300),
        corner(-2, 3),
        corner(-1, 3, 180),
        corner(-1, 1),
    ]),
    vehicle(3, 'Wicker Park van', 1.1, [
        corner(2, 2, 200),
        corner(2, 4),
        corner(1, 4),
        corner(1, 2, 150),
    ]),
    vehicle(4, 'Midway courier', 0.7, [
        corner(-5, 4),
        corner(-5, 6, 400),
        corner(-4, 6),
        corner(-4, 4),
    ]),
    vehicle(5, 'Lincoln Park box truck', 1.2, [
        corner(3, 1, 120),
        corner(3, 2),
        corner(4, 2, 220),
        corner(4, 1),
    ]),
    vehicle(6, 'United Center wrap', 1.0, [
        corner(0, 2, 260),
        corner(0, 4),
        corner(-1, 4),
        corner(-1, 2, 90),
    ]),
    vehicle(7, 'Humboldt Park delivery', 0.9, [
        corner(1, 4, 120),
        corner(1, 6),
        corner(2, 6, 240),
        corner(2, 4),
    ]),
    vehicle(
        8,
        'Cicero night truck',
        0.5,
        [corner(-2, 6), corner(-2, 7.4, 600), corner(-1, 7.4), corner(-1, 6)],
        'quiet',
    ),
    vehicle(
        9,
        'Bridgeport flatbed',
        0.6,
        [corner(-3, 1), corner(-3, 2.5, 300), corner(-4, 2.5), corner(-4, 1)],
        'silent',
    ),
    vehicle(10, 'Goose Island van', 0.8, [
        corner(1, 1, 90),
        corner(1, 2),
        corner(1.5, 2, 200),
        corner(1.5, 1),
    ]),
    face(1, 'billboard', 'Kennedy at Ohio, north face', 2.6, corner(0.75, 0.8)),
    face(2, 'billboard', 'Eisenhower at Ashland', 2.1, corner(-0.5, 2)),
    face(3, 'screen', 'State and Lake', 1.9, corner(0.25, 0)),
    face(4, 'screen', 'Michigan and Randolph', 1.6, corner(0.2, -0.22)),
    face(5, 'billboard', 'Stevenson at Cicero', 1.3, corner(-4.4, 6)),
    face(6, 'screen', 'Fulton Market corner', 0.9, corner(0.4, 1.2), 'never'),
];

/** 0..1, the same for the same words. */
export function chance(...words: (string | number)[]): number {
    let hash = 2166136261;
    for (const character of words.join('/')) {
        hash ^= character.charCodeAt(0);
        hash = Math.imul(hash, 16777619);
    }
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 2246822519);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 3266489917);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

const place = (stop: Stop) => ({
    latitude: kOrigin.latitude + stop.north * kMile.latitude,
    longitude: kOrigin.longitude - stop.west * kMile.longitude,
});

function metres(a: Stop, b: Stop): number {
    return Math.hypot(a.north - b.north, a.west - b.west) * 1609.344;
}

const kSpeed = 7.5;

interface Leg {
    begins: number;
    lasts: number;
    from: Stop;
    to: Stop;
    parked: boolean;
}

const legsOf = new Map<string, { legs: Leg[]; total: number }>();

function legs(asset: WorldAsset) {
    let made = legsOf.get(asset.id);
    if (!made) {
        const list: Leg[] = [];
        let at = 0;
        asset.loop.forEach((stop, i) => {
            const next = asset.loop[(i + 1) % asset.loop.length]!;
            for (const parked of [true, false]) {
                const lasts = parked ? (stop.parkedSeconds ?? 0) : metres(stop, next) / kSpeed;
                if (lasts > 0)
                    list.push({ begins: at, lasts, from: stop, to: parked ? stop : next, parked });
                at += Math.max(0, lasts);
            }
        });
        made = { legs: list, total: Math.max(at, 1) };
        legsOf.set(asset.id, made);
    }
    return made;
}

export interface Position {
    latitude: number;
    longitude: number;
    heading: number;
    speed: number;
    parked: boolean;
}

export function positionAt(asset: WorldAsset, at: number): Position {
    if (asset.kind !== 'vehicle') {
        return { ...place(asset.loop[0]!), heading: 0, speed: 0, parked: true };
    }
    const { legs: list, total } = legs(asset);
    const t = (at / 1000 + chance(asset.id, 'phase') * total) % total;
    const leg = list.findLast(l => l.begins <= t) ?? list[0]!;
    const share = leg.parked ? 0 : (t - leg.begins) / leg.lasts;
    const here = {
        north: leg.from.north + (leg.to.north - leg.from.north) * share,
        west: leg.from.west + (leg.to.west - leg.from.west) * share,
    };
    const next = list.find(l => !l.parked && l.begins >= leg.begins) ?? list.find(l => !l.parked)!;
    const north = next.to.north - next.from.north;
    const east = -(next.to.west - next.from.west);
    const heading = ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
    return { ...place(here), heading, speed: leg.parked ? 0 : kSpeed, parked: leg.parked };
}

/** When it was last heard, as its state has it. */
export function heardAt(asset: WorldAsset, now: number): number | undefined {
    switch (asset.state) {
        case 'live':
            return now - 1000 - Math.floor(chance(asset.id, Math.floor(now / 2000)) * 1500);
        case 'quiet':
            return now - 210_000;
        case 'silent':
            return now - 2.2 * 3_600_000;
        case 'never':
            return undefined;
    }
}

export function liveAsset(asset: WorldAsset, now: number): LiveAsset {
    const heard = heardAt(asset, now);
    const base = {
        asset_id: asset.id,
        code: asset.code,
        name: asset.name,
        kind: asset.kind,
        state: asset.state,
    };
    if (heard === undefined) {
        return { ...base, ...place(asset.loop[0]!) };
    }
    const at = positionAt(asset, heard);
    return {
        ...base,
        latitude: at.latitude,
        longitude: at.longitude,
        ...(asset.kind === 'vehicle'
            ? { heading_deg: Math.round(at.heading), speed_m_s: at.speed }
            : {}),
        position_at: new Date(heard).toISOString(),
        last_heard_at: new Date(heard).toISOString(),
    };
}

// By local hour in Chicago: quiet nights, two rushes.
const kHours = [
    0.12, 0.08, 0.06, 0.06, 0.1, 0.25, 0.55, 0.95, 1.15, 0.95, 0.85, 0.95, 1.15, 1.05, 0.95, 1.0,
    1.2, 1.35, 1.15, 0.85, 0.65, 0.5, 0.35, 0.2,
];

export interface QuarterFigures {
    visits: number;
    devices: number;
    presence: number;
    occupancyMax: number;
    completeness: number;
    corrected: boolean;
    dwell: number;
}

/** What one asset measured in the quarter hour that begins then, until `now`. */
export function quarterFigures(
    asset: WorldAsset,
    start: number,
    now: number,
    scale: number,
): QuarterFigures {
    const heard = asset.state === 'silent' ? heardAt(asset, now)! : now;
    if (asset.state === 'never' || start > heard) {
        return {
            visits: 0,
            devices: 0,
            presence: 0,
            occupancyMax: 0,
            completeness: asset.state === 'never' ? 0 : start > now ? 1 : 0,
            corrected: false,
            dwell: 0,
        };
    }
    const elapsed = Math.min(1, (now - start) / kQuarter);
    const hour = (start / 3_600_000 - 5 + 24 * 1000) % 24;
    const low = kHours[Math.floor(hour)]!;
    const high = kHours[(Math.floor(hour) + 1) % 24]!;
    const profile = low + (high - low) * (hour % 1);
    const weekday = Math.floor(start / 86_400_000 + 4) % 7;
    const weekend = weekday === 0 || weekday === 6 ? 0.7 : 1;
    const noise = 0.75 + 0.5 * chance(asset.id, start);
    const growth = 1 + 0.004 * ((start - 1_790_000_000_000) / 86_400_000);
    const outage = chance('outage', Math.floor(start / (3 * kQuarter))) > 0.985;
    const completeness = outage
        ? 0.55 + 0.2 * chance(asset.id, start, 'gap')
        : 0.985 + 0.015 * chance(asset.id, start, 'c');
    const visits = Math.round(
        62 *
            asset.weight *
            profile *
            weekend *
            noise *
            Math.max(0.3, growth) *
            elapsed *
            scale *
            completeness,
    );
    const dwell = 22 + 50 * chance(asset.id, start, 'dwell');
    const presence = visits * dwell * 1.4;
    return {
        visits,
        devices: Math.round(visits * (0.66 + 0.1 * chance(asset.id, start, 'd'))),
        presence,
        occupancyMax: Math.ceil((presence / 900) * 2.2),
        completeness,
        corrected: chance('corrected', asset.id, start) > 0.997,
        dwell,
    };
}

/** Trips of one vehicle in a period, one an hour and a half; parked legs included. */
export function trips(asset: WorldAsset, from: number, to: number, now: number) {
    if (asset.kind !== 'vehicle') return [];
    const length = 90 * 60_000;
    const end = Math.min(to, heardAt(asset, now) ?? 0);
    const list: {
        started: number;
        ended: number;
        distance: number;
        driving: number;
        parked: number;
        path: number[][];
    }[] = [];
    for (
        let started = Math.ceil(from / length) * length - length;
        started < end;
        started += length
    ) {
        const begin = Math.max(started, from);
        const ended = Math.min(started + length - 6 * 60_000, end);
        if (ended - begin < 60_000) continue;
        let distance = 0;
        let parked = 0;
        const path: number[][] = [];
        for (let at = begin; at <= ended; at += 20_000) {
            const p = positionAt(asset, at);
            if (p.parked) parked += 20;
            else distance += 20 * kSpeed;
            path.push([
                Number(p.longitude.toFixed(6)),
                Number(p.latitude.toFixed(6)),
                Math.round(at / 1000),
            ]);
        }
        const total = Math.round((ended - begin) / 1000);
        list.push({
            started: begin,
            ended,
            distance: Math.round(distance),
            driving: total - parked,
            parked,
            path,
        });
    }
    return list;
}
