// Made by tools/api_gen.py from the contracts (openapi.yaml). Change those instead.

/** Each may do what those before it may. */
export type Role = "viewer" | "analyst" | "admin" | "owner";
/** "asset_0190..." */
export type Id = string;
/** "2026-08-21T09:30:00.000000Z" */
export type Instant = string;
/** Whole units of the currency's smallest coin. */
export interface Money {
    minor: number;
    currency: string;
}
/** What went wrong, as RFC 9457 has it. */
export interface Problem {
    status: number;
    /** For programs; never changes. */
    code: string;
    /** For people; may change. */
    detail: string;
    /** All that is wrong with what was sent. */
    errors?: {pointer: string; detail: string}[];
}

export interface Asset {
    id: Id;
    code: string;
    name: string;
    kind: AssetKind;
    state: AssetState;
    latitude?: number;
    longitude?: number;
    time_zone: string;
    registered_at: Instant;
    device_id?: Id;
}

export interface AssetFreshness {
    asset_id: Id;
    last_report_at?: Instant;
    last_observation_at?: Instant;
    completeness_24h: number | null;
    pending_reports: number;
    lost_reports: number;
    unknown_reports: number;
}

export type AssetKind = "billboard" | "screen" | "vehicle";

export interface AssetPage {
    items: Asset[];
    next_cursor?: string;
}

export type AssetState = "in_service" | "retired";

export interface Attachment {
    id: Id;
    asset_id: Id;
    device_id: Id;
    from: Instant;
    to?: Instant;
}

/** Not calibrated, and so never people. */
export type Basis = "devices";

export interface Claim {
    id: Id;
    code: string;
    name: string;
    asset_id?: Id;
    expires_at: Instant;
    command: string;
}

export interface CompanyProfile {
    id: Id;
    name: string;
    time_zone: string;
    privacy_mode: PrivacyMode;
    synthetic: boolean;
}

export type Comparison = "previous" | "none";

export interface Device {
    id: Id;
    name: string;
    state: DeviceState;
    enrolled_at: Instant;
    certificate_expires_at: Instant;
    revoked_at?: Instant;
}

export interface DevicePage {
    items: Device[];
    next_cursor?: string;
}

export type DeviceState = "active" | "revoked";

export interface DwellBin {
    label: string;
    from_s: number | null;
    to_s: number | null;
    visits: number | null;
}

export interface DwellReport {
    visits: number | null;
    median_s: number | null;
    mean_s: number | null;
    bins: DwellBin[];
    suppressed: string[];
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    completeness: number | null;
}

export interface Enrolment {
    device_id: Id;
    company_id: Id;
    certificate_pem: string;
    ca_pem: string;
    mqtt_url: string;
    https_url: string;
    time_zone: string;
    salt_mode: string;
}

export interface EnrolmentRequest {
    claim_code: string;
    csr_pem: string;
}

export interface ExposureBucket {
    start: Instant;
    end: Instant;
    visits: number | null;
    devices: number | null;
    devices_interval?: [number, number];
    presence_s: number | null;
    occupancy_mean: number | null;
    occupancy_max: number | null;
    completeness: number | null;
    corrected: boolean;
    suppressed: string[];
}

export interface ExposureSeries {
    grain: Grain;
    items: ExposureBucket[];
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    completeness: number | null;
}

export interface FrequencyBin {
    visits: string;
    devices: number | null;
}

export interface FrequencyReport {
    mean: number | null;
    distribution: FrequencyBin[];
    window: FrequencyWindow;
    suppressed: string[];
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    completeness: number | null;
}

export interface FrequencyWindow {
    from: Instant;
    to: Instant;
}

export interface FreshnessReport {
    items: AssetFreshness[];
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    completeness: number | null;
}

export type Grain = "quarter" | "hour" | "day";

export interface HeatCell {
    cell: string;
    latitude: number;
    longitude: number;
    visits: number;
    presence_s: number;
}

export interface Heatmap {
    zoom: number;
    cells: HeatCell[];
    suppressed_cells: number;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    completeness: number | null;
}

export interface LiveAsset {
    asset_id: Id;
    code: string;
    name: string;
    kind: string;
    latitude?: number;
    longitude?: number;
    heading_deg?: number;
    speed_m_s?: number;
    position_at?: Instant;
    last_heard_at?: Instant;
    state: LiveState;
}

export interface LiveAssetList {
    server_time: Instant;
    items: LiveAsset[];
}

export interface LiveFigures {
    as_of?: Instant;
}

export interface LiveHeartbeat {
    server_time: Instant;
}

/** live: heard within 30 s. quiet: within 10 min. silent: longer ago. */
export type LiveState = "live" | "quiet" | "silent" | "never";

export type MotionFilter = "all" | "fixed" | "parked" | "driving";

export interface NewAsset {
    code: string;
    name: string;
    kind: AssetKind;
    latitude?: number;
    longitude?: number;
    time_zone?: string;
}

export interface NewAttachment {
    device_id: Id;
    from?: Instant;
}

export interface NewClaim {
    name: string;
    asset_id?: Id;
}

export interface Overview {
    from: Instant;
    to: Instant;
    current: OverviewFigures;
    previous?: OverviewFigures;
    previous_from?: Instant;
    previous_to?: Instant;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    completeness: number | null;
}

