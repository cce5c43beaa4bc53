// Assets by days: one goes over them with the arrow keys, and opens one with Enter. Where there is
// little room, each asset has its days in a strip.

import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { Annotation, FindingKind, QualityDay } from '@mobilytics/api';
import { percent } from '@mobilytics/ui';
import { GradeMark } from '../quality/grade_mark';
import { hasFinding, moved, within } from '../quality/grid';
import type { DayColumn, GridRow, Place } from '../quality/grid';
import { kNoteLabels, touches } from '../quality/notes';
import { cellWords, dayWords, kFindingLabels, kGradeWords } from '../quality/words';

interface GridProps {
    rows: GridRow[];
    columns: DayColumn[];
    finding: FindingKind | undefined;
    notes: Annotation[];
    /** Assets whose factor no longer fits what was counted later. */
    drifting: ReadonlySet<string>;
    open: (row: GridRow, day: DayColumn) => void;
}

interface Pointed {
    row: GridRow;
    column: DayColumn;
    day: QualityDay | undefined;
    left: number;
    top: number;
    under: boolean;
}

const kTipWidth = 230;
const kTipRoom = 110;

function summary({ counts }: GridRow): string {
    const parts = [
        counts.poor > 0 && `${counts.poor} poor`,
        counts.fair > 0 && `${counts.fair} fair`,
    ];
    const told = parts.filter(Boolean).join(', ');
    if (told) return told;
    return counts.good + counts.running > 0 ? 'nothing found' : 'no sensor';
}

function Tip({ of: { row, column, day, left, top, under } }: { of: Pointed }) {
    return (
        <div
            className="quality-tip"
            data-under={under || undefined}
            style={{ left, top, width: kTipWidth }}
            aria-hidden
        >
            <b>
                {row.name}, {dayWords(column.day)}
            </b>
            {day ? (
                <>
                    <span>
                        <GradeMark grade={day.grade} /> {kGradeWords[day.grade].word}
                        {day.completeness !== null && `, ${percent(day.completeness)} % heard`}
                    </span>
                    {day.findings.map((each, i) => (
                        <span key={i}>{kFindingLabels[each.kind]}</span>
                    ))}
                    {day.corrected && <span>Corrected by late reports</span>}
                </>
            ) : (
                <span>Not known</span>
            )}
        </div>
    );
}

export function QualityGrid({ rows, columns, finding, notes, drifting, open }: GridProps) {
    const box = useRef<HTMLDivElement>(null);
    const [place, setPlace] = useState<Place>({ row: 0, column: columns.length - 1 });
    const [pointed, setPointed] = useState<Pointed>();
    const at = within(place, rows.length, columns.length);

    // What is newest is what one looks for: it is in sight, also where not all days have room.
    useEffect(() => {
        const scroller = box.current?.querySelector('.quality-scroll');
        if (scroller) scroller.scrollLeft = scroller.scrollWidth;
    }, [columns.length]);

    const point = (element: HTMLElement, row: GridRow, column: DayColumn, i: number) => {
        const around = box.current!.getBoundingClientRect();
        const cell = element.getBoundingClientRect();
        const middle = cell.left + cell.width / 2 - around.left;
        const under = cell.top < kTipRoom + 70;
        setPointed({
            row,
            column,
            day: row.days[i],
            left: Math.max(0, Math.min(around.width - kTipWidth, middle - kTipWidth / 2)),
            top: (under ? cell.bottom : cell.top) - around.top,
            under,
        });
    };
    const onKeyDown = (event: KeyboardEvent) => {
        if (event.key === 'Escape') setPointed(undefined);
        const to = moved(at, event.key, event.ctrlKey, rows.length, columns.length);
        if (!to) return;
        event.preventDefault();
        setPlace(to);
        const selector = `[data-cell="${to.row}-${to.column}"]`;
        box.current?.querySelector<HTMLElement>(selector)?.focus();
    };
    return (
        <div ref={box} className="quality" onMouseLeave={() => setPointed(undefined)}>
            <div className="quality-scroll">
                <div
                    role="grid"
                    aria-label="Quality by asset and day"
                    aria-rowcount={rows.length + 1}
                    aria-colcount={columns.length + 1}
                    className="quality-grid"
                    style={{ ['--days' as string]: columns.length }}
                    onKeyDown={onKeyDown}
                >
                    <div role="row" className="quality-head">
                        <div role="columnheader">Asset</div>
                        {columns.map(({ day, from, to, weekend }, i) => {
                            const noted = notes.filter(note => touches(note, { from, to }));
                            const date = new Date(`${day}T12:00:00Z`);
                            const first = i === 0 || date.getUTCDate() === 1;
                            return (
                                <div
                                    role="columnheader"
                                    key={day}
                                    data-weekend={weekend || undefined}
                                    title={[
                                        dayWords(day),
                                        ...noted.map(
                                            ({ kind, text }) => `${kNoteLabels[kind]}: ${text}`,
                                        ),
                                    ].join('\n')}
                                >
                                    <span className="hidden">
                                        {dayWords(day)}
                                        {noted.length > 0 && `, ${noted.length} noted`}
                                    </span>
                                    <span aria-hidden>
                                        <em>{first ? dayWords(day).split(' ')[2] : ''}</em>
                                        <span>{dayWords(day).slice(0, 2)}</span>
                                        <b>{date.getUTCDate()}</b>
                                        <i data-noted={noted.length > 0 || undefined} />
                                    </span>
                                </div>
                            );
                        })}
                    </div>
                    {rows.map((row, r) => (
                        <div role="row" className="quality-row" key={row.id} data-asset={row.id}>
                            <div role="rowheader">
                                <span className="quality-name">{row.name}</span>
                                <span className="muted">
                                    {row.code && `${row.code} · `}
                                    {summary(row)}
                                </span>
                                {drifting.has(row.id) && (
                                    <span className="quality-drift">Calibration drifts</span>
                                )}
                            </div>
                            {columns.map((column, c) => {
                                const day = row.days[c];
                                return (
                                    <div role="gridcell" key={column.day}>
                                        <button
                                            type="button"
                                            className="quality-cell"
                                            data-cell={`${r}-${c}`}
                                            data-day={column.day}
                                            data-grade={day?.grade}
                                            data-faint={!hasFinding(day, finding) || undefined}
                                            tabIndex={at.row === r && at.column === c ? 0 : -1}
                                            aria-label={`${row.name}, ${dayWords(column.day)}: ${cellWords(day)}`}
                                            onClick={() => {
                                                setPlace({ row: r, column: c });
                                                setPointed(undefined);
                                                open(row, column);
                                            }}
                                            onFocus={event => {
                                                setPlace({ row: r, column: c });
                                                if (event.currentTarget.matches(':focus-visible')) {
                                                    point(event.currentTarget, row, column, c);
                                                }
                                            }}
                                            onBlur={() => setPointed(undefined)}
                                            onMouseEnter={event =>
                                                point(event.currentTarget, row, column, c)
                                            }
                                        >
                                            {day && <GradeMark grade={day.grade} />}
                                            {day?.corrected && <i className="key-diamond" />}
                                            <em aria-hidden>{Number(column.day.slice(8))}</em>
                                        </button>
                                    </div>
                                );
                            })}
                        </div>
                    ))}
                </div>
            </div>
            {pointed && <Tip of={pointed} />}
        </div>
    );
}
