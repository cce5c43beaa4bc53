// The grid of assets by days: which days, which rows, in which order, and as a file.

import type { Asset, AssetQuality, FindingKind, QualityDay, QualityGrade } from '@mobilytics/api';
import { dayText, localTime, minuteText, startOfDay } from '@mobilytics/ui/zones';
import type { Sheet } from '../figures/sheet';
import type { Span } from '../time/ranges';

/** The server tells no more at a time. */
export const kDaysMost = 35;
const kDayMs = 86_400_000;
/** Assets on one page of the grid. */
export const kRowsShown = 20;

export interface DayColumn extends Span {
    /** 2026-11-17 */
    day: string;
    weekend: boolean;
}

export interface WholeDays extends Span {
    columns: DayColumn[];
    /** The range has more days than these, its last ones. */
    cut: boolean;
}

/** The local days that a range touches; the last of them, where there are too many. */
export function wholeDays(range: Span, zone: string): WholeDays {
    const to = startOfDay(range.to - 1, zone, 1);
    const columns: DayColumn[] = [];
    let cut = false;
    for (let at = startOfDay(range.from, zone); at < to;) {
        const next = startOfDay(at, zone, 1);
        const { year, month, day } = localTime(at, zone);
        const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
        const weekend = weekday === 0 || weekday === 6;
        columns.push({ day: dayText(at, zone), from: at, to: next, weekend });
        // Thirty-five days of which one has 25 hours are more than the server tells.
        while (columns.length > kDaysMost || next - columns[0]!.from > kDaysMost * kDayMs) {
            columns.shift();
            cut = true;
        }
        at = next;
    }
    return { from: columns[0]!.from, to, columns, cut };
}

export interface GridRow {
    id: string;
    code: string;
    name: string;
    /** One for each column; undefined for what the server has not told. */
    days: (QualityDay | undefined)[];
    counts: Record<QualityGrade, number>;
}

export const kGrades: QualityGrade[] = ['good', 'fair', 'poor', 'running', 'none'];

const noCounts = (): GridRow['counts'] => ({ good: 0, fair: 0, poor: 0, running: 0, none: 0 });

export function gridRows(
    items: AssetQuality[],
    assets: Asset[] | undefined,
    columns: DayColumn[],
): GridRow[] {
    return items.map(({ asset_id, days }) => {
        const asset = assets?.find(each => each.id === asset_id);
        const counts = noCounts();
        const byDay = new Map(days.map(day => [day.day, day]));
        for (const { grade } of days) ++counts[grade];
        return {
            id: asset_id,
            code: asset?.code ?? '',
            name: asset?.name ?? asset_id,
            days: columns.map(({ day }) => byDay.get(day)),
            counts,
        };
    });
}

export function countsOf(rows: GridRow[]): GridRow['counts'] {
    const sum = noCounts();
    for (const { counts } of rows) for (const grade of kGrades) sum[grade] += counts[grade];
    return sum;
}

export const hasFinding = (day: QualityDay | undefined, kind: FindingKind | undefined) =>
    day !== undefined && (!kind || day.findings.some(each => each.kind === kind));

/** Those that have such a finding on one of their days. */
export function withFinding(rows: GridRow[], kind: FindingKind | undefined): GridRow[] {
    return kind ? rows.filter(row => row.days.some(day => hasFinding(day, kind))) : rows;
}

function missing(row: GridRow): number {
    return row.days.reduce((sum, day) => sum + (1 - (day?.completeness ?? 1)), 0);
}

/** By poor days, then by fair ones, then by what was not heard. */
export function worstFirst(rows: GridRow[]): GridRow[] {
    return [...rows].sort(
        (a, b) =>
            b.counts.poor - a.counts.poor ||
            b.counts.fair - a.counts.fair ||
            missing(b) - missing(a) ||
            a.name.localeCompare(b.name, 'en', { numeric: true }),
    );
}

export interface Place {
    row: number;
    column: number;
}

/** Where a key leads in a grid; undefined for keys that lead nowhere. */
export function moved(
    from: Place,
    key: string,
    ctrl: boolean,
    rows: number,
    columns: number,
): Place | undefined {
    const to = { ...from };
    switch (key) {
        case 'ArrowLeft':
            --to.column;
            break;
        case 'ArrowRight':
            ++to.column;
            break;
        case 'ArrowUp':
            --to.row;
            break;
        case 'ArrowDown':
            ++to.row;
            break;
        case 'Home':
            to.column = 0;
            if (ctrl) to.row = 0;
            break;
        case 'End':
            to.column = columns - 1;
            if (ctrl) to.row = rows - 1;
            break;
        default:
            return undefined;
    }
    return within(to, rows, columns);
}

export function within({ row, column }: Place, rows: number, columns: number): Place {
    return {
        row: Math.max(0, Math.min(rows - 1, row)),
        column: Math.max(0, Math.min(columns - 1, column)),
    };
}

/** Of the rows that are loaded, those on a page; whether more of them have to be asked for. */
export function pageOf(rows: GridRow[], page: number, more: boolean) {
    const last = Math.max(0, Math.ceil(rows.length / kRowsShown) - 1);
    const at = more ? page : Math.min(page, last);
    const shown = rows.slice(at * kRowsShown, (at + 1) * kRowsShown);
    const next = rows.length > (at + 1) * kRowsShown || more;
    return { at, shown, next, wanting: more && shown.length < kRowsShown };
}

const share = (value: number | null | undefined) =>
    value === null || value === undefined ? undefined : value * 100;

/** A row for each day of each asset. `part`: said in the title, where it is not all assets. */
export function gridSheet(rows: GridRow[], zone: string, part?: string): Sheet {
    const time = (at: string) => minuteText(Date.parse(at), zone);
    return {
        name: 'quality-by-day',
        title: `Quality by asset and day${part ? ` (${part})` : ''}`,
        allRadio: true,
        columns: [
            { key: 'code', label: 'Code' },
            { key: 'asset', label: 'Asset' },
            { key: 'day', label: 'Day' },
            { key: 'grade', label: 'Grade' },
            { key: 'completeness', label: 'Complete', unit: '%', digits: 1 },
            { key: 'corrected', label: 'Corrected' },
            { key: 'change', label: 'To what is usual', unit: 'ratio', digits: 3 },
            { key: 'usual_days', label: 'Days that rests on', digits: 0 },
            { key: 'sisters_change', label: 'Of its kind', unit: 'ratio', digits: 3 },
            { key: 'findings', label: 'Findings' },
        ],
        rows: rows.flatMap(row =>
            row.days.flatMap(day =>
                day
                    ? [
                          {
                              code: row.code,
                              asset: row.name,
                              day: day.day,
                              grade: day.grade,
                              completeness: share(day.completeness),
                              corrected: day.corrected,
                              change: day.change ?? undefined,
                              usual_days: day.usual_days,
                              sisters_change: day.sisters_change,
                              findings: day.findings
                                  .map(
                                      ({ kind, severity, from, to }) =>
                                          `${kind} ${severity} ${time(from)}/${time(to)}`,
                                  )
                                  .join('; '),
                          },
                      ]
                    : [],
            ),
        ),
    };
}
