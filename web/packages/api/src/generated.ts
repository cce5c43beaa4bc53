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

export type About = "nobody" | "people" | "contacts" | "passers_by";

export interface Accepted {
    accepted: boolean;
}

/** What the banner shows while staff see what this person sees. */
export interface ActingAs {
    id: Id;
    staff_id: Id;
    staff_name: string;
    reason: string;
    ticket: string;
    may_write: boolean;
    state: ImpersonationState;
    expires_at: Instant;
}

export type ActorKind = "person" | "api_key" | "device" | "system";

export interface Annotation {
    id: Id;
    kind: AnnotationKind;
    text: string;
    from: Instant;
    to: Instant;
    asset_ids: Id[];
    made_at: Instant;
}

export type AnnotationKind = "weather" | "holiday" | "event" | "roadworks" | "maintenance" | "other";

export interface AnnotationPage {
    items: Annotation[];
    next_cursor?: string;
}

export interface ApiKey {
    id: Id;
    name: string;
    prefix: string;
    role: Role;
    scopes: string[];
    networks: string[];
    added_at: Instant;
    added_by: Id;
    expires_at?: Instant;
    used_at?: Instant;
    revoked_at?: Instant;
    previous_until?: Instant;
}

export interface ApiKeyPage {
    items: ApiKey[];
    next_cursor?: string;
}