export interface OverviewFigures {
    visits: number | null;
    devices: number | null;
    devices_interval?: [number, number];
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

export interface PasswordChange {
    current: string;
    next: string;
}

export interface Person {
    id: Id;
    name: string;
    role: Role;
    has_one_time_password: boolean;
}

export type PrivacyMode = "standard" | "strict";

export interface ReachAsset {
    asset_id: Id;
    devices: number | null;
    visits: number | null;
}

export interface ReachDay {
    day: string;
    devices: number | null;
    devices_interval?: [number, number];
}

/** Pseudonyms end with the company's day: over several days a device counts once a day. */
export type ReachMethod = "measured_within_day" | "sum_of_days";

export interface ReachReport {
    devices: number | null;
    devices_interval?: [number, number];
    standard_error: number;
    method: ReachMethod;
    days: ReachDay[];
    by_asset: ReachAsset[];
    sum_of_assets: number | null;
    suppressed: string[];
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    completeness: number | null;
}

export interface RouteReport {
    items: Trip[];
    truncated: boolean;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    completeness: number | null;
}

export interface Session {
    user: Person;
    company: CompanyProfile;
    expires_at: Instant;
}

export interface SignIn {
    password: string;
}

export type SourceFilter = "all" | "wifi" | "ble";

export interface Trip {
    asset_id: Id;
    started: Instant;
    ended: Instant;
    distance_m: number;
    driving_s: number;
    parked_s: number;
    path: number[][];
}

/** What each operation is given and gives back. */
export interface Operations {
    begin_session: {params: Record<string, never>; query: Record<string, never>; body: SignIn; reply: Session};
    find_session: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Session};
    end_session: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: undefined};
    change_password: {params: Record<string, never>; query: Record<string, never>; body: PasswordChange; reply: undefined};
    list_assets: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: AssetPage};
    register_asset: {params: Record<string, never>; query: Record<string, never>; body: NewAsset; reply: Asset};
    find_asset: {params: {asset_id: string}; query: Record<string, never>; body: undefined; reply: Asset};
    retire_asset: {params: {asset_id: string}; query: Record<string, never>; body: undefined; reply: Asset};
    attach_device: {params: {asset_id: string}; query: Record<string, never>; body: NewAttachment; reply: Attachment};
    list_devices: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: DevicePage};
    revoke_device: {params: {device_id: string}; query: Record<string, never>; body: undefined; reply: Device};
    create_claim: {params: Record<string, never>; query: Record<string, never>; body: NewClaim; reply: Claim};
    enrol: {params: Record<string, never>; query: Record<string, never>; body: EnrolmentRequest; reply: Enrolment};
    overview: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter; compare?: Comparison}; body: undefined; reply: Overview};
    exposure: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter; grain: Grain}; body: undefined; reply: ExposureSeries};
    dwell: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter}; body: undefined; reply: DwellReport};
    reach: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter}; body: undefined; reply: ReachReport};
    frequency: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter}; body: undefined; reply: FrequencyReport};
    heatmap: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter; bbox?: string; zoom: number}; body: undefined; reply: Heatmap};
    routes: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; bbox?: string}; body: undefined; reply: RouteReport};
    freshness: {params: Record<string, never>; query: {asset_id?: Id[]}; body: undefined; reply: FreshnessReport};
    live_assets: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: LiveAssetList};
    live_events: {params: Record<string, never>; query: Record<string, never>; body: BodyInit | undefined; reply: Response};
}

/** Where each is, and the least role that may call it. */
export const operations = {
    begin_session: {method: "POST", path: "/api/v1/session", role: "open"},
    find_session: {method: "GET", path: "/api/v1/session", role: "viewer"},
    end_session: {method: "DELETE", path: "/api/v1/session", role: "viewer"},
    change_password: {method: "POST", path: "/api/v1/session/password", role: "viewer"},
    list_assets: {method: "GET", path: "/api/v1/assets", role: "viewer"},
    register_asset: {method: "POST", path: "/api/v1/assets", role: "admin"},
    find_asset: {method: "GET", path: "/api/v1/assets/{asset_id}", role: "viewer"},
    retire_asset: {method: "POST", path: "/api/v1/assets/{asset_id}/retirement", role: "admin"},
    attach_device: {method: "POST", path: "/api/v1/assets/{asset_id}/attachments", role: "admin"},
    list_devices: {method: "GET", path: "/api/v1/devices", role: "viewer"},
    revoke_device: {method: "POST", path: "/api/v1/devices/{device_id}/revocation", role: "admin"},
    create_claim: {method: "POST", path: "/api/v1/claims", role: "admin"},
    enrol: {method: "POST", path: "/device/v1/enrolment", role: "open"},
    overview: {method: "GET", path: "/api/v1/reports/overview", role: "viewer"},
    exposure: {method: "GET", path: "/api/v1/reports/exposure", role: "viewer"},
    dwell: {method: "GET", path: "/api/v1/reports/dwell", role: "viewer"},
    reach: {method: "GET", path: "/api/v1/reports/reach", role: "viewer"},
    frequency: {method: "GET", path: "/api/v1/reports/frequency", role: "viewer"},
    heatmap: {method: "GET", path: "/api/v1/reports/heatmap", role: "viewer"},
    routes: {method: "GET", path: "/api/v1/reports/routes", role: "viewer"},
    freshness: {method: "GET", path: "/api/v1/reports/freshness", role: "viewer"},
    live_assets: {method: "GET", path: "/api/v1/live/assets", role: "viewer"},
    live_events: {method: "GET", path: "/api/v1/live/events", role: "viewer"},
} as const satisfies Record<
    keyof Operations,
    {method: string; path: string; role: Role | "open" | "device"}
>;
