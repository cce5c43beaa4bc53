// What is on the screen, as rows: the table beside a chart and the download are made of the same
// rows, so that they cannot differ.

import type { Basics } from '@mobilytics/api';
import { count, decimal, kNothing } from '@mobilytics/ui';
import { csvText } from '@mobilytics/ui/csv';
import { isoText } from '@mobilytics/ui/zones';
import type { Span } from '../time/ranges';

/** null: held back below the privacy floor. undefined: there is no such thing. */
export type Cell = string | number | boolean | null | undefined;

export interface Column {
    key: string;
    label: string;
    unit?: string;
    /** Digits after the point; counts have none. Text when left out. */
    digits?: 0 | 1 | 2 | 3 | 4;
}

export interface Sheet {
    /** Of the file: visits-by-hour. */
    name: string;
    title: string;
    columns: Column[];
    rows: Record<string, Cell>[];
    /** Of these assets, when they are not the page's. */
    assets?: string;
    /** The same, whatever kind of radio the page is about. */
    allRadio?: true;
}

export interface SheetOrigin {
    company: string;
    range: Span;
    zone: string;
    source: string;
    assets: string;
    basics: Basics | undefined;
}

/** As a number is kept: with the digits that are shown, so that screen and file agree. */
export function roundedTo(value: number, digits: number): number {
    return Number(value.toFixed(digits));
}

export function cellText(value: Cell, column: Column): string {
    if (value === undefined) return kNothing;
    if (value === null) return 'held back';
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    if (typeof value === 'string') return value;
    const digits = column.digits ?? 0;
    return digits === 0 ? count(value) : decimal(value, Math.min(digits, 2) as 0 | 1 | 2);
}

/** RFC 4180. Text that a spreadsheet would run as a formula begins with an apostrophe. */
function csvCell(value: Cell, column: Column): string {
    if (value === null || value === undefined) return '';
    if (typeof value === 'number') return String(roundedTo(value, column.digits ?? 0));
    if (typeof value === 'boolean') return value ? 'yes' : 'no';
    return csvText(value);
}

export function columnHead(column: Column): string {
    return column.unit ? `${column.key} (${column.unit})` : column.key;
}

/** Lines beginning with # say where the figures are from; then a head with units; then the rows. */
export function csvOf(sheet: Sheet, origin: SheetOrigin): string {
    const { basics, range, zone } = origin;
    const about: [string, string][] = [
        ['title', sheet.title],
        ['company', origin.company],
        ['from', isoText(range.from, zone)],
        ['to', isoText(range.to, zone)],
        ['time_zone', zone],
        ['source', origin.source],
        ['assets', origin.assets],
        ['as_of', basics?.as_of ? isoText(Date.parse(basics.as_of), zone) : 'nothing measured yet'],
        ['basis', basics?.basis ?? 'devices'],
        ['completeness', basics?.completeness == null ? 'unknown' : String(basics.completeness)],
        ['synthetic', basics?.synthetic ? 'yes' : 'no'],
    ];
    const lines = about.map(([name, text]) => `# ${name}: ${text.replaceAll(/[\r\n]+/g, ' ')}`);
    lines.push(sheet.columns.map(column => csvText(columnHead(column))).join(','));
    for (const row of sheet.rows) {
        lines.push(sheet.columns.map(column => csvCell(row[column.key], column)).join(','));
    }
    return lines.join('\r\n') + '\r\n';
}
