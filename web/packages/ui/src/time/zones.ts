// Local time of a named zone, without Temporal: enough to cut days and to write instants down.

export interface LocalTime {
    year: number;
    month: number; // 1 to 12.
    day: number;
    hour: number;
    minute: number;
    second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
    let made = formats.get(zone);
    if (!made) {
        made = new Intl.DateTimeFormat('en-US', {
            timeZone: zone,
            calendar: 'gregory',
            numberingSystem: 'latn',
            hourCycle: 'h23',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
        });
        formats.set(zone, made);
    }
    return made;
}

export function isZone(name: string): boolean {
    try {
        format(name);
        return true;
    } catch {
        return false;
    }
}

export function localTime(at: number, zone: string): LocalTime {
    const local = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of format(zone).formatToParts(at)) {
        if (type in local) local[type as keyof LocalTime] = Number(value);
    }
    return local;
}

const asIfUtc = (t: LocalTime) => Date.UTC(t.year, t.month - 1, t.day, t.hour, t.minute, t.second);

/** How far the zone is ahead of UTC at that instant, in milliseconds. */
export function offsetAt(at: number, zone: string): number {
    const whole = Math.floor(at / 1000) * 1000;
    return asIfUtc(localTime(whole, zone)) - whole;
}

/**
 * The instant of a local time. Twice in a night when clocks go back: then the first. Never when
 * they go forward: then as if they had not, which is just after the gap. Fields may overflow (day
 * 32 is the next month's first).
 */
export function instantOf(t: LocalTime, zone: string): number {
    const wall = asIfUtc(t);
    const before = offsetAt(wall - 86_400_000, zone);
    const first = wall - before;
    if (offsetAt(first, zone) === before) return first;
    const second = wall - offsetAt(wall + 86_400_000, zone);
    return offsetAt(second, zone) === wall - second ? second : first;
}

/** Midnight, or the first instant of the day where midnight does not exist, `days` days later. */
export function startOfDay(at: number, zone: string, days = 0): number {
    const { year, month, day } = localTime(at, zone);
    return instantOf({ year, month, day: day + days, hour: 0, minute: 0, second: 0 }, zone);
}

/** The same time of day, some local days later or earlier. */
export function shiftDays(at: number, zone: string, days: number): number {
    const local = localTime(at, zone);
    return instantOf({ ...local, day: local.day + days }, zone) + (at % 1000);
}

const two = (n: number) => String(n).padStart(2, '0');

/** 2026-08-21 */
export function dayText(at: number, zone: string): string {
    const t = localTime(at, zone);
    return `${t.year}-${two(t.month)}-${two(t.day)}`;
}

/** 2026-08-21T09:30 */
export function minuteText(at: number, zone: string): string {
    const t = localTime(at, zone);
    return `${dayText(at, zone)}T${two(t.hour)}:${two(t.minute)}`;
}

/** +02:00 */
export function offsetText(at: number, zone: string): string {
    const minutes = Math.round(offsetAt(at, zone) / 60_000);
    const size = Math.abs(minutes);
    return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** 2026-08-21T09:30:00+02:00: unambiguous, and still readable as local time. */
export function isoText(at: number, zone: string): string {
    return `${minuteText(at, zone)}:${two(localTime(at, zone).second)}${offsetText(at, zone)}`;
}

/** Of 2026-08-21 or 2026-08-21T09:30, local time of the zone. Undefined for anything else. */
export function parseLocal(text: string, zone: string): number | undefined {
    const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?$/.exec(text);
    if (!found) return undefined;
    const [year, month, day, hour, minute] = found.slice(1).map(part => Number(part ?? 0)) as [
        number,
        number,
        number,
        number,
        number,
    ];
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59)
        return undefined;
    const at = instantOf({ year, month, day, hour, minute, second: 0 }, zone);
    const back = localTime(
        instantOf({ year, month, day, hour: 12, minute: 0, second: 0 }, zone),
        zone,
    );
    return back.day === day && back.month === month ? at : undefined;
}
