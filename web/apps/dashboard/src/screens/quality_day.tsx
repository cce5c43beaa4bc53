// One day of one asset: its grade and what that rests on, what was found and what to do about it,
// its hours with both marked.

import { useMemo } from 'react';
import { ActionIcon, Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { Annotation, Asset, QualityDay } from '@mobilytics/api';
import { Beside, Facts, Lines, Message, Tag, Trouble, percent } from '@mobilytics/ui';
import { exposureQuery } from '../data/queries';
import type { ChartMark } from '../figures/chart_marks';
import { begun, seriesOption, seriesSheet, seriesWords } from '../figures/series';
import { SeriesLegend } from '../figures/series_legend';
import { SheetPanel } from '../figures/sheet_panel';
import { GradeMark } from '../quality/grade_mark';
import type { DayColumn } from '../quality/grid';
import { isOf, noteMarks, touches } from '../quality/notes';
import {
    changeWords,
    dayWords,
    findingWords,
    kGradeWords,
    kSeverityWords,
    sistersWords,
} from '../quality/words';
import type { View } from '../shell/view';
import { NoteList } from './notes';
import { CalibrationOfDay } from './quality_calibration';

interface DayProps {
    view: View;
    asset: Asset | undefined;
    id: string;
    column: DayColumn;
    day: QualityDay | undefined;
    /** While the report is on its way, or why it did not come. */
    pending: boolean;
    error: Error | null;
    retry: () => void;
    suppressBelow: number;
    notes: Annotation[];
    before: (() => void) | undefined;
    after: (() => void) | undefined;
    close: () => void;
}

function Hours({ view, asset, id, column, day, notes }: DayProps) {
    const ask = { ...view.ask(column, [id]), source: 'all' as const };
    const hours = useQuery(exposureQuery(ask, 'hour'));
    const made = useMemo(() => {
        const now = Date.now();
        const items = begun(hours.data, now);
        const marks: ChartMark[] = [
            ...(day?.findings ?? []).map(finding => {
                const { title, what } = findingWords(finding, day!, view.zone);
                return {
                    from: Date.parse(finding.from),
                    to: Date.parse(finding.to),
                    label: title,
                    text: what,
                    tone: finding.severity,
                };
            }),
            ...noteMarks(notes, [id]),
        ];
        const chart = {
            items,
            grain: 'hour' as const,
            zone: view.zone,
            metric: 'visits' as const,
            previousPhrase: '',
            marks,
            now,
        };
        const sheet = hours.data && {
            ...seriesSheet(items, undefined, 'hour', view.zone, marks),
            assets: id,
            allRadio: true as const,
        };
        return { chart, sheet, option: seriesOption(chart), words: seriesWords(chart) };
    }, [hours.data, day, notes, id, view.zone]);
    return (
        <SheetPanel
            title="Visits by hour"
            about={`${asset?.name ?? id}, times in ${view.zone}`}
            what="The hours"
            query={hours}
            sheet={made.sheet}
            span={column}
            nothing={
                hours.data && made.chart.items.length === 0 ? 'The day has not begun.' : undefined
            }
            option={made.option}
            description={made.words}
            height={200}
            foot={<SeriesLegend chart={made.chart} />}
        />
    );
}

function Findings({ view, asset, day }: { view: View; asset: Asset | undefined; day: QualityDay }) {
    if (day.findings.length === 0) {
        return (
            <p className="calm">
                {day.grade === 'none'
                    ? 'Without a sensor there is nothing to find.'
                    : day.grade === 'fair' || day.grade === 'poor'
                      ? 'Nothing in particular was found; but too little of it was heard.'
                      : 'Nothing was found.'}
            </p>
        );
    }
    return (
        <ul className="findings" data-testid="findings">
            {day.findings.map((finding, i) => {
                const { title, what, todo } = findingWords(finding, day, view.zone);
                return (
                    <li key={i} data-kind={finding.kind}>
                        <div>
                            <b>{title}</b>
                            <Tag kind={finding.severity === 'major' ? 'bad' : 'warn'}>
                                {kSeverityWords[finding.severity]}
                            </Tag>
                        </div>
                        <p>{what}</p>
                        <p className="muted">{todo}</p>
                    </li>
                );
            })}
            {asset && (
                <li>
                    <Link
                        to="/assets"
                        search={{ find: asset.code } as never}
                        className="quiet-link"
                    >
                        {asset.name} and its sensor under Assets
                    </Link>
                </li>
            )}
        </ul>
    );
}

export function QualityDayPanel(props: DayProps) {
    const { view, asset, id, column, day, before, after } = props;
    const notes = props.notes.filter(note => isOf(note, [id]) && touches(note, column));
    return (
        <Beside title={asset?.name ?? id} close={props.close} size={620}>
            <div className="quality-day" data-testid="quality-day">
                <div className="quality-day-head">
                    <h2>{dayWords(column.day)}</h2>
                    <Group gap={2}>
                        <ActionIcon
                            variant="subtle"
                            color="gray"
                            size={28}
                            aria-label="The day before"
                            disabled={!before}
                            onClick={before}
                        >
                            <IconChevronLeft size={17} stroke={1.8} />
                        </ActionIcon>
                        <ActionIcon
                            variant="subtle"
                            color="gray"
                            size={28}
                            aria-label="The day after"
                            disabled={!after}
                            onClick={after}
                        >
                            <IconChevronRight size={17} stroke={1.8} />
                        </ActionIcon>
                    </Group>
                </div>
                {!day && props.error ? (
                    <Trouble error={props.error} what="The day" retry={props.retry} />
                ) : !day && props.pending ? (
                    <Lines count={6} />
                ) : !day ? (
                    <Message title="Nothing is known of this day">
                        The asset is not in service, or it lies outside of what is shown.
                    </Message>
                ) : (
                    <>
                        <p className="quality-grade" data-grade={day.grade}>
                            <GradeMark grade={day.grade} />
                            <b>{kGradeWords[day.grade].word}</b>
                            <span>{kGradeWords[day.grade].means}</span>
                        </p>
                        <Facts
                            facts={[
                                [
                                    'Heard',
                                    day.completeness === null
                                        ? 'Not known: no sensor was on it'
                                        : `${percent(day.completeness)} % of the time with a sensor`,
                                ],
                                [
                                    'Against usual',
                                    changeWords(day, props.suppressBelow, Date.now()),
                                ],
                                ['Its kind', sistersWords(day)],
                                day.corrected && [
                                    'Corrected',
                                    'Reports came after a part of it had been settled: figures that were taken before differ',
                                ],
                            ]}
                        />
                        <Findings view={view} asset={asset} day={day} />
                        <Hours {...props} />
                        <CalibrationOfDay assetId={id} column={column} />
                        <NoteList
                            title="Noted of this day"
                            nothing="Nothing is noted."
                            notes={notes}
                            span={column}
                            assetId={id}
                        />
                        <Group gap="xs">
                            <Button
                                component={Link}
                                to="/exposure"
                                search={
                                    {
                                        range: 'custom',
                                        from: column.day,
                                        to: column.day,
                                        assets: id,
                                    } as never
                                }
                                size="xs"
                                variant="default"
                            >
                                Exposure of this day
                            </Button>
                        </Group>
                    </>
                )}
            </div>
        </Beside>
    );
}
