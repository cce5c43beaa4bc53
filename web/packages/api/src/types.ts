// The API's vocabulary, as the contract has it: snake_case, instants as ISO text, units in names.

export type Instant = string;
export type Basis = 'devices';
export type Source = 'all' | 'wifi' | 'ble';
export type Motion = 'all' | 'fixed' | 'parked' | 'driving';
export type Grain = 'quarter' | 'hour' | 'day';
export type AssetKind = 'billboard' | 'screen' | 'vehicle';
export type LiveState = 'live' | 'quiet' | 'silent' | 'never';
export type Interval = [number, number];

export type Role = 'viewer' | 'analyst' | 'admin' | 'owner';

export interface Session {
    user: { id: string; name: string; role: Role; has_one_time_password: boolean };
    company: {
        id: string;
        name: string;
        time_zone: string;
        privacy_mode: 'standard' | 'strict';
        synthetic: boolean;
    };
    expires_at: Instant;
}

export interface Page<T> {
    items: T[];
    next_cursor?: string;
}

export interface Asset {
    id: string;
    code: string;
    name: string;
    kind: AssetKind;
    state: 'in_service' | 'retired';
    latitude?: number;
    longitude?: number;
    time_zone: string;
    registered_at: Instant;
    /** The sensor that is on it now. */
    device_id?: string;
}

export interface NewAsset {
    code: string;
    name: string;
    kind: AssetKind;
    latitude?: number;
    longitude?: number;
    time_zone?: string;
}

export interface Device {
    id: string;
    name: string;
    state: 'active' | 'revoked';
    enrolled_at: Instant;
    certificate_expires_at: Instant;
    revoked_at?: Instant;
}

export interface NewClaim {
    name: string;
    asset_id?: string;
}

export interface Claim {
    id: string;
    code: string;
    name: string;
    asset_id?: string;
    expires_at: Instant;
    command: string;
}

export interface LiveAsset {
    asset_id: string;
    code: string;
    name: string;
    kind: AssetKind;
    latitude?: number;
    longitude?: number;
    heading_deg?: number;
    speed_m_s?: number;
    position_at?: Instant;
    last_heard_at?: Instant;
    state: LiveState;
}

export interface LiveAssets {
    server_time: Instant;
    items: LiveAsset[];
}

/** What every reply of figures carries. Facts are complete up to `as_of`. */
export interface Basics {
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    completeness: number | null;
}

export interface OverviewFigures {
    visits: number | null;
    devices: number | null;
    devices_interval?: Interval;
    frequency: number | null;
    presence_s: number | null;
    dwell_median_s: number | null;
    occupancy_mean: number | null;
    occupancy_max: number | null;
    assets_heard: number;
    distance_m: number;
    driving_s: number;
    parked_s: number;
    completeness: number | null;
    suppressed: string[];
}

export interface Overview extends Basics {
    from: Instant;
    to: Instant;
    current: OverviewFigures;
    previous?: OverviewFigures;
    previous_from?: Instant;
    previous_to?: Instant;
}

export interface ExposureItem {
    start: Instant;
    end: Instant;
    visits: number | null;
    devices: number | null;
    devices_interval?: Interval;
    presence_s: number | null;
    occupancy_mean: number | null;
    occupancy_max: number | null;
    completeness: number | null;
    corrected: boolean;
    suppressed: string[];
}

export interface Exposure extends Basics {
    grain: Grain;
    items: ExposureItem[];
}

export interface DwellBin {
    label: string;
    from_s: number | null;
    to_s: number | null;
    visits: number | null;
}

export interface Dwell extends Basics {
    median_s: number | null;
    mean_s: number | null;
    visits: number | null;
    bins: DwellBin[];
    suppressed: string[];
}

export interface ReachDay {
    day: string;
    devices: number | null;
    devices_interval?: Interval;
}

export interface ReachAsset {
    asset_id: string;
    devices: number | null;
    visits: number | null;
}

export interface Reach extends Basics {
    devices: number | null;
    devices_interval?: Interval;
    standard_error: number;
    method: 'measured_within_day' | 'sum_of_days';
    days: ReachDay[];
    by_asset: ReachAsset[];
    sum_of_assets: number | null;
    suppressed: string[];
}

export interface FrequencyStep {
    visits: string;
    devices: number | null;
}

export interface Frequency extends Basics {
    mean: number | null;
    distribution: FrequencyStep[];
    window: { from: Instant; to: Instant };
    suppressed: string[];
}

export interface HeatCell {
    cell: string;
    latitude: number;
    longitude: number;
    visits: number;
    presence_s: number;
}

export interface Heatmap extends Basics {
    zoom: number;
    cells: HeatCell[];
    suppressed_cells: number;
}

/** Longitude, latitude, seconds since 1970. */
export type PathPoint = number[];

export interface Route {
    asset_id: string;
    started: Instant;
    ended: Instant;
    distance_m: number;
    driving_s: number;
    parked_s: number;
    path: PathPoint[];
}

export interface Routes extends Basics {
    items: Route[];
    truncated: boolean;
}

export interface FreshnessItem {
    asset_id: string;
    last_report_at?: Instant;
    last_observation_at?: Instant;
    completeness_24h: number | null;
    pending_reports: number;
    lost_reports: number;
    unknown_reports: number;
}

export interface Freshness extends Basics {
    items: FreshnessItem[];
}

/** What reports are asked with. */
export interface ReportQuery {
    from: Instant;
    to: Instant;
    time_zone?: string;
    asset_id?: string[];
    source?: Source;
    motion?: Motion;
}
