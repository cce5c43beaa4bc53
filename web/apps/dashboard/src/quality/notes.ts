// What a company notes beside its figures: of which assets, when, and as a chart shows it.

import type { Annotation, AnnotationKind, NewAnnotation } from '@mobilytics/api';
import { minuteText, parseLocal } from '@mobilytics/ui/zones';
import type { ChartMark } from '../figures/chart_marks';
import type { Span } from '../time/ranges';

export const kNoteLabels: Record<AnnotationKind, string> = {
    weather: 'Weather',
    holiday: 'Holiday',
    event: 'Event',
    roadworks: 'Roadworks',
    maintenance: 'Maintenance',
    other: 'Other',
};

/** A note of no asset is of all of them; so is a page that has none chosen. */
export function isOf(note: Annotation, assetIds: string[]): boolean {
    if (note.asset_ids.length === 0 || assetIds.length === 0) return true;
    return note.asset_ids.some(id => assetIds.includes(id));
}

export function touches(note: Annotation, { from, to }: Span): boolean {
    return Date.parse(note.from) < to && Date.parse(note.to) > from;
}

export function noteMarks(notes: Annotation[] | undefined, assetIds: string[]): ChartMark[] {
    return (notes ?? [])
        .filter(note => isOf(note, assetIds))
        .map(note => ({
            from: Date.parse(note.from),
            to: Date.parse(note.to),
            label: kNoteLabels[note.kind],
            text: note.text,
            tone: 'note',
        }));
}

/** As the form has it: local times of the zone. */
export interface NoteFields extends Record<string, string | string[]> {
    kind: AnnotationKind;
    text: string;
    from: string;
    to: string;
    asset_ids: string[];
}

export function fieldsOf(note: Annotation, zone: string): NoteFields {
    return {
        kind: note.kind,
        text: note.text,
        from: minuteText(Date.parse(note.from), zone),
        to: minuteText(Date.parse(note.to), zone),
        asset_ids: note.asset_ids,
    };
}

export function fieldsFor({ from, to }: Span, zone: string, asset?: string): NoteFields {
    return {
        kind: 'weather',
        text: '',
        from: minuteText(from, zone),
        to: minuteText(to, zone),
        asset_ids: asset ? [asset] : [],
    };
}

/** What has to be there before times can be sent at all; the rest is the server's to judge. */
export function noteFaults({ from, to }: NoteFields, zone: string) {
    const unreadable = 'A day and a time of day.';
    return {
        ...(parseLocal(from, zone) === undefined ? { from: unreadable } : {}),
        ...(parseLocal(to, zone) === undefined ? { to: unreadable } : {}),
    };
}

export function noteBody(fields: NoteFields, zone: string): NewAnnotation {
    const instant = (text: string) => new Date(parseLocal(text, zone)!).toISOString();
    return {
        kind: fields.kind,
        text: fields.text,
        from: instant(fields.from),
        to: instant(fields.to),
        asset_ids: fields.asset_ids,
    };
}
