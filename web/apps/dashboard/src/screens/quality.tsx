// How far the figures may be trusted: each asset's days, what was found on them, and what people
// noted beside them.

import { useEffect, useMemo } from 'react';
import { ActionIcon, Button, SegmentedControl, Select, Skeleton, Tooltip } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { IconDownload } from '@tabler/icons-react';
import type { Annotation, Basics, FindingKind } from '@mobilytics/api';
import { Message, Panel, Trouble, useMay } from '@mobilytics/ui';
import { sitesQuery } from '../data/calibration_queries';
import { assetsQuery, notesQuery, qualityQuery } from '../data/queries';
import { freshText } from '../figures/explain';
import '../quality/quality.css';
import { GradeMark } from '../quality/grade_mark';
import {
    countsOf,
    gridRows,
    gridSheet,
    kDaysMost,
    kGrades,
    kRowsShown,
    pageOf,
    wholeDays,
    withFinding,
    worstFirst,
} from '../quality/grid';
import { isOf } from '../quality/notes';
import { kFindingLabels, kGradeWords } from '../quality/words';
import { kFindingKinds, qualitySearch } from '../shell/search';
import type { QualitySearch, SharedSearch } from '../shell/search';
import { saveSheet, useSheet } from '../shell/sheets';
import { useChangeSearch, useView } from '../shell/view';
import { spanText } from '../time/ranges';
import { NoteList } from './notes';
import { QualityDayPanel } from './quality_day';
import { QualityGrid } from './quality_grid';

/** More assets than these are not looked through for an order or a finding. */
const kAssetsMost = 1000;
/** A range of fewer days shows little: a longer one is offered. */
const kDaysFew = 7;
const kNoNotes: Annotation[] = [];

/** Assets whose factor no longer fits what was counted later; none for who does not see factors. */
function useDrifting(): ReadonlySet<string> {
    const sites = useQuery({ ...sitesQuery, enabled: useMay('list_sites') });
    return useMemo(
        () =>
            new Set(
                sites.data
                    ?.filter(({ model }) => model?.drift?.alarm)
                    .map(({ asset_id }) => asset_id),
            ),
        [sites.data],
    );
}

function useQuality() {
    const view = useView();
    const search = qualitySearch(useSearch({ strict: false }));
    const { range, zone } = view;
    const days = useMemo(() => wholeDays(range, zone), [range, zone]);
    const assets = useQuery(assetsQuery);
    const query = useInfiniteQuery(qualityQuery(view.ask(days)));
    const notes = useQuery(notesQuery(days.from, days.to));
    const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;

    const all = useMemo(() => {
        const items = data?.pages.flatMap(page => page.items) ?? [];
        return gridRows(items, assets.data, days.columns);
    }, [data, assets.data, days]);
    const rows = useMemo(() => {
        const found = withFinding(all, search.finding);
        return search.order === 'worst' ? worstFirst(found) : found;
    }, [all, search.finding, search.order]);
    const more = hasNextPage && all.length < kAssetsMost;
    const page = pageOf(rows, search.page ?? 0, more);
    // An order and a filter are of all assets, not of those that happen to be here.
    const isMissing = search.asset !== undefined && !all.some(({ id }) => id === search.asset);
    const wanting =
        more && (page.wanting || search.order === 'worst' || Boolean(search.finding) || isMissing);
    useEffect(() => {
        if (wanting && !isFetching && !isError) void fetchNextPage();
    }, [wanting, isFetching, isError, fetchNextPage]);
    return { view, search, days, assets, query, notes, all, rows, page, more, wanting };
}

