// Faces as forms and charts have them: text made numbers, and the way from OTS to LTS in steps.

import type { FaceMultipliers, FaceReport, FaceSide, NewFace } from '@mobilytics/api';

export const kSideWords: Record<FaceSide, string> = {
    front: 'Front',
    back: 'Back',
    left: 'Left',
    right: 'Right',
};

export const kLightWords = {
    none: 'Not lit',
    dusk_to_dawn: 'Dusk to dawn',
    always: 'Always',
    hours: 'By hours',
} as const;

/** As it is typed. */
export type FaceText = Record<
    | 'name'
    | 'side'
    | 'medium'
    | 'width_m'
    | 'height_m'
    | 'center_height_m'
    | 'letter_height_m'
    | 'viewing_distance_m'
    | 'heading_deg'
    | 'road_angle_deg'
    | 'obstruction'
    | 'speed_kmh'
    | 'speed_source'
    | 'traffic_side'
    | 'lit'
    | 'lit_from'
    | 'lit_to'
    | 'loop_s'
    | 'spot_s'
    | 'slots'
    | 'venue_type',
    string
>;

const kNumbers = [
    'width_m',
    'height_m',
    'center_height_m',
    'letter_height_m',
    'viewing_distance_m',
    'heading_deg',
    'road_angle_deg',
    'speed_kmh',
    'loop_s',
    'spot_s',
    'slots',
    'venue_type',
] as const;
const kDigital = ['loop_s', 'spot_s', 'slots'];

/** A number as people write it; undefined of nothing, NaN of what is none. */
export function numberOf(text: string): number | undefined {
    const bare = text.trim().replace(',', '.');
    return bare === '' ? undefined : Number(bare);
}

export function faceText(face?: Partial<NewFace>): FaceText {
    const of = (value: string | number | undefined) => (value === undefined ? '' : String(value));
    return {
        name: of(face?.name),
        side: face?.side ?? 'front',
        medium: face?.medium ?? 'printed',
        width_m: of(face?.width_m),
        height_m: of(face?.height_m),
        center_height_m: of(face?.center_height_m),
        letter_height_m: of(face?.letter_height_m),
        viewing_distance_m: of(face?.viewing_distance_m),
        heading_deg: of(face?.heading_deg),
        road_angle_deg: of(face?.road_angle_deg),
        obstruction: face?.obstruction === undefined ? '' : String(face.obstruction * 100),
        speed_kmh: of(face?.speed_kmh),
        speed_source: face?.speed_source ?? 'limit',
        traffic_side: face?.traffic_side ?? 'right',
        lit: face?.lit ?? 'none',
        lit_from: of(face?.lit_from),
        lit_to: of(face?.lit_to),
        loop_s: of(face?.loop_s),
        spot_s: of(face?.spot_s),
        slots: of(face?.slots),
        venue_type: of(face?.venue_type),
    };
}

/** What is no number, field by field; whether it can be is for the server to say. */
export function faceFaults(text: FaceText): Partial<FaceText> {
    const out: Partial<FaceText> = {};
    if (!text.name.trim()) out.name = 'Which face is it? North, or driver side.';
    for (const field of [...kNumbers, 'obstruction'] as const) {
        if (Number.isNaN(numberOf(text[field]))) out[field] = 'This is no number.';
    }
    for (const field of ['width_m', 'height_m'] as const) {
        if (!text[field].trim()) out[field] = 'Say how large it is.';
    }
    return out;
}

/** What is sent: what was left empty is not known, and what does not belong is left out. */
export function faceBody(text: FaceText, moving: boolean): NewFace {
    const numbers: Record<string, number> = {};
    for (const field of kNumbers) {
        const value = numberOf(text[field]);
        const ofFixed = ['heading_deg', 'road_angle_deg', 'speed_kmh'].includes(field);
        if (value === undefined || (moving && ofFixed)) continue;
        if (kDigital.includes(field) && text.medium !== 'digital') continue;
        numbers[field] = value;
    }
    const obstruction = numberOf(text.obstruction);
    return {
        name: text.name.trim(),
        side: text.side,
        medium: text.medium,
        lit: text.lit,
        ...numbers,
        ...(obstruction === undefined ? {} : { obstruction: obstruction / 100 }),
        ...('speed_kmh' in numbers ? { speed_source: text.speed_source } : {}),
        ...(moving && text.traffic_side === 'left' ? { traffic_side: 'left' } : {}),
        ...(text.lit === 'hours' ? { lit_from: text.lit_from, lit_to: text.lit_to } : {}),
    } as NewFace;
}

export interface Step {
    id: string;
    label: string;
    /** What it was multiplied by; none of the ends. */
    times?: number;
    before: number;
    after: number;
}

export const kFactorWords: Record<string, string> = {
    calibration: 'Calibration',
    direction: 'Direction',
    size: 'Size',
    angle: 'Angle',
    distance: 'Distance',
    speed: 'Speed',
    obstruction: 'Obstruction',
    illumination: 'Illumination',
};

/** From opportunities to what was likely seen; none where a factor has no value. */
export function waterfall(report: FaceReport): Step[] {
    const of = (metric: string) => report.figures.find(each => each.metric === metric)?.value;
    const end = report.figures.find(each =>
        ['lts', 'moving_impressions'].includes(each.metric),
    )?.value;
    const ots = of('ots');
    if (ots === undefined || end === undefined || report.factors.length === 0) return [];
    const product = report.factors.reduce((sofar, each) => sofar * (each.value ?? 1), 1);
    // Of a vehicle some of the visits are parked, or have no credit: it begins with what is left.
    const start = of('lts') === undefined ? (product > 0 ? end / product : 0) : ots;
    const steps: Step[] = [{ id: 'ots', label: 'OTS', before: 0, after: start }];
    let now = start;
    for (const { id, value = 1 } of report.factors) {
        const after = now * value;
        steps.push({ id, label: kFactorWords[id] ?? id, times: value, before: now, after });
        now = after;
    }
    steps.push({ id: 'lts', label: 'LTS', before: 0, after: end });
    return steps;
}

/** An hour's multiplier as a bid request has it. */
export function openRtb(report: FaceMultipliers, hour: number): string {
    const { start, qty } = report.items[hour]!;
    return JSON.stringify(
        { imp: [{ id: '1', qty, dt: Date.parse(start) }], dooh: report.dooh },
        null,
        2,
    );
}

/** Digits that a currency has behind its point; undefined of none that is known. */
export function digitsOf(currency: string): number | undefined {
    try {
        const format = new Intl.NumberFormat('en', { style: 'currency', currency });
        return format.resolvedOptions().maximumFractionDigits;
    } catch {
        return undefined;
    }
}

/** The smallest coins of what people write; undefined where it is no amount. */
export function minorOf(text: string, currency: string): number | undefined {
    const value = numberOf(text);
    const digits = digitsOf(currency);
    if (value === undefined || digits === undefined || !(value >= 0)) return undefined;
    return Math.round(value * 10 ** digits);
}

export function moneyText({ minor, currency }: { minor: number; currency: string }): string {
    const digits = digitsOf(currency) ?? 2;
    return `${(minor / 10 ** digits).toFixed(digits)} ${currency}`;
}
