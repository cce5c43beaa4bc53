// Made by tools/api_gen.py from the contracts (openapi.yaml). Change those instead.

/** Of a customer's people viewer, analyst, admin and owner, each of whom may do what those before may,
 *  and operator, for the fleet; of our staff the others. */
export type Role = "viewer" | "analyst" | "admin" | "owner" | "operator" | "support" | "fulfillment" | "finance" | "engineer" | "superuser";
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

export interface Attempt {
    id: Id;
    endpoint_id: Id;
    message_id: Id;
    event_type: string;
    number: number;
    outcome: AttemptOutcome;
    status?: number;
    detail?: string;
    begun_at: Instant;
    took_ms: number;
    next_at?: Instant;
    body?: string;
}

export type AttemptOutcome = "delivered" | "refused" | "redirected" | "too_many" | "gone" | "no_answer" | "not_trusted" | "address_refused" | "too_large";

export interface AttemptPage {
    items: Attempt[];
    next_cursor?: string;
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

export interface Endpoint {
    id: Id;
    company_id: Id;
    url: string;
    description?: string;
    event_types: string[];
    state: EndpointState;
    state_since?: Instant;
    failing_since?: Instant;
    secret_rotated_at?: Instant;
    created_at: Instant;
    waiting: number;
    lag_s: number;
    delivered_day: number;
    failed_day: number;
}

export interface EndpointChange {
    url?: string;
    description?: string;
    event_types?: string[];
    enabled?: boolean;
}

export interface EndpointPage {
    items: Endpoint[];
    next_cursor?: string;
}

/** by_receiver, when it answered 410; by_failures, when nothing got through for 5 days. */
export type EndpointState = "enabled" | "disabled_by_company" | "disabled_by_failures" | "disabled_by_receiver";

export interface EndpointWithSecret {
    endpoint: Endpoint;
    secret: string;
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

export interface EventType {
    name: string;
    description: string;
    example: string;
}

export interface EventTypes {
    items: EventType[];
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

export interface Job {
    id: Id;
    company_id?: Id;
    kind: string;
    state: JobState;
    priority: JobPriority;
    attempt: number;
    attempts_max?: number;
    enqueued_at: Instant;
    due_at: Instant;
    started_at?: Instant;
    finished_at?: Instant;
    deadline_at?: Instant;
    unique_key?: string;
    progress_percent?: number;
    progress_note?: string;
    cancel_asked: boolean;
    errors: JobError[];
}

export interface JobError {
    at: Instant;
    attempt: number;
    code: string;
    message: string;
}

export interface JobKind {
    kind: string;
    available: number;
    scheduled: number;
    retryable: number;
    running: number;
    completed: number;
    cancelled: number;
    discarded: number;
    oldest_age_s: number;
}

export interface JobKinds {
    items: JobKind[];
}

export interface JobPage {
    items: Job[];
    next_cursor?: string;
}

export type JobPriority = "urgent" | "high" | "normal" | "low";

export interface JobSchedule {
    name: string;
    kind: string;
    cron: string;
    time_zone: string;
    next_run_at: Instant;
    last_run_at?: Instant;
    paused: boolean;
}

export interface JobSchedules {
    items: JobSchedule[];
}

export type JobState = "available" | "scheduled" | "retryable" | "running" | "completed" | "cancelled" | "discarded";

export interface JobsChanged {
    count: number;
}

export interface JobsChosen {
    kind?: string;
    state?: JobState;
    company_id?: Id;
    error_code?: string;
    most: number;
}

export interface Letter {
    mail: Mail;
    text: string;
    html: string;
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

export interface Mail {
    id: Id;
    company_id?: Id;
    to: string;
    template: string;
    subject: string;
    state: MailState;
    attempts: number;
    answer?: string;
    written_at: Instant;
    sent_at?: Instant;
}

export interface MailPage {
    items: Mail[];
    next_cursor?: string;
}

/** kept: no SMTP server is set up, so this is its end; refused: the server will not have it; failed: given up after many tries. */
export type MailState = "waiting" | "kept" | "sent" | "refused" | "failed";

export interface MailTemplate {
    name: string;
    subject: string;
    text: string;
    html: string;
}

export interface MailTemplates {
    items: MailTemplate[];
}

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

export interface NewEndpoint {
    url: string;
    description?: string;
    event_types: string[];
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

export interface SchedulePause {
    name: string;
    paused: boolean;
}

export interface Sent {
    message_id: Id;
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
    list_jobs: {params: Record<string, never>; query: {kind?: string; state?: JobState; company_id?: Id; error_code?: string; cursor?: string; limit?: number}; body: undefined; reply: JobPage};
    find_job: {params: {job_id: string}; query: Record<string, never>; body: undefined; reply: Job};
    cancel_job: {params: {job_id: string}; query: Record<string, never>; body: undefined; reply: Job};
    retry_job: {params: {job_id: string}; query: Record<string, never>; body: undefined; reply: Job};
    redrive_jobs: {params: Record<string, never>; query: Record<string, never>; body: JobsChosen; reply: JobsChanged};
    cancel_jobs: {params: Record<string, never>; query: Record<string, never>; body: JobsChosen; reply: JobsChanged};
    list_job_kinds: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: JobKinds};
    list_job_schedules: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: JobSchedules};
    pause_job_schedule: {params: Record<string, never>; query: Record<string, never>; body: SchedulePause; reply: JobSchedules};
    list_mail: {params: Record<string, never>; query: {state?: MailState; template?: string; company_id?: Id; cursor?: string; limit?: number}; body: undefined; reply: MailPage};
    find_mail: {params: {mail_id: string}; query: Record<string, never>; body: undefined; reply: Letter};
    retry_mail: {params: {mail_id: string}; query: Record<string, never>; body: undefined; reply: Mail};
    list_mail_templates: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: MailTemplates};
    list_endpoints: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: EndpointPage};
    create_endpoint: {params: Record<string, never>; query: Record<string, never>; body: NewEndpoint; reply: EndpointWithSecret};
    find_endpoint: {params: {endpoint_id: string}; query: Record<string, never>; body: undefined; reply: Endpoint};
    change_endpoint: {params: {endpoint_id: string}; query: Record<string, never>; body: EndpointChange; reply: Endpoint};
    delete_endpoint: {params: {endpoint_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    send_test: {params: {endpoint_id: string}; query: Record<string, never>; body: undefined; reply: Sent};
    rotate_secret: {params: {endpoint_id: string}; query: Record<string, never>; body: undefined; reply: EndpointWithSecret};
    list_attempts: {params: {endpoint_id: string}; query: {failed?: boolean; cursor?: string; limit?: number}; body: undefined; reply: AttemptPage};
    replay_attempt: {params: {attempt_id: string}; query: Record<string, never>; body: undefined; reply: Sent};
    list_event_types: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: EventTypes};
    list_all_endpoints: {params: Record<string, never>; query: {company_id?: Id; state?: EndpointState; cursor?: string; limit?: number}; body: undefined; reply: EndpointPage};
    list_attempts_of_all: {params: {endpoint_id: string}; query: {failed?: boolean; cursor?: string; limit?: number}; body: undefined; reply: AttemptPage};
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

/** Where each is, who may call it, and what of a key's scopes it needs. */
export const operations = {
    list_jobs: {method: "GET", path: "/api/v1/backoffice/jobs", roles: ["support", "engineer", "superuser"], permission: "backoffice_jobs:read"},
    find_job: {method: "GET", path: "/api/v1/backoffice/jobs/{job_id}", roles: ["support", "engineer", "superuser"], permission: "backoffice_jobs:read"},
    cancel_job: {method: "POST", path: "/api/v1/backoffice/jobs/{job_id}/cancel", roles: ["engineer", "superuser"], permission: "backoffice_jobs:write"},
    retry_job: {method: "POST", path: "/api/v1/backoffice/jobs/{job_id}/retry", roles: ["engineer", "superuser"], permission: "backoffice_jobs:write"},
    redrive_jobs: {method: "POST", path: "/api/v1/backoffice/jobs/redrive", roles: ["engineer", "superuser"], permission: "backoffice_jobs:write"},
    cancel_jobs: {method: "POST", path: "/api/v1/backoffice/jobs/cancel", roles: ["engineer", "superuser"], permission: "backoffice_jobs:write"},
    list_job_kinds: {method: "GET", path: "/api/v1/backoffice/job-kinds", roles: ["support", "engineer", "superuser"], permission: "backoffice_jobs:read"},
    list_job_schedules: {method: "GET", path: "/api/v1/backoffice/job-schedules", roles: ["support", "engineer", "superuser"], permission: "backoffice_jobs:read"},
    pause_job_schedule: {method: "POST", path: "/api/v1/backoffice/job-schedules/pause", roles: ["engineer", "superuser"], permission: "backoffice_jobs:write"},
    list_mail: {method: "GET", path: "/api/v1/backoffice/mail", roles: ["support", "engineer", "superuser"], permission: "backoffice_mail:read"},
    find_mail: {method: "GET", path: "/api/v1/backoffice/mail/{mail_id}", roles: ["support", "superuser"], permission: "backoffice_mail:read"},
    retry_mail: {method: "POST", path: "/api/v1/backoffice/mail/{mail_id}/retry", roles: ["support", "engineer", "superuser"], permission: "backoffice_mail:write"},
    list_mail_templates: {method: "GET", path: "/api/v1/backoffice/mail-templates", roles: ["support", "engineer", "superuser"], permission: "backoffice_mail:read"},
    list_endpoints: {method: "GET", path: "/api/v1/webhooks", roles: ["admin", "owner"], permission: "webhooks:read"},
    create_endpoint: {method: "POST", path: "/api/v1/webhooks", roles: ["admin", "owner"], permission: "webhooks:write"},
    find_endpoint: {method: "GET", path: "/api/v1/webhooks/{endpoint_id}", roles: ["admin", "owner"], permission: "webhooks:read"},
    change_endpoint: {method: "PATCH", path: "/api/v1/webhooks/{endpoint_id}", roles: ["admin", "owner"], permission: "webhooks:write"},
    delete_endpoint: {method: "DELETE", path: "/api/v1/webhooks/{endpoint_id}", roles: ["admin", "owner"], permission: "webhooks:write"},
    send_test: {method: "POST", path: "/api/v1/webhooks/{endpoint_id}/test", roles: ["admin", "owner"], permission: "webhooks:write"},
    rotate_secret: {method: "POST", path: "/api/v1/webhooks/{endpoint_id}/rotate", roles: ["admin", "owner"], permission: "webhooks:write"},
    list_attempts: {method: "GET", path: "/api/v1/webhooks/{endpoint_id}/attempts", roles: ["admin", "owner"], permission: "webhooks:read"},
    replay_attempt: {method: "POST", path: "/api/v1/webhook-attempts/{attempt_id}/replay", roles: ["admin", "owner"], permission: "webhooks:write"},
    list_event_types: {method: "GET", path: "/api/v1/webhook-event-types", roles: ["admin", "owner"], permission: "webhooks:read"},
    list_all_endpoints: {method: "GET", path: "/api/v1/backoffice/webhooks", roles: ["support", "engineer", "superuser"], permission: "backoffice_webhooks:read"},
    list_attempts_of_all: {method: "GET", path: "/api/v1/backoffice/webhooks/{endpoint_id}/attempts", roles: ["support", "engineer", "superuser"], permission: "backoffice_webhooks:read"},
    begin_session: {method: "POST", path: "/api/v1/session", roles: ["open"], permission: ""},
    find_session: {method: "GET", path: "/api/v1/session", roles: ["person"], permission: "session:read"},
    end_session: {method: "DELETE", path: "/api/v1/session", roles: ["person"], permission: "session:write"},
    change_password: {method: "POST", path: "/api/v1/session/password", roles: ["person"], permission: "password:write"},
    list_assets: {method: "GET", path: "/api/v1/assets", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    register_asset: {method: "POST", path: "/api/v1/assets", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    find_asset: {method: "GET", path: "/api/v1/assets/{asset_id}", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    retire_asset: {method: "POST", path: "/api/v1/assets/{asset_id}/retirement", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    attach_device: {method: "POST", path: "/api/v1/assets/{asset_id}/attachments", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    list_devices: {method: "GET", path: "/api/v1/devices", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "devices:read"},
    revoke_device: {method: "POST", path: "/api/v1/devices/{device_id}/revocation", roles: ["admin", "owner", "operator"], permission: "devices:write"},
    create_claim: {method: "POST", path: "/api/v1/claims", roles: ["admin", "owner", "operator"], permission: "devices:write"},
    enrol: {method: "POST", path: "/device/v1/enrolment", roles: ["open"], permission: ""},
    overview: {method: "GET", path: "/api/v1/reports/overview", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    exposure: {method: "GET", path: "/api/v1/reports/exposure", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    dwell: {method: "GET", path: "/api/v1/reports/dwell", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    reach: {method: "GET", path: "/api/v1/reports/reach", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    frequency: {method: "GET", path: "/api/v1/reports/frequency", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    heatmap: {method: "GET", path: "/api/v1/reports/heatmap", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    routes: {method: "GET", path: "/api/v1/reports/routes", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    freshness: {method: "GET", path: "/api/v1/reports/freshness", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    live_assets: {method: "GET", path: "/api/v1/live/assets", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    live_events: {method: "GET", path: "/api/v1/live/events", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
} as const satisfies Record<
    keyof Operations,
    {method: string; path: string; roles: readonly (Role | "person" | "open" | "device")[]; permission: string}
>;