export function Quality() {
    const quality = useQuality();
    const { view, search, days, assets, query, all, rows, page } = quality;
    const change = useChangeSearch<QualitySearch & SharedSearch>();
    const drifting = useDrifting();
    const first = query.data?.pages[0];
    const basics = useMemo<Basics | undefined>(
        () =>
            first && {
                ...(first.as_of ? { as_of: first.as_of } : {}),
                time_zone: first.time_zone,
                basis: 'devices',
                synthetic: first.synthetic,
                suppress_below: first.suppress_below,
                completeness: null,
            },
        [first],
    );
    const noted = quality.notes.data ?? kNoNotes;
    const notes = useMemo(
        () => noted.filter(note => isOf(note, view.assetIds)),
        [noted, view.assetIds],
    );
    const part = query.hasNextPage ? `the first ${all.length} assets` : undefined;
    const sheet = useMemo(
        () => (rows.length > 0 ? gridSheet(rows, view.zone, part) : undefined),
        [rows, view.zone, part],
    );
    useSheet(sheet, basics, days);

    if (assets.data?.length === 0) {
        return (
            <Message
                center
                title="No quality yet"
                actions={
                    <Button component={Link} to="/assets" search={{ connect: 'new' } as never}>
                        Connect a sensor
                    </Button>
                }
            >
                Days are judged from the first sensor’s first report on.
            </Message>
        );
    }

    const column = days.columns.findIndex(({ day }) => day === search.day);
    const opened = search.asset && column >= 0 ? days.columns[column] : undefined;
    const openedDay = opened && all.find(row => row.id === search.asset)?.days[column];
    const go = (step: -1 | 1) => change({ day: days.columns[column + step]!.day }, true);
    const close = () => {
        const cell = `[data-asset="${search.asset}"] [data-day="${search.day}"]`;
        change({ asset: undefined, day: undefined });
        // Once the drawer has let go of the focus.
        setTimeout(() => document.querySelector<HTMLElement>(cell)?.focus());
    };
    const counts = countsOf(rows);
    const empty = query.data && rows.length === 0 && !query.isFetching;
    return (
        <div className="page">
            <Panel
                testId="panel-quality"
                title="Quality by asset and day"
                about={
                    <>
                        {spanText(days, view.zone)}
                        {first?.as_of && `. Facts up to ${freshText(basics, view.zone)}`}
                    </>
                }
                actions={
                    <>
                        <div className="panel-controls">
                            <Select
                                size="xs"
                                className="quality-finding"
                                aria-label="Only assets with"
                                placeholder="All findings"
                                clearable
                                clearButtonProps={{ 'aria-label': 'All findings' }}
                                data={kFindingKinds.map(value => ({
                                    value,
                                    label: kFindingLabels[value],
                                }))}
                                value={search.finding ?? null}
                                onChange={value =>
                                    change({
                                        finding: (value ?? undefined) as FindingKind | undefined,
                                        page: undefined,
                                    })
                                }
                            />
                            <SegmentedControl
                                size="xs"
                                aria-label="Order"
                                value={search.order ?? 'registered'}
                                data={[
                                    { value: 'registered', label: 'As registered' },
                                    { value: 'worst', label: 'Worst first' },
                                ]}
                                onChange={value =>
                                    change({
                                        order: value === 'worst' ? 'worst' : undefined,
                                        page: undefined,
                                    })
                                }
                            />
                        </div>
                        <Tooltip label="Download CSV">
                            <ActionIcon
                                variant="subtle"
                                color="gray"
                                size={28}
                                disabled={!sheet}
                                aria-label="Download CSV of this"
                                className="wide-only"
                                onClick={() =>
                                    sheet && saveSheet({ sheet, basics, span: days }, view)
                                }
                            >
                                <IconDownload size={16} stroke={1.7} />
                            </ActionIcon>
                        </Tooltip>
                    </>
                }
            >
                {(days.cut || days.columns.length < kDaysFew) && (
                    <p className="quality-hint">
                        {days.cut
                            ? `The range is longer: these are its last ${days.columns.length} days. Quality is told of at most ${kDaysMost} days of 24 hours at a time.`
                            : 'So few days say little by themselves.'}
                        {!days.cut && (
                            <Button
                                size="compact-xs"
                                variant="subtle"
                                onClick={() =>
                                    change({ range: '28d', from: undefined, to: undefined })
                                }
                            >
                                Show the last 28 days
                            </Button>
                        )}
                    </p>
                )}
                {query.error && query.data && (
                    <p className="form-warning" role="status">
                        It could not be asked anew: what you see may be old. {query.error.message}
                        <Button
                            size="compact-xs"
                            variant="subtle"
                            onClick={() => void query.refetch()}
                        >
                            Try again
                        </Button>
                    </p>
                )}
                {query.error && !query.data ? (
                    <Trouble
                        error={query.error}
                        what="The quality"
                        retry={() => void query.refetch()}
                    />
                ) : !query.data || assets.isPending ? (
                    <div aria-label="Loading" role="img">
                        {Array.from({ length: 8 }, (_, i) => (
                            <Skeleton key={i} height={28} mt={8} radius={5} />
                        ))}
                    </div>
                ) : empty ? (
                    <Message title={search.finding ? 'No such finding' : 'Nothing to show yet'}>
                        {search.finding
                            ? `No asset has “${kFindingLabels[search.finding]}” on one of these days.`
                            : 'No asset is in service.'}
                    </Message>
                ) : (
                    <QualityGrid
                        rows={page.shown}
                        columns={days.columns}
                        finding={search.finding}
                        notes={notes}
                        drifting={drifting}
                        open={(row, { day }) => change({ asset: row.id, day })}
                    />
                )}
                {query.data && !empty && (
                    <div className="quality-foot">
                        <ul className="legend" data-testid="quality-counts">
                            {kGrades.map(grade => (
                                <li key={grade} title={kGradeWords[grade].means}>
                                    <GradeMark grade={grade} />
                                    {kGradeWords[grade].word} <b>{counts[grade]}</b>
                                </li>
                            ))}
                            <li>
                                <i className="key-diamond" /> corrected by late reports
                            </li>
                            {notes.length > 0 && (
                                <li>
                                    <i className="key-noted" /> noted
                                </li>
                            )}
                        </ul>
                        {quality.wanting && (
                            <span className="muted" role="status">
                                Looking through all assets: {all.length} so far…
                            </span>
                        )}
                        {query.hasNextPage && all.length >= kAssetsMost && (
                            <span className="muted">
                                Of the first {all.length} assets. Choose others above.
                            </span>
                        )}
                        {(page.at > 0 || page.next) && (
                            <div className="quality-pages">
                                <Button
                                    size="compact-xs"
                                    variant="default"
                                    disabled={page.at === 0}
                                    onClick={() =>
                                        change({ page: page.at > 1 ? page.at - 1 : undefined })
                                    }
                                >
                                    Before
                                </Button>
                                <span>
                                    {page.at * kRowsShown + 1}–
                                    {page.at * kRowsShown + page.shown.length}
                                    {query.hasNextPage ? '' : ` of ${rows.length}`}
                                </span>
                                <Button
                                    size="compact-xs"
                                    variant="default"
                                    disabled={!page.next}
                                    onClick={() => change({ page: page.at + 1 })}
                                >
                                    Next
                                </Button>
                            </div>
                        )}
                    </div>
                )}
            </Panel>
            <section className="panel">
                <div className="panel-body">
                    {quality.notes.error && !quality.notes.data ? (
                        <Trouble
                            error={quality.notes.error}
                            what="What was noted"
                            retry={() => void quality.notes.refetch()}
                        />
                    ) : (
                        <NoteList
                            title="Noted of these days"
                            nothing={
                                quality.notes.isPending
                                    ? 'Asking…'
                                    : 'Nothing is noted. Weather, holidays and closed streets explain more than any sensor: charts show them.'
                            }
                            notes={notes}
                            span={days.columns.at(-1)!}
                        />
                    )}
                </div>
            </section>
            {opened && (
                <QualityDayPanel
                    view={view}
                    asset={assets.data?.find(({ id }) => id === search.asset)}
                    id={search.asset!}
                    column={opened}
                    day={openedDay}
                    pending={query.isFetching}
                    error={query.error}
                    retry={() => void query.refetch()}
                    suppressBelow={first?.suppress_below ?? 0}
                    notes={noted}
                    before={column > 0 ? () => go(-1) : undefined}
                    after={column < days.columns.length - 1 ? () => go(1) : undefined}
                    close={close}
                />
            )}
        </div>
    );
}
