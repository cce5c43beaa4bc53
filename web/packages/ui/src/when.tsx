// An instant as people read it: how long ago, and exactly, in the company's zone, when one asks.

import { ago, kNothing } from './format';
import { isoText, minuteText, offsetText } from './time/zones';

/** 2026-08-21 09:30, in the zone. */
export function momentText(at: string | undefined, zone: string): string {
    return at ? minuteText(Date.parse(at), zone).replace('T', ' ') : kNothing;
}

/** "in 3 days", for what is to come. */
export function until(milliseconds: number): string {
    const text = ago(Math.max(0, milliseconds));
    return text === 'just now' ? 'now' : `in ${text.replace(' ago', '')}`;
}

interface WhenProps {
    at: string | undefined;
    zone: string;
    /** How long ago; else the day and the minute. */
    relative?: boolean;
    nothing?: string;
}

export function When({ at, zone, relative, nothing = kNothing }: WhenProps) {
    if (!at) return <span className="muted">{nothing}</span>;
    const ms = Date.parse(at);
    const away = ms - Date.now();
    const text = relative ? (away > 0 ? until(away) : ago(-away)) : momentText(at, zone);
    const exact = `${isoText(ms, zone).slice(0, 19).replace('T', ' ')} ${zone} (${offsetText(ms, zone)} from UTC)`;
    return (
        <time dateTime={at} title={exact}>
            {text}
        </time>
    );
}

/** 2026-08-21: the day of an instant, in the zone. */
export function dayOf(at: number, zone: string): string {
    return minuteText(at, zone).slice(0, 10);
}