export interface ApiKeyRotation {
    overlap_hours: number;
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

export interface AssetQuality {
    asset_id: Id;
    days: QualityDay[];
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
    sequence?: number;
    body?: string;
}

export type AttemptOutcome = "delivered" | "refused" | "redirected" | "too_many" | "gone" | "no_answer" | "not_trusted" | "address_refused" | "too_large";

export interface AttemptPage {
    items: Attempt[];
    next_cursor?: string;
}

export interface AuditActor {
    kind: ActorKind;
    id: string;
    impersonator?: string;
}

export interface AuditChange {
    field: string;
    before?: string;
    after?: string;
}

export type AuditFormat = "csv" | "cloudevents";

export interface AuditPage {
    items: AuditRecord[];
    next_cursor?: string;
}

export interface AuditRecord {
    id: Id;
    company_id: Id;
    position?: number;
    occurred_at: Instant;
    action: string;
    outcome: Outcome;
    actor: AuditActor;
    targets: AuditTarget[];
    changes: AuditChange[];
    reason?: string;
    address?: string;
    user_agent?: string;
    request_id?: string;
    trace_id?: string;
    blacked_out: boolean;
}

export interface AuditTarget {
    type: string;
    id: string;
    name?: string;
}

/** What is counted. people: by a factor that was fitted to people counted. */
export type Basis = "devices" | "people";

export interface Belonging {
    company_id: Id;
    company_name: string;
    kind: CompanyKind;
    role: Role;
}

/** How the company looks; what is absent is as we are. */
export interface Brand {
    name?: string;
    logo?: string;
    primary_color?: string;
    accent_color?: string;
    domain?: string;
}

export interface BrandChange {
    name?: string;
    primary_color?: string;
    accent_color?: string;
    domain?: string;
}

/** What of the devices the factor is of: counted ones, or the mean occupancy by addresses. */
export type CalibrationInput = "counted" | "addresses";

export interface CalibrationSettings {
    second_person: boolean;
}

/** fresh: counted within 90 days. ageing: within 365. old: before that. drifting: later counts no longer fit. */
export type CalibrationState = "fresh" | "ageing" | "old" | "drifting";

export interface CalibrationTold {
    basis: Basis;
    reason?: NoPeople;
    share: number;
    models: CalibrationUsed[];
}

export interface CalibrationUsed {
    model_id: string;
    version: number;
    scope: string;
    input: CalibrationInput;
    gate_dbm?: number;
    fitted_on: string;
    age_days: number;
    quarters: number;
    days: number;
    factor: number;
    factor_interval: [number, number];
    error: number;
    state: CalibrationState;
}

/** A company below; the profile only where its contract shares it. */
export interface Child {
    id: Id;
    label: string;
    kind: CompanyKind;
    state: CompanyState;
    shares: Share[];
    added_at: Instant;
    profile?: CompanyProfile;
}

export interface ChildPage {
    items: Child[];
    next_cursor?: string;
}

export interface Claim {
    id: Id;
    code: string;
    name: string;
    asset_id?: Id;
    expires_at: Instant;
    command: string;
}

export interface Company {
    id: Id;
    parent_id?: Id;
    name: string;
    kind: CompanyKind;
    state: CompanyState;
    time_zone: string;
    currency: string;
    privacy_mode: PrivacyMode;
    synthetic: boolean;
    impersonation_consent: ConsentMode;
    second_factor: SecondFactorRule;
    added_at: Instant;
    brand: Brand;
    suppress_below?: number;
    standard_from?: Instant;
}

export interface CompanyChange {
    name?: string;
    time_zone?: string;
    currency?: string;
    privacy_mode?: PrivacyMode;
    impersonation_consent?: ConsentMode;
    second_factor?: SecondFactorRule;
    brand?: BrandChange;
    suppress_below?: number;
}

export interface CompanyChoice {
    company_id: Id;
}

export type CompanyKind = "house" | "operator" | "reseller" | "advertiser";

export interface CompanyProfile {
    id: Id;
    name: string;
    kind: CompanyKind;
    time_zone: string;
    currency: string;
    privacy_mode: PrivacyMode;
    synthetic: boolean;
    brand?: Brand;
}

export type CompanyState = "active" | "suspended";

export interface Compared {
    model_id: Id;
    version: number;
    state: ModelState;
    input: Input;
    factor: number;
    people_mean: number;
    low: number;
    high: number;
    devices_mean: number;
}

export interface ComparedDay {
    day: string;
    people: number;
    published?: number;
}

export type Comparison = "previous" | "none";

export interface Consent {
    id: Id;
    subject: string;
    purpose: string;
    version: string;
    state: ConsentState;
    at: Instant;
    how: string;
    recorded_at: Instant;
}

export interface ConsentAnswer {
    allowed: boolean;
}

export type ConsentMode = "not_needed" | "needed" | "refused";

export interface ConsentPage {
    items: Consent[];
    next_cursor?: string;
}

export type ConsentState = "given" | "withdrawn";

export type Consequence = "devices_known_across_sensors" | "rows_kept_a_day" | "notices_to_be_renewed";

export interface Contact {
    id: Id;
    name: string;
    email: string;
    phone: string;
    title: string;
    note: string;
    added_at: Instant;
}

export interface ContactChange {
    name?: string;
    email?: string;
    phone?: string;
    title?: string;
    note?: string;
}

export interface ContactPage {
    items: Contact[];
    next_cursor?: string;
}

export interface Contract {
    company_id: Id;
    parent_id?: Id;
    parent_name?: string;
    shares: Share[];
}

export interface ContractChange {
    shares: Share[];
}

export interface Correction {
    at: Instant;
    occupancy: number;
    reason: string;
    made_at: Instant;
    made_by?: Id;
}

export interface CorrectionList {
    items: Correction[];
}

export interface Count {
    id: Id;
    asset_id: Id;
    way: Way;
    state: CountState;
    begun_at: Instant;
    ended_at?: Instant;
    start_occupancy: number;
    people: number;
    taps: number;
    undone: number;
    outside: number;
    lowest: number;
    counters: Counter[];
    note?: string;
    begun_by?: Id;
    reason?: string;
    changed_at: Instant;
}

/** tracks: addresses linked by fingerprints, numbers, strength and time. grid: also by the timers of identical phones. blind: by fingerprints and time alone. */
export type CountBasis = "tracks" | "grid" | "blind";

export interface CountChange {
    made_at: Instant;
    what: CountDeed;
    made_by?: Id;
    reason?: string;
    at?: Instant;
    occupancy?: number;
    people_before?: number;
    people_after?: number;
}

export type CountDeed = "begun" | "totals_set" | "corrected" | "ended" | "dismissed" | "restored";

export interface CountHistory {
    changes: CountChange[];
    models: Model[];
}

export interface CountPage {
    items: Count[];
    next_cursor?: string;
}

export type CountState = "counting" | "ended" | "dismissed";

/** Devices behind changing addresses, heard by Wi-Fi at fixed assets. Of a period with several quarters of an hour, means of them; their bounds are means of bounds, for errors go on from one quarter to the next. */
export interface CountedFigures {
    devices_present: number;
    devices_present_interval: [number, number];
    gate_dbm: number;
    devices: number;
    devices_interval: [number, number];
    quarters: number;
    rests_on: CountBasis;
}

export interface Counter {
    name: string;
    taps: number;
    last_at: Instant;
}

/** counted: `counted` has devices behind changing addresses, where they are known. addresses: all figures count pseudonyms of addresses, which phones change within a salt's day: many more than devices. */
export type Counting = "counted" | "addresses";

export interface CountingModel {
    name: string;
    version: string;
    rules_hash: string;
}

export interface CountingModelList {
    items: CountingModelUse[];
}

export interface CountingModelUse {
    name: string;
    version: string;
    rules_hash: string;
    in_use: boolean;
    models: number;
}

export interface DataMap {
    items: DataMapEntry[];
}

export interface DataMapEntry {
    place: string;
    about: About;
    data: string;
    purpose: string;
    kept: string;
    on_erasure: OnErasure;
}

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

export interface Drift {
    ratio: number;
    low: number;
    high: number;
    alarm: boolean;
    quarters: number;
    days: number;
    checked_at: Instant;
}

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
    counting: Counting;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export interface EmailChange {
    email: string;
    password: string;
    code?: string;
}

export interface EmailToken {
    token: string;
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
    failures_in_row: number;
    held_until?: Instant;
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

export interface ErasedFrom {
    place: string;
    erased: number;
    kept: number;
    why_kept: string;
}

export interface ErasureDone {
    id: Id;
    person_id?: Id;
    contact_id?: Id;
    erased_at: Instant;
    from: ErasedFrom[];
    certificate: string;
    signature: string;
    key_id: string;
}

export interface EventType {
    name: string;
    description: string;
    example: string;
}

export interface EventTypes {
    items: EventType[];
}

export interface Export {
    id: Id;
    person_id?: Id;
    contact_id?: Id;
    state: ExportState;
    requested_at: Instant;
    finished_at?: Instant;
    expires_at?: Instant;
    items?: number;
    bytes?: number;
    sha256?: string;
}

export interface ExportPage {
    items: Export[];
    next_cursor?: string;
}

export type ExportState = "waiting" | "running" | "ready" | "failed";

export interface ExposureBucket {
    start: Instant;
    end: Instant;
    visits: number | null;
    devices: number | null;
    devices_interval?: [number, number];
    presence_s: number | null;
    occupancy_mean: number | null;
    occupancy_max: number | null;
    people?: PeopleFigures;
    completeness: number | null;
    counted?: CountedFigures;
    corrected: boolean;
    held_back: boolean;
    suppressed: string[];
}

export interface ExposureSeries {
    grain: Grain;
    items: ExposureBucket[];
    calibration: CalibrationTold;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    counting: Counting;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export interface Face {
    id: Id;
    asset_id: Id;
    from: Instant;
    to?: Instant;
    name: string;
    side: FaceSide;
    medium: FaceMedium;
    width_m: number;
    height_m: number;
    center_height_m?: number;
    letter_height_m?: number;
    viewing_distance_m?: number;
    heading_deg?: number;
    road_angle_deg?: number;
    obstruction?: number;
    speed_kmh?: number;
    speed_source?: SpeedSource;
    traffic_side?: TrafficSide;
    lit: FaceLight;
    lit_from?: string;
    lit_to?: string;
    loop_s?: number;
    spot_s?: number;
    slots?: number;
    venue_type?: number;
}

export interface FaceAbsence {
    metric: MetricId;
    why: string;
}

/** Never people without a calibration. */
export type FaceCounted = "devices" | "people";

export interface FaceCreative {
    creative: string;
    plays: number;
    airtime_s: number;
    contacts: number;
}

export interface FaceDooh {
    id: string;
    name: string;
    venuetype?: number[];
    venuetypetax?: number;
}

export interface FaceFactor {
    id: MetricFactorId;
    value?: number;
    inputs: FaceInput[];
}

export interface FaceFigure {
    metric: MetricId;
    value?: number;
    interval?: [number, number];
    standing: MetricStanding;
    counted: FaceCounted;
    price?: Money;
    price_low?: Money;
    price_high?: Money;
}

export interface FaceGeometry {
    type: string;
    coordinates: number[][][];
}

export interface FaceHour {
    start: Instant;
    end: Instant;
    impressions: number | null;
    plays_source: PlaysSource;
    plays: number | null;
    contacts: number | null;
    qty: FaceQty | null;
}

export interface FaceInput {
    name: string;
    value: number;
    unit: string;
    source: InputSource;
}

export type FaceLight = "none" | "dusk_to_dawn" | "always" | "hours";

export type FaceMedium = "printed" | "digital";

export interface FaceMultipliers {
    face_id: Id;
    standing: MetricStanding;
    weighted_as: MetricId;
    plays_source: PlaysSource;
    log_hours: number;
    loop_hours: number;
    imported_at?: Instant;
    dooh: FaceDooh;
    items: FaceHour[];
    absent: FaceAbsence[];
    held_back?: boolean;
    suppressed: string[];
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export interface FacePlays {
    source: PlaysSource;
    log_hours: number;
    loop_hours: number;
    imported_at?: Instant;
    plays: number;
    contacts: number;
    weighted_as: MetricId;
    creatives: FaceCreative[];
    creatives_more: number;
}

export interface FaceQty {
    multiplier: number;
    sourcetype: number;
    vendor?: string;
}

export interface FaceReport {
    face_id: Id;
    asset_id: Id;
    name: string;
    from: Instant;
    to: Instant;
    versions: number;
    figures: FaceFigure[];
    absent: FaceAbsence[];
    factors: FaceFactor[];
    distribution: FrequencyBin[];
    window?: FrequencyWindow;
    plays?: FacePlays;
    held_back?: boolean;
    suppressed: string[];
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

/** Of what stands still, as one sees it who stands before it; of a vehicle, in its direction. */
export type FaceSide = "front" | "back" | "left" | "right";

export interface FaceSight {
    type: string;
    geometry: FaceGeometry;
    properties: FaceSightProperties;
}

export interface FaceSightProperties {
    face_id: Id;
    facing_deg: number;
    half_deg: number;
    distance_m: number;
    distance_source: InputSource;
}

export interface Faces {
    items: Face[];
}

/** What each means, and its bounds, stands in docs/quality.md. */
export type FindingKind = "silent" | "gap" | "deaf" | "stuck" | "spike" | "jump" | "unlike_sisters" | "clock" | "overloaded";

export type FlowGrouping = "none" | "hour" | "day";

export type FlowKind = "trips" | "passages";

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
    counting: Counting;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
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
    counting: Counting;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export type Grain = "quarter" | "hour" | "day";

export interface Health {
    state: HealthState;
    looked_at: Instant;
    up_since: Instant;
    checks: HealthCheck[];
    versions: HealthVersion[];
}

export interface HealthCheck {
    name: string;
    state: HealthState;
    told: string;
    since: Instant;
    remedy?: string;
    value?: number;
    unit?: string;
}

export type HealthState = "ok" | "warn" | "fail";

export interface HealthVersion {
    name: string;
    version: string;
}

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
    counting: Counting;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export interface Impersonation {
    id: Id;
    company_id: Id;
    company_name: string;
    person_id: Id;
    person_name: string;
    staff_id: Id;
    staff_name: string;
    reason: string;
    ticket: string;
    may_write: boolean;
    state: ImpersonationState;
    begun_at: Instant;
    expires_at: Instant;
    ended_at?: Instant;
}

export interface ImpersonationPage {
    items: Impersonation[];
    next_cursor?: string;
}

export type ImpersonationState = "waiting" | "running" | "ended";

/** What of the devices it rests on. counted: devices, told apart behind their addresses. addresses: the mean occupancy of a quarter by addresses. */
export type Input = "counted" | "addresses";

/** given: written down with the face. by_rule: of what was given, by a rule. assumed: our own choice. */
export type InputSource = "given" | "measured" | "by_rule" | "assumed";

export interface Invitation {
    id: Id;
    email: string;
    role: Role;
    invited_at: Instant;
    expires_at: Instant;
    invited_by: Id;
}

export interface InvitationAnswer {
    token: string;
    name?: string;
    password?: string;
}

export interface InvitationPage {
    items: Invitation[];
    next_cursor?: string;
}

export interface InvitationToken {
    token: string;
}

export interface InvitationView {
    email: string;
    company_name: string;
    role: Role;
    needs_password: boolean;
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

/** plays: a line each. counts: a line an hour and creative. */
export type LogForm = "plays" | "counts";

export interface Logo {
    logo: string;
}

export interface LooserMode {
    reason: string;
    understood: Consequence[];
    password: string;
    code: string;
}

export interface Mail {
    id: Id;
    company_id?: Id;
    to: string;
    template_name: string;
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

export interface Market {
    id: Id;
    name: string;
    population: number;
    source: string;
    year: number;
    target_name?: string;
    target_population?: number;
    target_share?: number;
}

export interface Markets {
    items: Market[];
}

export interface Member {
    id: Id;
    name: string;
    email: string;
    role: Role;
    state: MemberState;
    joined_at: Instant;
    seen_at?: Instant;
    has_second_factor: boolean;
}

export interface MemberChange {
    role?: Role;
    state?: MemberState;
}

export interface MemberPage {
    items: Member[];
    next_cursor?: string;
}

export type MemberState = "active" | "suspended";

export interface MendedRegion {
    feature: number;
    code: string;
    name: string;
    fault: string;
    area_m2: number;
    changed_m2: number;
    changed_percent: number;
}

export interface MetricDefinition {
    id: MetricId;
    name: string;
    unit: string;
    digits: number;
    standing: MetricStanding;
    counts: string;
    formula: string;
    factors: MetricFactor[];
    needs: string;
    uncertainty: string;
    source: string;
    note: string;
    answered_by?: string;
}

export interface MetricDefinitionList {
    items: MetricDefinition[];
}

export interface MetricFactor {
    id: MetricFactorId;
    name: string;
    means: string;
    formula: string;
    source: string;
}

export type MetricFactorId = "calibration" | "size" | "angle" | "distance" | "speed" | "obstruction" | "illumination" | "direction";

export type MetricId = "visits" | "devices" | "frequency" | "dwell_median" | "dwell_mean" | "dwell_corrected" | "presence" | "occupancy_mean" | "devices_present" | "devices_counted" | "occupancy_max" | "occupancy" | "assets_heard" | "distance" | "driving" | "parked" | "completeness" | "sum_of_assets" | "frequency_devices" | "people" | "ots" | "lts" | "reach" | "average_frequency" | "effective_reach" | "reach_modelled" | "grp" | "trp" | "cpm" | "cpp" | "loop_contacts" | "multiplier" | "moving_impressions" | "parked_impressions" | "people_present" | "zone_time" | "zone_stops" | "zone_flows";

/** At its best. observed: counted or timed by sensors. calibrated: made people of by a measured factor. modelled: of a formula that assumes what was not measured. */
export type MetricStanding = "observed" | "calibrated" | "modelled";

export interface Model {
    id: Id;
    version: number;
    scope: Scope;
    asset_id?: Id;
    class_id?: Id;
    state: ModelState;
    quality: Quality;
    age_days: number;
    method: string;
    input: Input;
    gate_dbm: number;
    factor: number;
    factor_low: number;
    factor_high: number;
    dispersion: number;
    error: number;
    quarters: number;
    days: number;
    unheard: number;
    counted_by: CountingModel;
    newest_day: string;
    fitted_at: Instant;
    fitted_by?: Id;
    published_at?: Instant;
    published_by?: Id;
    valid_from?: Instant;
    retired_at?: Instant;
    retired_by?: Id;
    reason?: string;
    drift?: Drift;
    counts: Id[];
    residuals: Residual[];
}

export interface ModelComparison {
    from: Instant;
    to: Instant;
    quarters: number;
    model: Compared;
    published?: Compared;
    ratio?: number;
    days: ComparedDay[];
}

export interface ModelPage {
    items: Model[];
    next_cursor?: string;
}

export type ModelState = "draft" | "published" | "retired";

export type MotionFilter = "all" | "fixed" | "parked" | "driving";

export type Needs = "nothing" | "second_factor" | "new_password" | "enrol_second_factor";

export interface NewAnnotation {
    kind: AnnotationKind;
    text: string;
    from: Instant;
    to: Instant;
    asset_ids: Id[];
}

export interface NewApiKey {
    name: string;
    role: Role;
    scopes: string[];
    expires_at?: Instant;
    networks?: string[];
}

export interface NewApiKeyAnswer {
    key: ApiKey;
    secret: string;
}

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

export interface NewCompany {
    name: string;
    kind: CompanyKind;
    time_zone: string;
    currency: string;
    privacy_mode?: PrivacyMode;
    owner_email: string;
}

export interface NewConsent {
    subject: string;
    purpose: string;
    version: string;
    state: ConsentState;
    at?: Instant;
    how: string;
}

export interface NewContact {
    name: string;
    email?: string;
    phone?: string;
    title?: string;
    note?: string;
}

export interface NewCorrection {
    at: Instant;
    occupancy: number;
    reason: string;
}

export interface NewCount {
    asset_id: Id;
    way: Way;
    client_id?: string;
    begun_at?: Instant;
    start_occupancy?: number;
    note?: string;
}

export interface NewDetachment {
    device_id: Id;
}

export interface NewEnding {
    ended_at?: Instant;
}

export interface NewEndpoint {
    url: string;
    description?: string;
    event_types: string[];
}

export interface NewFace {
    name: string;
    side: FaceSide;
    medium: FaceMedium;
    width_m: number;
    height_m: number;
    center_height_m?: number;
    letter_height_m?: number;
    viewing_distance_m?: number;
    heading_deg?: number;
    road_angle_deg?: number;
    obstruction?: number;
    speed_kmh?: number;
    speed_source?: SpeedSource;
    traffic_side?: TrafficSide;
    lit: FaceLight;
    lit_from?: string;
    lit_to?: string;
    loop_s?: number;
    spot_s?: number;
    slots?: number;
    venue_type?: number;
    from?: Instant;
}

export interface NewFit {
    scope: Scope;
    asset_id?: Id;
    class_id?: Id;
    count_ids?: Id[];
}

export interface NewImpersonation {
    company_id: Id;
    person_id: Id;
    reason: string;
    ticket: string;
    minutes: number;
    code: string;
}

export interface NewInvitation {
    email: string;
    role: Role;
}

export interface NewMarket {
    name: string;
    population: number;
    source: string;
    year: number;
    target_name?: string;
    target_population?: number;
    target_share?: number;
}

export interface NewPasskey {
    challenge_id: Id;
    credential: string;
    name: string;
}

export interface NewPosition {
    latitude: number;
    longitude: number;
}

export interface NewPublication {
    valid_from?: Instant;
    reason?: string;
}

export interface NewReason {
    reason: string;
}

export interface NewRegionSet {
    name: string;
    kind: RegionSetKind;
}

export interface NewRequest {
    person_id?: Id;
    contact_id?: Id;
    reason: string;
}

export interface NewRetention {
    kind: string;
    kept_days: number;
}

export interface NewSensitivePlace {
    code: string;
    name: string;
    kind: SensitiveKind;
    geojson: string;
}

export interface NewSiteClass {
    name: string;
    asset_ids: Id[];
}

export interface NewTap {
    id: string;
    kind: TapKind;
    at: Instant;
    undoes?: string;
}

/** Of what its maker may, a part. */
export interface NewToken {
    scopes: string[];
    audience?: TokenAudience;
    minutes?: number;
}

export interface NewTotal {
    from: Instant;
    to: Instant;
    people: number;
}

export interface NewTotals {
    totals: NewTotal[];
    reason?: string;
}

export interface NewZone {
    code: string;
    name: string;
    geojson: string;
    buffer_m?: number;
}

/** Why there are no people. other_question: of one motion or of BLE alone, which no factor is of. too_many_models: of more than 20; ask for fewer assets. */
export type NoPeople = "not_calibrated" | "suppressed" | "other_question" | "too_many_models";

export interface Notice {
    kind: string;
    group: string;
    title: string;
    about: string;
    mailed: boolean;
    usual: boolean;
    settable: boolean;
}

export interface Notices {
    items: Notice[];
}

export interface NoticesWanted {
    mailed: string[];
}

export type OnErasure = "nothing_personal" | "erased" | "kept_by_law" | "kept_as_audit" | "ends_by_itself";

export interface OptOut {
    id: Id;
    mark: string;
    added_at: Instant;
}

export interface OptOutAddress {
    address: string;
}

export interface OptOutCheck {
    listed: boolean;
    opt_out?: OptOut;
}

export interface OptOutList {
    items: OptOut[];
    next_cursor?: string;
    count: number;
    most: number;
    changed_at?: Instant;
    sensors_in_all: number;
    sensors_following: number;
    sensors: OptOutSensor[];
}

export interface OptOutSensor {
    device_id: Id;
    name: string;
    follows: boolean;
    since?: Instant;
}

export type Outcome = "success" | "failure" | "denied";

export interface Overview {
    from: Instant;
    to: Instant;
    current: OverviewFigures;
    previous?: OverviewFigures;
    previous_from?: Instant;
    previous_to?: Instant;
    calibration: CalibrationTold;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    counting: Counting;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
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
    people?: PeopleFigures;
    assets_heard: number;
    distance_m: number;
    driving_s: number;
    parked_s: number;
    completeness: number | null;
    counted?: CountedFigures;
    held_back: boolean;
    suppressed: string[];
}

export interface OwnSession {
    id: Id;
    begun_at: Instant;
    seen_at: Instant;
    expires_at: Instant;
    address: string;
    user_agent: string;
    company_name: string;
    current: boolean;
}

export interface OwnSessionList {
    items: OwnSession[];
}

export interface OwnerChoice {
    person_id: Id;
}

export interface Passkey {
    id: Id;
    name: string;
    added_at: Instant;
    used_at?: Instant;
    backed_up: boolean;
}

export interface PasskeyAnswer {
    challenge_id: Id;
    credential: string;
}

export interface PasskeyChallenge {
    id: Id;
    options: string;
}

export interface PasskeyList {
    items: Passkey[];
}

export interface PasskeyName {
    name: string;
}

export interface PasswordChange {
    current: string;
    next: string;
}

export interface PasswordReset {
    token: string;
    password: string;
}

export interface PasswordResetRequest {
    email: string;
}

/** People present on average at an asset; 90 %. */
export interface PeopleFigures {
    mean: number;
    low: number;
    high: number;
}

export interface Person {
    id: Id;
    name: string;
    email: string;
    role: Role;
    has_one_time_password: boolean;
    has_second_factor: boolean;
}

export interface PlayFinding {
    kind: PlayFindingKind;
    count: number;
    line?: number;
    detail: string;
}

/** overlap: plays that begin while another runs. too_short: under a second, passed over. gap: more than an hour without a play, not covered. elsewhere: lines of other faces, passed over. column: columns that are not read. overfull: quarters of an hour that with other logs hold more playing time than there is. */
export type PlayFindingKind = "overlap" | "longer_than_loop" | "too_short" | "gap" | "elsewhere" | "column" | "overfull";

export interface PlayLog {
    id: Id;
    face_id: Id;
    source: string;
    form: LogForm;
    made_by?: Id;
    made_at: Instant;
    from: Instant;
    to: Instant;
    lines: number;
    plays: number;
    repeated: number;
    elsewhere: number;
    covered_s: number;
    findings: PlayFinding[];
}

export interface PlayLogImported {
    id?: Id;
    face_id: Id;
    dry_run: boolean;
    already: boolean;
    form: LogForm;
    from: Instant;
    to: Instant;
    lines: number;
    plays: number;
    repeated: number;
    elsewhere: number;
    covered_s: number;
    findings: PlayFinding[];
}

export interface PlayLogPage {
    items: PlayLog[];
    next_cursor?: string;
}

/** play_log: what a log says was played. loop: what the loop would play. mixed: some hours each. */
export type PlaysSource = "play_log" | "loop" | "mixed";

export interface Position {
    latitude: number;
    longitude: number;
    from: Instant;
    to?: Instant;
}

export interface Positions {
    items: Position[];
}

export type PrivacyMode = "standard" | "strict";

export interface Profile {
    id: Id;
    name: string;
    email: string;
    locale?: string;
    has_password: boolean;
    has_one_time_password: boolean;
    has_totp: boolean;
    recovery_codes_left: number;
    passkeys: number;
    added_at: Instant;
}

export interface ProfileChange {
    name?: string;
    locale?: string;
}

/** Asked again before what matters most. */
export interface Proof {
    password: string;
    code?: string;
}

/** fresh: counted within 90 days. ageing: within 365. old: before that. drifting: later counts no longer fit. */
export type Quality = "fresh" | "ageing" | "old" | "drifting";

export interface QualityDay {
    day: string;
    from: Instant;
    to: Instant;
    grade: QualityGrade;
    completeness: number | null;
    corrected: boolean;
    change: number | null;
    usual_days: number;
    sisters_change?: number;
    findings: QualityFinding[];
}

export interface QualityFinding {
    kind: FindingKind;
    severity: Severity;
    from: Instant;
    to: Instant;
    value?: number;
    shared: boolean;
}

export type QualityGrade = "good" | "fair" | "poor" | "running" | "none";

export interface QualityReport {
    items: AssetQuality[];
    next_cursor?: string;
    as_of?: Instant;
    time_zone: string;
    synthetic: boolean;
    suppress_below: number;
}

export interface Quarter {
    start: Instant;
    people: number;
    counted_s: number;
}

export interface QuarterList {
    items: Quarter[];
}

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

/** Pseudonyms of addresses, of a salt's day: a phone that changes its address counts again. They end with the company's day: over several days a device counts once a day. */
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
    counting: Counting;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export interface RecoveryCodes {
    codes: string[];
}

export interface Region {
    code: string;
    name: string;
    population?: number;
    population_source: string;
    area_km2: number;
    buffer_m?: number;
    points: number;
    since_version: number;
}

export interface RegionBucket {
    start: Instant;
    end: Instant;
    visits: number | null;
    devices: number | null;
    devices_interval?: [number, number];
    presence_s: number | null;
    dwell_median_s: number | null;
    occupancy_mean: number | null;
    occupancy_max: number | null;
    suppressed: string[];
}

export interface RegionFigures {
    visits: number | null;
    devices: number | null;
    devices_interval?: [number, number];
    presence_s: number | null;
    dwell_median_s: number | null;
    occupancy_mean: number | null;
    occupancy_max: number | null;
    suppressed: string[];
}

export interface RegionItem {
    code: string;
    name: string;
    population?: number;
    population_source: string;
    area_km2: number;
    cells: number;
    sensitive?: boolean;
    visits: number | null;
    devices: number | null;
    devices_interval?: [number, number];
    presence_s: number | null;
    dwell_median_s: number | null;
    occupancy_mean: number | null;
    occupancy_max: number | null;
    suppressed: string[];
}

export interface RegionPage {
    items: Region[];
    next_cursor?: string;
}

export interface RegionReport {
    set_id: Id;
    set_name: string;
    set_kind: string;
    version: number;
    valid_from: Instant;
    regions: number;
    from?: Instant;
    to?: Instant;
    overlapping: boolean;
    items: RegionItem[];
    outside: RegionFigures;
    unplaced: RegionFigures;
    total: RegionFigures;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export interface RegionSeries {
    set_id: Id;
    set_name: string;
    set_kind: string;
    version: number;
    valid_from: Instant;
    regions: number;
    code: string;
    name: string;
    grain: Grain;
    items: RegionBucket[];
    sensitive?: boolean;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export interface RegionSet {
    id: Id;
    name: string;
    kind: RegionSetKind;
    state: RegionSetState;
    version: number;
    regions: number;
    points: number;
    created_at: Instant;
    changed_at: Instant;
}

export type RegionSetKind = "state" | "county" | "postal" | "market" | "custom";

export interface RegionSetPage {
    items: RegionSet[];
    next_cursor?: string;
}

export type RegionSetState = "in_use" | "removed";

export interface RegionVersion {
    number: number;
    made_at: Instant;
    source: string;
    regions: number;
    added: number;
    changed: number;
    removed: number;
}

export interface RegionVersions {
    items: RegionVersion[];
}

export interface RegionsImported {
    id: Id;
    version: number;
    regions: number;
    points: number;
    added: number;
    changed: number;
    removed: number;
    area_km2: number;
    dry_run: boolean;
    mended_regions: number;
    mended: MendedRegion[];
}

export interface Residual {
    day: string;
    at?: Instant;
    people: number;
    expected: number;
    devices: number;
}

export interface Retention {
    kind: string;
    what: string;
    kept_days: number;
    least_days: number;
    most_days: number;
    settable: boolean;
    last_enforced_at?: Instant;
    last_gone?: number;
    total_gone: number;
    kept_minutes?: number;
}

export interface RetentionList {
    items: Retention[];
}

export interface RouteReport {
    items: Trip[];
    truncated: boolean;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    counting: Counting;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export interface SchedulePause {
    name: string;
    paused: boolean;
}

/** What a factor is of. Of an asset its own goes before its class’s, and that before the company’s. */
export type Scope = "asset" | "class" | "company";

export interface SecondFactor {
    code: string;
}

export type SecondFactorKind = "totp" | "passkey";

export type SecondFactorRule = "optional" | "required";

export interface SensitiveImported {
    places: number;
    cells: number;
    added: number;
    changed: number;
    removed: number;
    dry_run: boolean;
}

export type SensitiveKind = "hospital" | "clinic" | "worship" | "shelter" | "school" | "childcare" | "court" | "prison" | "union_office" | "ethnic_association" | "military" | "other";

export interface SensitivePlace {
    code: string;
    name: string;
    kind: SensitiveKind;
    area_km2: number;
    points: number;
    cells: number;
    marked_at: Instant;
}

export interface SensitivePlacePage {
    items: SensitivePlace[];
    next_cursor?: string;
}

export interface SensitiveRemoval {
    code: string;
}

export interface Sent {
    message_id: Id;
}

export interface Session {
    id: Id;
    needs: Needs;
    user: Person;
    company: CompanyProfile;
    companies: Belonging[];
    expires_at: Instant;
    second_factors?: SecondFactorKind[];
    impersonation?: ActingAs;
    sight?: Sight;
}

export type Severity = "minor" | "major";

export type Share = "profile" | "people" | "assets" | "reports";

/** The session sees another company by its contract with one's own, and changes nothing there. */
export interface Sight {
    company_id: Id;
    company: string;
    shares: Share[];
}

export interface SignIn {
    email: string;
    password: string;
}

export interface SignInWays {
    password: boolean;
    passkey: boolean;
    oidc?: string;
}

export interface Site {
    asset_id: Id;
    code: string;
    name: string;
    kind: string;
    class_id?: Id;
    class_name?: string;
    model?: Model;
    draft_id?: Id;
    counts: number;
    counting_id?: Id;
    last_counted_at?: Instant;
}

export interface SiteCalibration {
    site: Site;
    candidates: Model[];
    spans: Span[];
}

export interface SiteClass {
    id: Id;
    name: string;
    asset_ids: Id[];
}

export interface SiteClassList {
    items: SiteClass[];
}

export interface SitePage {
    items: Site[];
    next_cursor?: string;
}

export type SourceFilter = "all" | "wifi" | "ble";

export interface Span {
    model_id: Id;
    version: number;
    scope: Scope;
    factor: number;
    factor_low: number;
    factor_high: number;
    newest_day: string;
    drifting: boolean;
    from: Instant;
    to?: Instant;
}

export type SpeedSource = "limit" | "measured";

export interface StaffCompany {
    id: Id;
    parent_id?: Id;
    parent_name?: string;
    name: string;
    kind: CompanyKind;
    state: CompanyState;
    time_zone: string;
    currency: string;
    privacy_mode: PrivacyMode;
    people: number;
    added_at: Instant;
}

export interface StaffCompanyChange {
    state: CompanyState;
    reason: string;
    ticket: string;
}

export interface StaffCompanyPage {
    items: StaffCompany[];
    next_cursor?: string;
}

export interface StaffContact {
    id: Id;
    company_id: Id;
    company_name: string;
    name: string;
    email: string;
    phone: string;
    title: string;
    added_at: Instant;
}

export interface StaffContactPage {
    items: StaffContact[];
    next_cursor?: string;
}

export interface StaffPerson {
    id: Id;
    name: string;
    email: string;
    has_second_factor: boolean;
    added_at: Instant;
    seen_at?: Instant;
    companies: Belonging[];
}

export interface StaffPersonPage {
    items: StaffPerson[];
    next_cursor?: string;
}

export interface StaffProof {
    reason: string;
    ticket: string;
    code: string;
}

export interface StaffReason {
    reason: string;
    ticket: string;
}

export interface StaffSession {
    id: Id;
    person_id: Id;
    person_name: string;
    company_id: Id;
    company_name: string;
    begun_at: Instant;
    seen_at: Instant;
    expires_at: Instant;
    address: string;
    user_agent: string;
}

export interface StaffSessionPage {
    items: StaffSession[];
    next_cursor?: string;
}

export interface StandardMode {
    standard_from: Instant;
}

export interface TapBatch {
    counter: string;
    taps: NewTap[];
}

export type TapKind = "in" | "out" | "undo";

export interface TapsTaken {
    taken: number;
    known: number;
    count: Count;
}

export interface Token {
    token: string;
    audience: TokenAudience;
    scopes: string[];
    expires_at: Instant;
}

export type TokenAudience = "api" | "embed";

export interface Total {
    from: Instant;
    to: Instant;
    people: number;
}

export interface TotalList {
    items: Total[];
}

export interface TotpCode {
    code: string;
}

export interface TotpSecret {
    secret: string;
    uri: string;
}

/** On which side of the road one drives; right unless given. */
export type TrafficSide = "right" | "left";

export interface Trip {
    asset_id: Id;
    started: Instant;
    ended: Instant;
    distance_m: number;
    driving_s: number;
    parked_s: number;
    path: number[][];
}

export interface VenueName {
    code: number;
    name: string;
}

export interface VenueNames {
    items: VenueName[];
}

/** taps: in and out, one by one. totals: how many were present, by interval. */
export type Way = "taps" | "totals";

export interface ZoneFlow {
    slot: string;
    from_code?: string;
    to_code?: string;
    trips: number;
    distance_m: number;
    duration_s: number;
}

export interface ZoneFlows {
    set_id: Id;
    set_name: string;
    set_kind: string;
    version: number;
    valid_from: Instant;
    regions: number;
    flow: FlowKind;
    group: FlowGrouping;
    items: ZoneFlow[];
    trips: number;
    truncated: boolean;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

export interface ZoneItem {
    asset_id: Id;
    code: string;
    name: string;
    passages: number;
    entries: number;
    exits: number;
    stops: number;
    time_s: number;
    stopped_s: number;
    distance_m: number;
    unseen_s: number;
}

export interface ZonePassage {
    asset_id: Id;
    code: string;
    from: Instant;
    to: Instant;
    entry_seen: boolean;
    exit_seen: boolean;
    distance_m: number;
    stopped_s: number;
    stops: number;
}

export interface ZoneRemoval {
    code: string;
}

export interface ZoneReport {
    set_id: Id;
    set_name: string;
    set_kind: string;
    version: number;
    valid_from: Instant;
    regions: number;
    items: ZoneItem[];
    passages: ZonePassage[];
    trips: number;
    truncated: boolean;
    as_of?: Instant;
    time_zone: string;
    basis: Basis;
    synthetic: boolean;
    suppress_below: number;
    completeness: number | null;
    sensitive_places?: boolean;
    sensitive_assets?: Id[];
}

/** What each operation is given and gives back. */
export interface Operations {
    begin_session: {params: Record<string, never>; query: Record<string, never>; body: SignIn; reply: Session};
    find_session: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Session};
    end_session: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: undefined};
    show_second_factor: {params: Record<string, never>; query: Record<string, never>; body: SecondFactor; reply: Session};
    challenge_passkey: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: PasskeyChallenge};
    begin_session_by_passkey: {params: Record<string, never>; query: Record<string, never>; body: PasskeyAnswer; reply: Session};
    choose_company: {params: Record<string, never>; query: Record<string, never>; body: CompanyChoice; reply: Session};
    change_password: {params: Record<string, never>; query: Record<string, never>; body: PasswordChange; reply: Session};
    end_impersonation: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Session};
    start_oidc: {params: Record<string, never>; query: {next?: string}; body: undefined; reply: undefined};
    finish_oidc: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Response};
    make_token: {params: Record<string, never>; query: Record<string, never>; body: NewToken; reply: Token};
    show_keys: {params: Record<string, never>; query: Record<string, never>; body: BodyInit | undefined; reply: Response};
    sign_in_ways: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: SignInWays};
    ask_password_reset: {params: Record<string, never>; query: Record<string, never>; body: PasswordResetRequest; reply: Accepted};
    redeem_password_reset: {params: Record<string, never>; query: Record<string, never>; body: PasswordReset; reply: undefined};
    find_profile: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Profile};
    change_profile: {params: Record<string, never>; query: Record<string, never>; body: ProfileChange; reply: Profile};
    list_own_sessions: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: OwnSessionList};
    end_other_sessions: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: undefined};
    end_own_session: {params: {session_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    begin_totp: {params: Record<string, never>; query: Record<string, never>; body: Proof; reply: TotpSecret};
    confirm_totp: {params: Record<string, never>; query: Record<string, never>; body: TotpCode; reply: RecoveryCodes};
    remove_totp: {params: Record<string, never>; query: Record<string, never>; body: Proof; reply: undefined};
    renew_recovery_codes: {params: Record<string, never>; query: Record<string, never>; body: TotpCode; reply: RecoveryCodes};
    list_passkeys: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: PasskeyList};
    add_passkey: {params: Record<string, never>; query: Record<string, never>; body: NewPasskey; reply: Passkey};
    challenge_new_passkey: {params: Record<string, never>; query: Record<string, never>; body: Proof; reply: PasskeyChallenge};
    rename_passkey: {params: {passkey_id: string}; query: Record<string, never>; body: PasskeyName; reply: Passkey};
    remove_passkey: {params: {passkey_id: string}; query: Record<string, never>; body: Proof; reply: undefined};
    change_email: {params: Record<string, never>; query: Record<string, never>; body: EmailChange; reply: Accepted};
    confirm_email: {params: Record<string, never>; query: Record<string, never>; body: EmailToken; reply: undefined};
    find_company: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Company};
    change_company: {params: Record<string, never>; query: Record<string, never>; body: CompanyChange; reply: Company};
    ask_for_standard: {params: Record<string, never>; query: Record<string, never>; body: LooserMode; reply: StandardMode};
    find_logo: {params: Record<string, never>; query: {version?: string}; body: BodyInit | undefined; reply: Response};
    put_logo: {params: Record<string, never>; query: Record<string, never>; body: BodyInit | undefined; reply: Logo};
    remove_logo: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: undefined};
    transfer_ownership: {params: Record<string, never>; query: Record<string, never>; body: OwnerChoice; reply: undefined};
    find_contract: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Contract};
    change_contract: {params: Record<string, never>; query: Record<string, never>; body: ContractChange; reply: Contract};
    list_companies: {params: Record<string, never>; query: {q?: string; cursor?: string; limit?: number}; body: undefined; reply: ChildPage};
    add_company: {params: Record<string, never>; query: Record<string, never>; body: NewCompany; reply: Child};
    find_child: {params: {company_id: string}; query: Record<string, never>; body: undefined; reply: Child};
    list_people: {params: Record<string, never>; query: {q?: string; role?: Role; state?: MemberState; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: MemberPage};
    find_member: {params: {person_id: string}; query: Record<string, never>; body: undefined; reply: Member};
    change_member: {params: {person_id: string}; query: Record<string, never>; body: MemberChange; reply: Member};
    remove_member: {params: {person_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    leave: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: undefined};
    end_sessions_of: {params: {person_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    list_invitations: {params: Record<string, never>; query: {sort?: string; cursor?: string; limit?: number}; body: undefined; reply: InvitationPage};
    invite: {params: Record<string, never>; query: Record<string, never>; body: NewInvitation; reply: Invitation};
    accept_invitation: {params: Record<string, never>; query: Record<string, never>; body: InvitationAnswer; reply: Accepted};
    look_at_invitation: {params: Record<string, never>; query: Record<string, never>; body: InvitationToken; reply: InvitationView};
    withdraw_invitation: {params: {invitation_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    list_contacts: {params: Record<string, never>; query: {q?: string; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: ContactPage};
    add_contact: {params: Record<string, never>; query: Record<string, never>; body: NewContact; reply: Contact};
    change_contact: {params: {contact_id: string}; query: Record<string, never>; body: ContactChange; reply: Contact};
    remove_contact: {params: {contact_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    list_api_keys: {params: Record<string, never>; query: {sort?: string; cursor?: string; limit?: number}; body: undefined; reply: ApiKeyPage};
    add_api_key: {params: Record<string, never>; query: Record<string, never>; body: NewApiKey; reply: NewApiKeyAnswer};
    revoke_api_key: {params: {api_key_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    rotate_api_key: {params: {api_key_id: string}; query: Record<string, never>; body: ApiKeyRotation; reply: NewApiKeyAnswer};
    list_impersonations: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: ImpersonationPage};
    answer_impersonation: {params: {impersonation_id: string}; query: Record<string, never>; body: ConsentAnswer; reply: Impersonation};
    staff_list_companies: {params: Record<string, never>; query: {q?: string; kind?: CompanyKind; state?: CompanyState; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: StaffCompanyPage};
    staff_find_company: {params: {company_id: string}; query: Record<string, never>; body: undefined; reply: StaffCompany};
    staff_change_company: {params: {company_id: string}; query: Record<string, never>; body: StaffCompanyChange; reply: StaffCompany};
    staff_list_people: {params: Record<string, never>; query: {q?: string; company_id?: Id; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: StaffPersonPage};
    staff_reset_password: {params: {person_id: string}; query: Record<string, never>; body: StaffReason; reply: Accepted};
    staff_reset_second_factor: {params: {person_id: string}; query: Record<string, never>; body: StaffProof; reply: Accepted};
    staff_list_sessions: {params: Record<string, never>; query: {person_id?: Id; company_id?: Id; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: StaffSessionPage};
    staff_end_session: {params: {session_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    staff_list_contacts: {params: Record<string, never>; query: {q?: string; company_id?: Id; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: StaffContactPage};
    staff_list_impersonations: {params: Record<string, never>; query: {company_id?: Id; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: ImpersonationPage};
    begin_impersonation: {params: Record<string, never>; query: Record<string, never>; body: NewImpersonation; reply: Session};
    grant_impersonation_write: {params: {impersonation_id: string}; query: Record<string, never>; body: StaffReason; reply: Impersonation};
    staff_end_impersonation: {params: {impersonation_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    list_annotations: {params: Record<string, never>; query: {from?: Instant; to?: Instant; cursor?: string; limit?: number}; body: undefined; reply: AnnotationPage};
    make_annotation: {params: Record<string, never>; query: Record<string, never>; body: NewAnnotation; reply: Annotation};
    replace_annotation: {params: {annotation_id: string}; query: Record<string, never>; body: NewAnnotation; reply: Annotation};
    remove_annotation: {params: {annotation_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    list_assets: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: AssetPage};
    register_asset: {params: Record<string, never>; query: Record<string, never>; body: NewAsset; reply: Asset};
    find_asset: {params: {asset_id: string}; query: Record<string, never>; body: undefined; reply: Asset};
    retire_asset: {params: {asset_id: string}; query: Record<string, never>; body: undefined; reply: Asset};
    attach_device: {params: {asset_id: string}; query: Record<string, never>; body: NewAttachment; reply: Attachment};
    detach_device: {params: {asset_id: string}; query: Record<string, never>; body: NewDetachment; reply: Attachment};
    list_positions: {params: {asset_id: string}; query: Record<string, never>; body: undefined; reply: Positions};
    move_asset: {params: {asset_id: string}; query: Record<string, never>; body: NewPosition; reply: Asset};
    list_faces: {params: {asset_id: string}; query: Record<string, never>; body: undefined; reply: Faces};
    add_face: {params: {asset_id: string}; query: Record<string, never>; body: NewFace; reply: Face};
    find_face: {params: {face_id: string}; query: Record<string, never>; body: undefined; reply: Face};
    change_face: {params: {face_id: string}; query: Record<string, never>; body: NewFace; reply: Face};
    retire_face: {params: {face_id: string}; query: Record<string, never>; body: undefined; reply: Face};
    list_face_versions: {params: {face_id: string}; query: Record<string, never>; body: undefined; reply: Faces};
    list_venue_types: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: VenueNames};
    list_markets: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Markets};
    add_market: {params: Record<string, never>; query: Record<string, never>; body: NewMarket; reply: Market};
    find_market: {params: {market_id: string}; query: Record<string, never>; body: undefined; reply: Market};
    change_market: {params: {market_id: string}; query: Record<string, never>; body: NewMarket; reply: Market};
    remove_market: {params: {market_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    find_health: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Health};
    list_jobs: {params: Record<string, never>; query: {kind?: string; state?: JobState; company_id?: Id; error_code?: string; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: JobPage};
    find_job: {params: {job_id: string}; query: Record<string, never>; body: undefined; reply: Job};
    cancel_job: {params: {job_id: string}; query: Record<string, never>; body: undefined; reply: Job};
    retry_job: {params: {job_id: string}; query: Record<string, never>; body: undefined; reply: Job};
    redrive_jobs: {params: Record<string, never>; query: Record<string, never>; body: JobsChosen; reply: JobsChanged};
    cancel_jobs: {params: Record<string, never>; query: Record<string, never>; body: JobsChosen; reply: JobsChanged};
    list_job_kinds: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: JobKinds};
    list_job_schedules: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: JobSchedules};
    pause_job_schedule: {params: Record<string, never>; query: Record<string, never>; body: SchedulePause; reply: JobSchedules};
    list_mail: {params: Record<string, never>; query: {state?: MailState; template_name?: string; company_id?: Id; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: MailPage};
    find_mail: {params: {mail_id: string}; query: Record<string, never>; body: undefined; reply: Letter};
    retry_mail: {params: {mail_id: string}; query: Record<string, never>; body: undefined; reply: Mail};
    list_mail_templates: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: MailTemplates};
    list_sites: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: SitePage};
    find_site: {params: {asset_id: string}; query: Record<string, never>; body: undefined; reply: SiteCalibration};
    list_counts: {params: Record<string, never>; query: {asset_id?: Id; state?: CountState; cursor?: string; limit?: number}; body: undefined; reply: CountPage};
    begin_count: {params: Record<string, never>; query: Record<string, never>; body: NewCount; reply: Count};
    find_count: {params: {count_id: string}; query: Record<string, never>; body: undefined; reply: Count};
    add_taps: {params: {count_id: string}; query: Record<string, never>; body: TapBatch; reply: TapsTaken};
    list_totals: {params: {count_id: string}; query: Record<string, never>; body: undefined; reply: TotalList};
    set_totals: {params: {count_id: string}; query: Record<string, never>; body: NewTotals; reply: TotalList};
    list_corrections: {params: {count_id: string}; query: Record<string, never>; body: undefined; reply: CorrectionList};
    correct_count: {params: {count_id: string}; query: Record<string, never>; body: NewCorrection; reply: CorrectionList};
    end_count: {params: {count_id: string}; query: Record<string, never>; body: NewEnding; reply: Count};
    dismiss_count: {params: {count_id: string}; query: Record<string, never>; body: NewReason; reply: Count};
    restore_count: {params: {count_id: string}; query: Record<string, never>; body: NewReason; reply: Count};
    find_count_history: {params: {count_id: string}; query: Record<string, never>; body: undefined; reply: CountHistory};
    list_quarters: {params: {count_id: string}; query: Record<string, never>; body: undefined; reply: QuarterList};
    list_classes: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: SiteClassList};
    add_class: {params: Record<string, never>; query: Record<string, never>; body: NewSiteClass; reply: SiteClass};
    change_class: {params: {class_id: string}; query: Record<string, never>; body: NewSiteClass; reply: SiteClass};
    list_models: {params: Record<string, never>; query: {asset_id?: Id; class_id?: Id; scope?: Scope; state?: ModelState; cursor?: string; limit?: number}; body: undefined; reply: ModelPage};
    fit_model: {params: Record<string, never>; query: Record<string, never>; body: NewFit; reply: Model};
    find_model: {params: {model_id: string}; query: Record<string, never>; body: undefined; reply: Model};
    compare_model: {params: {model_id: string}; query: {from: Instant; to: Instant}; body: undefined; reply: ModelComparison};
    publish_model: {params: {model_id: string}; query: Record<string, never>; body: NewPublication; reply: Model};
    retire_model: {params: {model_id: string}; query: Record<string, never>; body: NewReason; reply: Model};
    check_drift: {params: {model_id: string}; query: Record<string, never>; body: undefined; reply: Model};
    list_counting_models: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: CountingModelList};
    find_calibration_settings: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: CalibrationSettings};
    change_calibration_settings: {params: Record<string, never>; query: Record<string, never>; body: CalibrationSettings; reply: CalibrationSettings};
    list_devices: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: DevicePage};
    revoke_device: {params: {device_id: string}; query: Record<string, never>; body: undefined; reply: Device};
    create_claim: {params: Record<string, never>; query: Record<string, never>; body: NewClaim; reply: Claim};
    enrol: {params: Record<string, never>; query: Record<string, never>; body: EnrolmentRequest; reply: Enrolment};
    data_map: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: DataMap};
    list_retention: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: RetentionList};
    set_retention: {params: Record<string, never>; query: Record<string, never>; body: NewRetention; reply: RetentionList};
    list_exports: {params: Record<string, never>; query: {sort?: string; cursor?: string; limit?: number}; body: undefined; reply: ExportPage};
    request_export: {params: Record<string, never>; query: Record<string, never>; body: NewRequest; reply: Export};
    find_export: {params: {export_id: string}; query: Record<string, never>; body: undefined; reply: Export};
    export_file: {params: {export_id: string}; query: Record<string, never>; body: BodyInit | undefined; reply: Response};
    request_erasure: {params: Record<string, never>; query: Record<string, never>; body: NewRequest; reply: ErasureDone};
    find_erasure: {params: {erasure_id: string}; query: Record<string, never>; body: undefined; reply: ErasureDone};
    list_consents: {params: Record<string, never>; query: {subject?: string; purpose?: string; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: ConsentPage};
    record_consent: {params: Record<string, never>; query: Record<string, never>; body: NewConsent; reply: Consent};
    list_audit: {params: Record<string, never>; query: {actor?: string; action?: string; target?: string; outcome?: Outcome; from?: Instant; to?: Instant; q?: string; cursor?: string; limit?: number}; body: undefined; reply: AuditPage};
    export_audit: {params: Record<string, never>; query: {format?: AuditFormat; actor?: string; action?: string; target?: string; outcome?: Outcome; from?: Instant; to?: Instant; q?: string}; body: BodyInit | undefined; reply: Response};
    list_backoffice_audit: {params: Record<string, never>; query: {company?: Id; actor?: string; action?: string; target?: string; outcome?: Outcome; from?: Instant; to?: Instant; q?: string; cursor?: string; limit?: number}; body: undefined; reply: AuditPage};
    list_notices: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: Notices};
    set_notices: {params: Record<string, never>; query: Record<string, never>; body: NoticesWanted; reply: Notices};
    unsubscribe: {params: {token: string}; query: Record<string, never>; body: BodyInit | undefined; reply: Response};
    list_opt_outs: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: OptOutList};
    add_opt_out: {params: Record<string, never>; query: Record<string, never>; body: OptOutAddress; reply: OptOut};
    check_opt_out: {params: Record<string, never>; query: Record<string, never>; body: OptOutAddress; reply: OptOutCheck};
    remove_opt_out: {params: {opt_out_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    list_play_logs: {params: {face_id: string}; query: {cursor?: string; limit?: number}; body: undefined; reply: PlayLogPage};
    import_play_log: {params: {face_id: string}; query: {source?: string; face_name?: string; covers_from?: string; covers_to?: string; dry_run?: boolean}; body: BodyInit | undefined; reply: PlayLogImported};
    remove_play_log: {params: {face_id: string; play_log_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    list_region_sets: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: RegionSetPage};
    make_region_set: {params: Record<string, never>; query: Record<string, never>; body: NewRegionSet; reply: RegionSet};
    find_region_set: {params: {set_id: string}; query: Record<string, never>; body: undefined; reply: RegionSet};
    remove_region_set: {params: {set_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    list_regions: {params: {set_id: string}; query: {cursor?: string; limit?: number}; body: undefined; reply: RegionPage};
    import_regions: {params: {set_id: string}; query: {code_property?: string; name_property?: string; population_property?: string; population_source?: string; buffer_m?: number; source?: string; dry_run?: boolean; repair?: boolean}; body: BodyInit | undefined; reply: RegionsImported};
    list_region_versions: {params: {set_id: string}; query: Record<string, never>; body: undefined; reply: RegionVersions};
    region_geometry: {params: {set_id: string}; query: {zoom?: number; version?: number}; body: BodyInit | undefined; reply: Response};
    put_zone: {params: {set_id: string}; query: Record<string, never>; body: NewZone; reply: RegionsImported};
    remove_zone: {params: {set_id: string}; query: Record<string, never>; body: ZoneRemoval; reply: RegionsImported};
    list_sensitive_places: {params: Record<string, never>; query: {cursor?: string; limit?: number}; body: undefined; reply: SensitivePlacePage};
    put_sensitive_place: {params: Record<string, never>; query: Record<string, never>; body: NewSensitivePlace; reply: SensitiveImported};
    import_sensitive_places: {params: Record<string, never>; query: {code_property?: string; name_property?: string; kind_property?: string; kind?: SensitiveKind; source?: string; dry_run?: boolean}; body: BodyInit | undefined; reply: SensitiveImported};
    remove_sensitive_place: {params: Record<string, never>; query: Record<string, never>; body: SensitiveRemoval; reply: SensitiveImported};
    sensitive_geometry: {params: Record<string, never>; query: Record<string, never>; body: BodyInit | undefined; reply: Response};
    list_endpoints: {params: Record<string, never>; query: {sort?: string; cursor?: string; limit?: number}; body: undefined; reply: EndpointPage};
    create_endpoint: {params: Record<string, never>; query: Record<string, never>; body: NewEndpoint; reply: EndpointWithSecret};
    find_endpoint: {params: {endpoint_id: string}; query: Record<string, never>; body: undefined; reply: Endpoint};
    change_endpoint: {params: {endpoint_id: string}; query: Record<string, never>; body: EndpointChange; reply: Endpoint};
    delete_endpoint: {params: {endpoint_id: string}; query: Record<string, never>; body: undefined; reply: undefined};
    send_test: {params: {endpoint_id: string}; query: Record<string, never>; body: undefined; reply: Sent};
    rotate_secret: {params: {endpoint_id: string}; query: Record<string, never>; body: undefined; reply: EndpointWithSecret};
    list_attempts: {params: {endpoint_id: string}; query: {failed?: boolean; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: AttemptPage};
    replay_attempt: {params: {attempt_id: string}; query: Record<string, never>; body: undefined; reply: Sent};
    list_event_types: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: EventTypes};
    list_all_endpoints: {params: Record<string, never>; query: {company_id?: Id; state?: EndpointState; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: EndpointPage};
    list_attempts_of_all: {params: {endpoint_id: string}; query: {failed?: boolean; sort?: string; cursor?: string; limit?: number}; body: undefined; reply: AttemptPage};
    overview: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter; compare?: Comparison}; body: undefined; reply: Overview};
    exposure: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter; grain: Grain}; body: undefined; reply: ExposureSeries};
    dwell: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter}; body: undefined; reply: DwellReport};
    reach: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter}; body: undefined; reply: ReachReport};
    frequency: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter}; body: undefined; reply: FrequencyReport};
    heatmap: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter; bbox?: string; zoom: number}; body: undefined; reply: Heatmap};
    routes: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; bbox?: string}; body: undefined; reply: RouteReport};
    freshness: {params: Record<string, never>; query: {asset_id?: Id[]}; body: undefined; reply: FreshnessReport};
    region_report: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter; set_id: Id; version?: number}; body: undefined; reply: RegionReport};
    region_series: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; source?: SourceFilter; motion?: MotionFilter; grain: Grain; set_id: Id; version?: number; code: string}; body: undefined; reply: RegionSeries};
    zone_report: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; set_id: Id; version?: number; stop_min?: number}; body: undefined; reply: ZoneReport};
    zone_flows: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; set_id: Id; version?: number; flow?: FlowKind; group?: FlowGrouping}; body: undefined; reply: ZoneFlows};
    data_quality: {params: Record<string, never>; query: {from: Instant; to: Instant; time_zone?: string; asset_id?: Id[]; cursor?: string; limit?: number}; body: undefined; reply: QualityReport};
    metric_definitions: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: MetricDefinitionList};
    live_assets: {params: Record<string, never>; query: Record<string, never>; body: undefined; reply: LiveAssetList};
    live_events: {params: Record<string, never>; query: Record<string, never>; body: BodyInit | undefined; reply: Response};
    face_report: {params: {face_id: string}; query: {from: Instant; to: Instant; time_zone?: string; source?: SourceFilter; market_id?: Id; cost_minor?: number; currency?: string; least_frequency?: number; oncoming_share?: number}; body: undefined; reply: FaceReport};
    face_multipliers: {params: {face_id: string}; query: {from: Instant; to: Instant; time_zone?: string; source?: SourceFilter; vendor?: string}; body: undefined; reply: FaceMultipliers};
    face_visibility: {params: {face_id: string}; query: {at?: Instant; latitude?: number; longitude?: number; heading_deg?: number}; body: undefined; reply: FaceSight};
}

