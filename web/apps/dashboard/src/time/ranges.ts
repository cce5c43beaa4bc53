// The chosen time: presets and custom ranges as instants, and the period that they are compared
// with. Everything is cut in the zone that is shown, so days have 23 or 25 hours twice a year.

import {
    dayText,
    localTime,
    minuteText,
    offsetAt,
    parseLocal,
    shiftDays,
    startOfDay,
} from '@mobilytics/ui/zones';
import type { Grain } from '@mobilytics/api';

export const kPresets = ['today', 'yesterday', '24h', '7d', '28d'] as const;
export type Preset = (typeof kPresets)[number];
export type RangeName = Preset | 'custom';

export const kDefaultRange: Preset = '24h';

export const kPresetLabels: Record<RangeName, string> = {
    today: 'Today',
    yesterday: 'Yesterday',
    '24h': 'Last 24 hours',
    '7d': 'Last 7 days',
    '28d': 'Last 28 days',
    custom: 'Custom',
};

export interface Span {
    from: number;
    to: number;
}

export interface Range extends Span {
    name: RangeName;
    label: string;
    /** Within a sentence: "in the last 24 hours". */
    phrase: string;
    previous: Span;
    /** Within a sentence: "than the 24 hours before". */
    previousPhrase: string;
    /** The range goes on: its last bucket is not complete. */
    running: boolean;
}

export const kQuarterMs = 15 * 60_000;
const kHourMs = 3_600_000;
const kDayMs = 24 * kHourMs;

/** The end of the quarter hour that is running; facts come in quarter hours. */
export function quarterEnd(now: number): number {
    return Math.ceil(now / kQuarterMs) * kQuarterMs;
}

/** The end of the local hour that is running. */
function hourEnd(now: number, zone: string): number {
    const offset = offsetAt(now, zone) % kHourMs;
    return Math.ceil((now + offset) / kHourMs) * kHourMs - offset;
}

export interface RangeSearch {
    range?: string;
    from?: string;
    to?: string;
}

function days(
    name: RangeName,
    from: number,
    to: number,
    zone: string,
    back: number,
    phrase: string,
    previousPhrase: string,
    running: boolean,
): Range {
    const previous = { from: shiftDays(from, zone, -back), to: shiftDays(to, zone, -back) };
    const label = kPresetLabels[name];
    return { name, from, to, label, phrase, previous, previousPhrase, running };
}

/** Both ends as people write them: 21 Aug; 21 Aug, 09:30 – 22 Aug, 10:00. */
export function spanText({ from, to }: Span, zone: string): string {
    const whole = startOfDay(from, zone) === from && startOfDay(to, zone) === to;
    const year = localTime(from, zone).year !== localTime(Date.now(), zone).year;
    const day = (at: number) =>
        new Intl.DateTimeFormat('en-GB', {
            timeZone: zone,
            day: 'numeric',
            month: 'short',
            ...(year ? { year: 'numeric' } : {}),
        }).format(at);
    if (whole) {
        const first = day(from);
        const last = day(to - 1);
        return first === last ? first : `${first} – ${last}`;
    }
    const time = (at: number) => minuteText(at, zone).slice(11);
    return day(from) === day(to)
        ? `${day(from)}, ${time(from)} – ${time(to)}`
        : `${day(from)}, ${time(from)} – ${day(to)}, ${time(to)}`;
}

function custom(search: RangeSearch, zone: string, now: number): Range | undefined {
    const from = search.from && parseLocal(search.from, zone);
    const end = search.to && parseLocal(search.to, zone);
    if (!from || !end) return undefined;
    // A plain day as the end means all of that day.
    const to = search.to!.length === 10 ? startOfDay(end, zone, 1) : end;
    if (to <= from || to - from > 800 * kDayMs) return undefined;
    const whole = startOfDay(from, zone) === from && startOfDay(to, zone) === to;
    const length = whole ? Math.round((to - from) / kDayMs) : 0;
    const text = spanText({ from, to }, zone);
    const previous = whole
        ? { from: shiftDays(from, zone, -length), to: from }
        : { from: from - (to - from), to: from };
    return {
        name: 'custom',
        from,
        to,
        label: text,
        phrase: whole && length === 1 ? `on ${text}` : `in ${text}`,
        previous,
        previousPhrase: whole
            ? length === 1
                ? 'the day before'
                : `the ${length} days before`
            : 'the same time before',
        running: to > now,
    };
}

/** What the address bar says, as instants. What it says wrongly is read as the default. */
export function resolveRange(search: RangeSearch, zone: string, now: number): Range {
    const end = quarterEnd(now);
    switch (search.range) {
        case 'custom': {
            const range = custom(search, zone, now);
            if (range) return range;
            break;
        }
        case 'today':
            return days(
                'today',
                startOfDay(now, zone),
                end,
                zone,
                1,
                'today',
                'yesterday until this time',
                true,
            );
        case 'yesterday':
            return days(
                'yesterday',
                startOfDay(now, zone, -1),
                startOfDay(now, zone),
                zone,
                1,
                'yesterday',
                'the day before',
                false,
            );
        case '7d':
            return days(
                '7d',
                startOfDay(now, zone, -6),
                end,
                zone,
                7,
                'in the last 7 days',
                'the 7 days before',
                true,
            );
        case '28d':
            return days(
                '28d',
                startOfDay(now, zone, -27),
                end,
                zone,
                28,
                'in the last 28 days',
                'the 28 days before',
                true,
            );
    }
    // Twenty-four hours by the clock: the one that is running and the 23 full ones before.
    const start = hourEnd(now, zone) - kDayMs;
    return {
        name: '24h',
        from: start,
        to: end,
        label: kPresetLabels['24h'],
        phrase: 'in the last 24 hours',
        previous: { from: start - kDayMs, to: end - kDayMs },
        previousPhrase: 'the 24 hours before',
        running: true,
    };
}

/** The same range, pinned: a link that still shows tomorrow what it shows today. */
export function pinned(range: Span, zone: string): Required<RangeSearch> {
    return {
        range: 'custom',
        from: minuteText(range.from, zone),
        to: minuteText(range.to, zone),
    };
}

/** Grains that draw between 2 and some 700 bars, and the one to begin with. */
export function grains(range: Span): { allowed: Grain[]; initial: Grain } {
    const length = range.to - range.from;
    const allowed: Grain[] = [];
    if (length <= 7.1 * kDayMs) allowed.push('quarter');
    if (length <= 31 * kDayMs) allowed.push('hour');
    if (length > kDayMs + kHourMs) allowed.push('day');
    const initial = length <= 6 * kHourMs ? 'quarter' : length <= 3 * kDayMs ? 'hour' : 'day';
    return { allowed, initial: allowed.includes(initial) ? initial : allowed[0]! };
}

/** How many local days a range touches: over more than one, devices are summed, not united. */
export function localDays({ from, to }: Span, zone: string): number {
    let count = 1;
    for (let at = startOfDay(from, zone, 1); at < to; at = startOfDay(at, zone, 1)) ++count;
    return count;
}

export function sameDay(a: number, b: number, zone: string): boolean {
    return dayText(a, zone) === dayText(b, zone);
}