/** Where each is, who may call it, and what of a key's scopes it needs. */
export const operations = {
    begin_session: {method: "POST", path: "/api/v1/session", roles: ["open"], permission: ""},
    find_session: {method: "GET", path: "/api/v1/session", roles: ["person"], permission: "session:read"},
    end_session: {method: "DELETE", path: "/api/v1/session", roles: ["person"], permission: "session:write"},
    show_second_factor: {method: "POST", path: "/api/v1/session/second-factor", roles: ["person"], permission: "session:write"},
    challenge_passkey: {method: "POST", path: "/api/v1/session/passkey-challenge", roles: ["open"], permission: ""},
    begin_session_by_passkey: {method: "POST", path: "/api/v1/session/passkey", roles: ["open"], permission: ""},
    choose_company: {method: "PUT", path: "/api/v1/session/company", roles: ["person"], permission: "sessions:write"},
    change_password: {method: "POST", path: "/api/v1/session/password", roles: ["person"], permission: "password:write"},
    end_impersonation: {method: "DELETE", path: "/api/v1/session/impersonation", roles: ["person"], permission: "session:write"},
    start_oidc: {method: "GET", path: "/api/v1/session/oidc/start", roles: ["open"], permission: ""},
    finish_oidc: {method: "GET", path: "/api/v1/session/oidc/callback", roles: ["open"], permission: ""},
    make_token: {method: "POST", path: "/api/v1/tokens", roles: ["viewer", "analyst", "admin", "owner", "operator", "support", "fulfillment", "finance", "engineer", "superuser"], permission: "tokens:write"},
    show_keys: {method: "GET", path: "/.well-known/jwks.json", roles: ["open"], permission: ""},
    sign_in_ways: {method: "GET", path: "/api/v1/sign-in-ways", roles: ["open"], permission: ""},
    ask_password_reset: {method: "POST", path: "/api/v1/password-reset", roles: ["open"], permission: ""},
    redeem_password_reset: {method: "POST", path: "/api/v1/password-reset/redeem", roles: ["open"], permission: ""},
    find_profile: {method: "GET", path: "/api/v1/profile", roles: ["person"], permission: "profile:read"},
    change_profile: {method: "PATCH", path: "/api/v1/profile", roles: ["person"], permission: "profile:write"},
    list_own_sessions: {method: "GET", path: "/api/v1/profile/sessions", roles: ["person"], permission: "profile:read"},
    end_other_sessions: {method: "DELETE", path: "/api/v1/profile/sessions", roles: ["person"], permission: "sessions:write"},
    end_own_session: {method: "DELETE", path: "/api/v1/profile/sessions/{session_id}", roles: ["person"], permission: "sessions:write"},
    begin_totp: {method: "POST", path: "/api/v1/profile/totp", roles: ["person"], permission: "second_factor:write"},
    confirm_totp: {method: "PUT", path: "/api/v1/profile/totp", roles: ["person"], permission: "second_factor:write"},
    remove_totp: {method: "DELETE", path: "/api/v1/profile/totp", roles: ["person"], permission: "second_factor:write"},
    renew_recovery_codes: {method: "POST", path: "/api/v1/profile/recovery-codes", roles: ["person"], permission: "second_factor:write"},
    list_passkeys: {method: "GET", path: "/api/v1/profile/passkeys", roles: ["person"], permission: "profile:read"},
    add_passkey: {method: "POST", path: "/api/v1/profile/passkeys", roles: ["person"], permission: "second_factor:write"},
    challenge_new_passkey: {method: "POST", path: "/api/v1/profile/passkeys/challenge", roles: ["person"], permission: "second_factor:write"},
    rename_passkey: {method: "PATCH", path: "/api/v1/profile/passkeys/{passkey_id}", roles: ["person"], permission: "second_factor:write"},
    remove_passkey: {method: "DELETE", path: "/api/v1/profile/passkeys/{passkey_id}", roles: ["person"], permission: "second_factor:write"},
    change_email: {method: "POST", path: "/api/v1/profile/email", roles: ["person"], permission: "profile:write"},
    confirm_email: {method: "POST", path: "/api/v1/email-change/confirm", roles: ["open"], permission: ""},
    find_company: {method: "GET", path: "/api/v1/company", roles: ["viewer", "analyst", "admin", "owner", "operator", "superuser"], permission: "company:read"},
    change_company: {method: "PATCH", path: "/api/v1/company", roles: ["admin", "owner", "superuser"], permission: "company:write"},
    ask_for_standard: {method: "POST", path: "/api/v1/company/standard-mode", roles: ["owner"], permission: "company:write"},
    find_logo: {method: "GET", path: "/api/v1/company/logo", roles: ["viewer", "analyst", "admin", "owner", "operator", "superuser"], permission: "company:read"},
    put_logo: {method: "PUT", path: "/api/v1/company/logo", roles: ["admin", "owner", "superuser"], permission: "company:write"},
    remove_logo: {method: "DELETE", path: "/api/v1/company/logo", roles: ["admin", "owner", "superuser"], permission: "company:write"},
    transfer_ownership: {method: "POST", path: "/api/v1/company/owner", roles: ["owner"], permission: "ownership:write"},
    find_contract: {method: "GET", path: "/api/v1/company/contract", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "contracts:read"},
    change_contract: {method: "PUT", path: "/api/v1/company/contract", roles: ["owner"], permission: "contracts:write"},
    list_companies: {method: "GET", path: "/api/v1/companies", roles: ["viewer", "analyst", "admin", "owner", "operator", "superuser"], permission: "companies:read"},
    add_company: {method: "POST", path: "/api/v1/companies", roles: ["admin", "owner", "superuser"], permission: "companies:write"},
    find_child: {method: "GET", path: "/api/v1/companies/{company_id}", roles: ["viewer", "analyst", "admin", "owner", "operator", "superuser"], permission: "companies:read"},
    list_people: {method: "GET", path: "/api/v1/people", roles: ["viewer", "analyst", "admin", "owner", "operator", "superuser"], permission: "people:read"},
    find_member: {method: "GET", path: "/api/v1/people/{person_id}", roles: ["viewer", "analyst", "admin", "owner", "operator", "superuser"], permission: "people:read"},
    change_member: {method: "PATCH", path: "/api/v1/people/{person_id}", roles: ["admin", "owner", "superuser"], permission: "people:write"},
    remove_member: {method: "DELETE", path: "/api/v1/people/{person_id}", roles: ["admin", "owner", "superuser"], permission: "people:write"},
    leave: {method: "DELETE", path: "/api/v1/membership", roles: ["person"], permission: "people:write"},
    end_sessions_of: {method: "DELETE", path: "/api/v1/people/{person_id}/sessions", roles: ["admin", "owner", "superuser"], permission: "people:write"},
    list_invitations: {method: "GET", path: "/api/v1/invitations", roles: ["admin", "owner", "superuser"], permission: "invitations:read"},
    invite: {method: "POST", path: "/api/v1/invitations", roles: ["admin", "owner", "superuser"], permission: "invitations:write"},
    accept_invitation: {method: "POST", path: "/api/v1/invitations/accept", roles: ["open"], permission: ""},
    look_at_invitation: {method: "POST", path: "/api/v1/invitations/look", roles: ["open"], permission: ""},
    withdraw_invitation: {method: "DELETE", path: "/api/v1/invitations/{invitation_id}", roles: ["admin", "owner", "superuser"], permission: "invitations:write"},
    list_contacts: {method: "GET", path: "/api/v1/contacts", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "contacts:read"},
    add_contact: {method: "POST", path: "/api/v1/contacts", roles: ["admin", "owner"], permission: "contacts:write"},
    change_contact: {method: "PATCH", path: "/api/v1/contacts/{contact_id}", roles: ["admin", "owner"], permission: "contacts:write"},
    remove_contact: {method: "DELETE", path: "/api/v1/contacts/{contact_id}", roles: ["admin", "owner"], permission: "contacts:write"},
    list_api_keys: {method: "GET", path: "/api/v1/api-keys", roles: ["admin", "owner"], permission: "api_keys:read"},
    add_api_key: {method: "POST", path: "/api/v1/api-keys", roles: ["admin", "owner"], permission: "api_keys:write"},
    revoke_api_key: {method: "DELETE", path: "/api/v1/api-keys/{api_key_id}", roles: ["admin", "owner"], permission: "api_keys:write"},
    rotate_api_key: {method: "POST", path: "/api/v1/api-keys/{api_key_id}/rotate", roles: ["admin", "owner"], permission: "api_keys:write"},
    list_impersonations: {method: "GET", path: "/api/v1/impersonations", roles: ["admin", "owner"], permission: "impersonations:read"},
    answer_impersonation: {method: "PUT", path: "/api/v1/impersonations/{impersonation_id}/consent", roles: ["admin", "owner"], permission: "impersonations:write"},
    staff_list_companies: {method: "GET", path: "/api/v1/backoffice/companies", roles: ["support", "fulfillment", "finance", "engineer", "superuser"], permission: "companies:read"},
    staff_find_company: {method: "GET", path: "/api/v1/backoffice/companies/{company_id}", roles: ["support", "fulfillment", "finance", "engineer", "superuser"], permission: "companies:read"},
    staff_change_company: {method: "PATCH", path: "/api/v1/backoffice/companies/{company_id}", roles: ["support", "superuser"], permission: "companies:write"},
    staff_list_people: {method: "GET", path: "/api/v1/backoffice/people", roles: ["support", "fulfillment", "finance", "engineer", "superuser"], permission: "people:read"},
    staff_reset_password: {method: "POST", path: "/api/v1/backoffice/people/{person_id}/password-reset", roles: ["support", "superuser"], permission: "people:write"},
    staff_reset_second_factor: {method: "POST", path: "/api/v1/backoffice/people/{person_id}/second-factor-reset", roles: ["support", "superuser"], permission: "second_factor:write"},
    staff_list_sessions: {method: "GET", path: "/api/v1/backoffice/sessions", roles: ["support", "engineer", "superuser"], permission: "sessions:read"},
    staff_end_session: {method: "DELETE", path: "/api/v1/backoffice/sessions/{session_id}", roles: ["support", "superuser"], permission: "sessions:write"},
    staff_list_contacts: {method: "GET", path: "/api/v1/backoffice/contacts", roles: ["support", "fulfillment", "finance", "engineer", "superuser"], permission: "contacts:read"},
    staff_list_impersonations: {method: "GET", path: "/api/v1/backoffice/impersonations", roles: ["support", "fulfillment", "finance", "engineer", "superuser"], permission: "impersonations:read"},
    begin_impersonation: {method: "POST", path: "/api/v1/backoffice/impersonations", roles: ["support", "finance", "engineer", "superuser"], permission: "impersonations:write"},
    grant_impersonation_write: {method: "POST", path: "/api/v1/backoffice/impersonations/{impersonation_id}/write-grant", roles: ["superuser"], permission: "impersonations:write"},
    staff_end_impersonation: {method: "DELETE", path: "/api/v1/backoffice/impersonations/{impersonation_id}", roles: ["support", "superuser"], permission: "impersonations:write"},
    list_annotations: {method: "GET", path: "/api/v1/annotations", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "annotations:read"},
    make_annotation: {method: "POST", path: "/api/v1/annotations", roles: ["analyst", "admin", "owner", "operator"], permission: "annotations:write"},
    replace_annotation: {method: "PUT", path: "/api/v1/annotations/{annotation_id}", roles: ["analyst", "admin", "owner", "operator"], permission: "annotations:write"},
    remove_annotation: {method: "DELETE", path: "/api/v1/annotations/{annotation_id}", roles: ["analyst", "admin", "owner", "operator"], permission: "annotations:write"},
    list_assets: {method: "GET", path: "/api/v1/assets", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    register_asset: {method: "POST", path: "/api/v1/assets", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    find_asset: {method: "GET", path: "/api/v1/assets/{asset_id}", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    retire_asset: {method: "POST", path: "/api/v1/assets/{asset_id}/retirement", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    attach_device: {method: "POST", path: "/api/v1/assets/{asset_id}/attachments", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    detach_device: {method: "POST", path: "/api/v1/assets/{asset_id}/detachments", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    list_positions: {method: "GET", path: "/api/v1/assets/{asset_id}/positions", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    move_asset: {method: "POST", path: "/api/v1/assets/{asset_id}/positions", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    list_faces: {method: "GET", path: "/api/v1/assets/{asset_id}/faces", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    add_face: {method: "POST", path: "/api/v1/assets/{asset_id}/faces", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    find_face: {method: "GET", path: "/api/v1/faces/{face_id}", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    change_face: {method: "PUT", path: "/api/v1/faces/{face_id}", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    retire_face: {method: "POST", path: "/api/v1/faces/{face_id}/retirement", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    list_face_versions: {method: "GET", path: "/api/v1/faces/{face_id}/versions", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    list_venue_types: {method: "GET", path: "/api/v1/venue-types", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    list_markets: {method: "GET", path: "/api/v1/markets", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    add_market: {method: "POST", path: "/api/v1/markets", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    find_market: {method: "GET", path: "/api/v1/markets/{market_id}", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "assets:read"},
    change_market: {method: "PUT", path: "/api/v1/markets/{market_id}", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    remove_market: {method: "DELETE", path: "/api/v1/markets/{market_id}", roles: ["admin", "owner", "operator"], permission: "assets:write"},
    find_health: {method: "GET", path: "/api/v1/backoffice/health", roles: ["support", "engineer", "superuser"], permission: "backoffice_health:read"},
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
    list_sites: {method: "GET", path: "/api/v1/calibration/sites", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    find_site: {method: "GET", path: "/api/v1/calibration/sites/{asset_id}", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    list_counts: {method: "GET", path: "/api/v1/calibration/counts", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    begin_count: {method: "POST", path: "/api/v1/calibration/counts", roles: ["analyst", "admin", "owner", "operator"], permission: "calibration:write"},
    find_count: {method: "GET", path: "/api/v1/calibration/counts/{count_id}", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    add_taps: {method: "POST", path: "/api/v1/calibration/counts/{count_id}/taps", roles: ["analyst", "admin", "owner", "operator"], permission: "calibration:write"},
    list_totals: {method: "GET", path: "/api/v1/calibration/counts/{count_id}/totals", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    set_totals: {method: "PUT", path: "/api/v1/calibration/counts/{count_id}/totals", roles: ["analyst", "admin", "owner", "operator"], permission: "calibration:write"},
    list_corrections: {method: "GET", path: "/api/v1/calibration/counts/{count_id}/corrections", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    correct_count: {method: "POST", path: "/api/v1/calibration/counts/{count_id}/corrections", roles: ["analyst", "admin", "owner", "operator"], permission: "calibration:write"},
    end_count: {method: "POST", path: "/api/v1/calibration/counts/{count_id}/ending", roles: ["analyst", "admin", "owner", "operator"], permission: "calibration:write"},
    dismiss_count: {method: "POST", path: "/api/v1/calibration/counts/{count_id}/dismissal", roles: ["analyst", "admin", "owner", "operator"], permission: "calibration:write"},
    restore_count: {method: "POST", path: "/api/v1/calibration/counts/{count_id}/restoration", roles: ["analyst", "admin", "owner", "operator"], permission: "calibration:write"},
    find_count_history: {method: "GET", path: "/api/v1/calibration/counts/{count_id}/history", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    list_quarters: {method: "GET", path: "/api/v1/calibration/counts/{count_id}/quarters", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    list_classes: {method: "GET", path: "/api/v1/calibration/classes", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    add_class: {method: "POST", path: "/api/v1/calibration/classes", roles: ["admin", "owner"], permission: "calibration:write"},
    change_class: {method: "PUT", path: "/api/v1/calibration/classes/{class_id}", roles: ["admin", "owner"], permission: "calibration:write"},
    list_models: {method: "GET", path: "/api/v1/calibration/models", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    fit_model: {method: "POST", path: "/api/v1/calibration/models", roles: ["analyst", "admin", "owner", "operator"], permission: "calibration:write"},
    find_model: {method: "GET", path: "/api/v1/calibration/models/{model_id}", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    compare_model: {method: "GET", path: "/api/v1/calibration/models/{model_id}/comparison", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    publish_model: {method: "POST", path: "/api/v1/calibration/models/{model_id}/publication", roles: ["admin", "owner"], permission: "calibration:write"},
    retire_model: {method: "POST", path: "/api/v1/calibration/models/{model_id}/retirement", roles: ["admin", "owner"], permission: "calibration:write"},
    check_drift: {method: "POST", path: "/api/v1/calibration/models/{model_id}/drift-checks", roles: ["analyst", "admin", "owner", "operator"], permission: "calibration:write"},
    list_counting_models: {method: "GET", path: "/api/v1/calibration/counting-models", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    find_calibration_settings: {method: "GET", path: "/api/v1/calibration/settings", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "calibration:read"},
    change_calibration_settings: {method: "PUT", path: "/api/v1/calibration/settings", roles: ["admin", "owner"], permission: "calibration:write"},
    list_devices: {method: "GET", path: "/api/v1/devices", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "devices:read"},
    revoke_device: {method: "POST", path: "/api/v1/devices/{device_id}/revocation", roles: ["admin", "owner", "operator"], permission: "devices:write"},
    create_claim: {method: "POST", path: "/api/v1/claims", roles: ["admin", "owner", "operator"], permission: "devices:write"},
    enrol: {method: "POST", path: "/device/v1/enrolment", roles: ["open"], permission: ""},
    data_map: {method: "GET", path: "/api/v1/privacy/data-map", roles: ["admin", "owner"], permission: "privacy:read"},
    list_retention: {method: "GET", path: "/api/v1/privacy/retention", roles: ["admin", "owner"], permission: "privacy:read"},
    set_retention: {method: "PUT", path: "/api/v1/privacy/retention", roles: ["owner"], permission: "privacy:write"},
    list_exports: {method: "GET", path: "/api/v1/privacy/exports", roles: ["admin", "owner"], permission: "privacy:read"},
    request_export: {method: "POST", path: "/api/v1/privacy/exports", roles: ["admin", "owner"], permission: "privacy:export"},
    find_export: {method: "GET", path: "/api/v1/privacy/exports/{export_id}", roles: ["admin", "owner"], permission: "privacy:read"},
    export_file: {method: "GET", path: "/api/v1/privacy/exports/{export_id}/file", roles: ["admin", "owner"], permission: "privacy:export"},
    request_erasure: {method: "POST", path: "/api/v1/privacy/erasures", roles: ["owner"], permission: "privacy:write"},
    find_erasure: {method: "GET", path: "/api/v1/privacy/erasures/{erasure_id}", roles: ["admin", "owner"], permission: "privacy:read"},
    list_consents: {method: "GET", path: "/api/v1/privacy/consents", roles: ["admin", "owner"], permission: "privacy:read"},
    record_consent: {method: "POST", path: "/api/v1/privacy/consents", roles: ["admin", "owner"], permission: "privacy:write"},
    list_audit: {method: "GET", path: "/api/v1/audit", roles: ["admin", "owner"], permission: "audit:read"},
    export_audit: {method: "GET", path: "/api/v1/audit/export", roles: ["admin", "owner"], permission: "audit:export"},
    list_backoffice_audit: {method: "GET", path: "/api/v1/backoffice/audit", roles: ["support", "engineer", "superuser"], permission: "audit:read"},
    list_notices: {method: "GET", path: "/api/v1/profile/notices", roles: ["person"], permission: "profile:read"},
    set_notices: {method: "PUT", path: "/api/v1/profile/notices", roles: ["person"], permission: "profile:write"},
    unsubscribe: {method: "POST", path: "/api/v1/notices/unsubscribe/{token}", roles: ["open"], permission: ""},
    list_opt_outs: {method: "GET", path: "/api/v1/privacy/opt-outs", roles: ["admin", "owner"], permission: "privacy:read"},
    add_opt_out: {method: "POST", path: "/api/v1/privacy/opt-outs", roles: ["admin", "owner"], permission: "privacy:write"},
    check_opt_out: {method: "POST", path: "/api/v1/privacy/opt-outs/check", roles: ["admin", "owner"], permission: "privacy:write"},
    remove_opt_out: {method: "DELETE", path: "/api/v1/privacy/opt-outs/{opt_out_id}", roles: ["admin", "owner"], permission: "privacy:write"},
    list_play_logs: {method: "GET", path: "/api/v1/faces/{face_id}/play-logs", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "plays:read"},
    import_play_log: {method: "POST", path: "/api/v1/faces/{face_id}/play-logs", roles: ["analyst", "admin", "owner", "operator"], permission: "plays:write"},
    remove_play_log: {method: "DELETE", path: "/api/v1/faces/{face_id}/play-logs/{play_log_id}", roles: ["admin", "owner", "operator"], permission: "plays:write"},
    list_region_sets: {method: "GET", path: "/api/v1/region-sets", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "regions:read"},
    make_region_set: {method: "POST", path: "/api/v1/region-sets", roles: ["admin", "owner", "operator"], permission: "regions:write"},
    find_region_set: {method: "GET", path: "/api/v1/region-sets/{set_id}", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "regions:read"},
    remove_region_set: {method: "DELETE", path: "/api/v1/region-sets/{set_id}", roles: ["admin", "owner", "operator"], permission: "regions:write"},
    list_regions: {method: "GET", path: "/api/v1/region-sets/{set_id}/regions", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "regions:read"},
    import_regions: {method: "PUT", path: "/api/v1/region-sets/{set_id}/regions", roles: ["admin", "owner", "operator"], permission: "regions:write"},
    list_region_versions: {method: "GET", path: "/api/v1/region-sets/{set_id}/versions", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "regions:read"},
    region_geometry: {method: "GET", path: "/api/v1/region-sets/{set_id}/geometry", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "regions:read"},
    put_zone: {method: "POST", path: "/api/v1/region-sets/{set_id}/zones", roles: ["admin", "owner", "operator"], permission: "regions:write"},
    remove_zone: {method: "POST", path: "/api/v1/region-sets/{set_id}/zone-removals", roles: ["admin", "owner", "operator"], permission: "regions:write"},
    list_sensitive_places: {method: "GET", path: "/api/v1/sensitive-places", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "privacy:read"},
    put_sensitive_place: {method: "POST", path: "/api/v1/sensitive-places", roles: ["admin", "owner"], permission: "privacy:write"},
    import_sensitive_places: {method: "PUT", path: "/api/v1/sensitive-places", roles: ["admin", "owner"], permission: "privacy:write"},
    remove_sensitive_place: {method: "POST", path: "/api/v1/sensitive-places/removals", roles: ["admin", "owner"], permission: "privacy:write"},
    sensitive_geometry: {method: "GET", path: "/api/v1/sensitive-places/geometry", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "privacy:read"},
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
    overview: {method: "GET", path: "/api/v1/reports/overview", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    exposure: {method: "GET", path: "/api/v1/reports/exposure", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    dwell: {method: "GET", path: "/api/v1/reports/dwell", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    reach: {method: "GET", path: "/api/v1/reports/reach", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    frequency: {method: "GET", path: "/api/v1/reports/frequency", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    heatmap: {method: "GET", path: "/api/v1/reports/heatmap", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    routes: {method: "GET", path: "/api/v1/reports/routes", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    freshness: {method: "GET", path: "/api/v1/reports/freshness", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    region_report: {method: "GET", path: "/api/v1/reports/regions", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    region_series: {method: "GET", path: "/api/v1/reports/regions/series", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    zone_report: {method: "GET", path: "/api/v1/reports/zones", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    zone_flows: {method: "GET", path: "/api/v1/reports/zone-flows", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    data_quality: {method: "GET", path: "/api/v1/reports/quality", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    metric_definitions: {method: "GET", path: "/api/v1/metrics", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    live_assets: {method: "GET", path: "/api/v1/live/assets", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    live_events: {method: "GET", path: "/api/v1/live/events", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    face_report: {method: "GET", path: "/api/v1/reports/faces/{face_id}", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    face_multipliers: {method: "GET", path: "/api/v1/reports/faces/{face_id}/multipliers", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
    face_visibility: {method: "GET", path: "/api/v1/reports/faces/{face_id}/visibility", roles: ["viewer", "analyst", "admin", "owner", "operator"], permission: "reports:read"},
} as const satisfies Record<
    keyof Operations,
    {method: string; path: string; roles: readonly (Role | "person" | "open" | "device")[]; permission: string}
>;
