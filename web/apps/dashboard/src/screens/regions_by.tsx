// One set of regions: the map, the table of the same rows, and the chosen region over time.

import { Suspense, lazy, useMemo, useState } from 'react';
import { ActionIcon, Button, Select, Skeleton, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { Grain, RegionSet } from '@mobilytics/api';
import { Message, Panel, Trouble, kNothing } from '@mobilytics/ui';
import { geometryQuery, regionReportQuery, regionSeriesQuery } from '../data/region_queries';
import { cellText } from '../figures/sheet';
import type { Cell, Sheet } from '../figures/sheet';
import { SheetPanel } from '../figures/sheet_panel';
import { kGrainWords, axisLabel } from '../figures/series';
import { kRegionTold, regionSheet, regionValues, sumWords } from '../figures/regions';
import { frame, valueAxis, wordAxis } from '../figures/chart_options';
import { isoText } from '@mobilytics/ui/zones';
import { kRegionMetrics, regionsSearch } from '../shell/region_search';
import type { RegionMetric, RegionsSearch } from '../shell/region_search';
import { saveSheet, useSheet } from '../shell/sheets';
import { useChangeSearch } from '../shell/view';
import type { View } from '../shell/view';
import { type Span, spanText } from '../time/ranges';

const RegionsMap = lazy(() => import('./regions_map'));

interface ByRegionProps {
    view: View;
    set: RegionSet;
}

/** Borders are asked for in steps, so that a small zoom asks nothing new. */
const geometryZoom = (zoom: number) => Math.min(22, Math.max(2, Math.ceil(zoom / 2) * 2));

/** One of the columns, and which way. */
interface Sorted {
    key: string;
    up: boolean;
}

const kTableColumns = ['name', 'visits', 'devices', 'presence', 'dwell', 'occupancy_mean'];

function compare(a: Cell, b: Cell): number {
    if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b);
    return Number(a ?? -1) - Number(b ?? -1);
}

function RegionTable({
    sheet,
    selected,
    onSelect,
}: {
    sheet: Sheet;
    selected: string | undefined;
    onSelect: (code: string) => void;
}) {
    const [sorted, setSorted] = useState<Sorted>();
    const columns = sheet.columns.filter(({ key }) => kTableColumns.includes(key));
    const regions = sheet.rows.filter(row => row['code'] !== '');
    const beside = sheet.rows.filter(row => row['code'] === '');
    const rows = sorted
        ? regions.toSorted((a, b) => compare(a[sorted.key], b[sorted.key]) * (sorted.up ? 1 : -1))
        : regions;
    return (
        <div className="rows-scroll" tabIndex={0} role="region" aria-label={sheet.title}>
            <table className="rows" data-testid="regions-table">
                <caption className="hidden">{sheet.title}</caption>
                <thead>
                    <tr>
                        {columns.map(({ key, label, unit, digits }) => (
                            <th
                                key={key}
                                scope="col"
                                className={digits === undefined ? undefined : 'number'}
                                aria-sort={
                                    sorted?.key !== key
                                        ? 'none'
                                        : sorted.up
                                          ? 'ascending'
                                          : 'descending'
                                }
                            >
                                <button
                                    type="button"
                                    className="regions-sort"
                                    onClick={() =>
                                        setSorted({
                                            key,
                                            up: sorted?.key === key ? !sorted.up : key === 'name',
                                        })
                                    }
                                >
                                    {label}
                                    {unit && <span className="muted"> {unit}</span>}
                                    {sorted?.key === key && (sorted.up ? ' ↑' : ' ↓')}
                                </button>
                            </th>
                        ))}
                    </tr>
                </thead>
                <tbody>
                    {[...rows, ...beside].map(row => {
                        const code = String(row['code']);
                        return (
                            <tr
                                key={code || String(row['name'])}
                                data-selected={(code && code === selected) || undefined}
                                className={code ? undefined : 'regions-beside'}
                            >
                                {columns.map(column => (
                                    <td
                                        key={column.key}
                                        className={
                                            column.digits === undefined ? undefined : 'number'
                                        }
                                    >
                                        {column.key === 'name' && code ? (
                                            <button
                                                type="button"
                                                className="regions-name"
                                                aria-pressed={code === selected}
                                                onClick={() => onSelect(code)}
                                            >
                                                {String(row['name'])}
                                            </button>
                                        ) : (
                                            cellText(row[column.key], column)
                                        )}
                                    </td>
                                ))}
                            </tr>
                        );
                    })}
                </tbody>
            </table>
        </div>
    );
}

/** The whole days that an answer is of; until there is one, what was asked for. */
const daysTold = (from: string | undefined, to: string | undefined, asked: Span): Span =>
    from && to ? { from: Date.parse(from), to: Date.parse(to) } : asked;

function RegionOverTime({
    view,
    set,
    code,
    metric,
    close,
}: ByRegionProps & { code: string; metric: RegionMetric; close: () => void }) {
    // By place or by hour, and not by both: see docs/regions.md.
    const grain: Grain = 'day';
    const query = useQuery(regionSeriesQuery(view.ask(view.range), set.id, code, grain));
    const { zone } = view;
    const drawn = metric === 'density' ? 'visits' : metric;
    const made = useMemo(() => {
        if (!query.data) return undefined;
        const now = Date.now();
        const items = query.data.items.filter(item => Date.parse(item.start) < now);
        const sheet: Sheet = {
            name: 'region-over-time',
            title: `${query.data.name} by ${kGrainWords[grain]}`,
            columns: [
                { key: 'start', label: 'Start' },
                { key: 'visits', label: 'Visits', digits: 0 },
                { key: 'devices', label: 'Addresses', digits: 0 },
                { key: 'presence', label: 'Presence', unit: 'device-seconds', digits: 0 },
                {
                    key: 'occupancy_mean',
                    label: 'Present on average',
                    unit: 'addresses',
                    digits: 2,
                },
            ],
            rows: items.map(item => ({
                start: isoText(Date.parse(item.start), zone),
                visits: item.visits,
                devices: item.devices,
                presence: item.presence_s,
                occupancy_mean: item.occupancy_mean,
            })),
        };
        const keys = {
            visits: 'visits',
            devices: 'devices',
            presence: 'presence_s',
            occupancy: 'occupancy_mean',
        } as const;
        const names = items.map(item => axisLabel(item as never, grain, zone));
        const option = (ink: Parameters<typeof frame>[0]) => ({
            ...frame(ink),
            xAxis: wordAxis(ink, names),
            yAxis: valueAxis(ink),
            series: [
                {
                    type: 'bar',
                    name: kRegionTold[drawn].label,
                    data: items.map(item => item[keys[drawn]]),
                    itemStyle: { color: ink.bar, borderRadius: [2, 2, 0, 0] },
                    barMaxWidth: 36,
                },
            ],
        });
        return { sheet, option, empty: items.every(item => item.visits === 0) };
    }, [query.data, zone, drawn]);
    const buckets = query.data?.items ?? [];
    const days = daysTold(buckets[0]?.start, buckets.at(-1)?.end, view.range);
    return (
        <SheetPanel
            title={`${query.data?.name ?? code}: ${kRegionTold[drawn].label.toLowerCase()} by ${kGrainWords[grain]}`}
            about={`${spanText(days, zone)}, times in ${zone}`}
            what="The region over time"
            query={query}
            sheet={made?.sheet}
            nothing={made?.empty && 'No visit began in this region in this range.'}
            option={made?.option ?? (() => ({}))}
            description="Bar chart of one region over time."
            height={230}
            controls={
                <div className="panel-controls">
                    <Button size="compact-xs" variant="subtle" onClick={close}>
                        Close
                    </Button>
                </div>
            }
        />
    );
}

export function ByRegion({ view, set }: ByRegionProps) {
    const search = regionsSearch(useSearch({ strict: false }));
    const change = useChangeSearch<RegionsSearch>();
    const [zoom, setZoom] = useState(4);
    const metric: RegionMetric = search.shows ?? 'visits';
    const query = useQuery(regionReportQuery(view.ask(view.range), set.id));
    const report = query.data;
    const shapes = useQuery(geometryQuery(set.id, set.version, geometryZoom(zoom)));
    const told = kRegionTold[metric];
    const made = useMemo(
        () =>
            report && { values: regionValues(report, metric), sheet: regionSheet(report, metric) },
        [report, metric],
    );
    useSheet(made?.sheet, report);
    const select = (code: string | undefined) =>
        change({ region: code === search.region ? undefined : code });
    const controls = (
        <>
            <Select
                size="xs"
                w={160}
                aria-label="What is drawn"
                allowDeselect={false}
                data={kRegionMetrics.map(value => ({ value, label: kRegionTold[value].label }))}
                value={metric}
                onChange={value =>
                    change({ shows: value === 'visits' ? undefined : (value as 'devices') })
                }
            />
            <Tooltip label="Download CSV">
                <ActionIcon
                    variant="subtle"
                    color="gray"
                    size={28}
                    disabled={!made}
                    aria-label="Download CSV of this"
                    onClick={() => made && saveSheet({ sheet: made.sheet, basics: report }, view)}
                >
                    <IconDownload size={16} stroke={1.7} />
                </ActionIcon>
            </Tooltip>
        </>
    );
    return (
        <>
            <Panel
                title={`${told.label} by region`}
                about={
                    <>
                        {spanText(daysTold(report?.from, report?.to, view.range), view.zone)},{' '}
                        {set.name}
                        {report &&
                            `, version ${report.version}: ${report.items.length} of ${report.regions} regions were heard`}
                    </>
                }
                actions={controls}
                testId="panel-regions"
            >
                {(query.error && !report) || (shapes.error && !shapes.data) ? (
                    <Trouble
                        error={(query.error ?? shapes.error)!}
                        what="Figures by region"
                        retry={() => {
                            void query.refetch();
                            void shapes.refetch();
                        }}
                    />
                ) : !report || !made ? (
                    <Skeleton height={420} radius={6} aria-label="Loading" />
                ) : (
                    <>
                        <div className="regions-beside-each-other">
                            <Suspense fallback={<Skeleton height={420} radius={6} />}>
                                <RegionsMap
                                    key={set.id}
                                    shapes={shapes.data}
                                    values={made.values}
                                    title={told.label}
                                    text={told.text}
                                    selected={search.region}
                                    onSelect={select}
                                    onZoom={setZoom}
                                />
                            </Suspense>
                            {report.items.length === 0 ? (
                                <Message title="No region was heard">
                                    {report.total.visits === 0
                                        ? 'No visit began in this range. Choose another above, or see under Assets whether the sensors were heard.'
                                        : `All that was heard lies outside of ${set.name}: ${report.total.visits ?? kNothing} visits.`}
                                </Message>
                            ) : (
                                <RegionTable
                                    sheet={made.sheet}
                                    selected={search.region}
                                    onSelect={select}
                                />
                            )}
                        </div>
                        <p className="foot-note">
                            {sumWords(report)} Regions with fewer than {report.suppress_below}{' '}
                            devices are held back, and others with them where they could be had by
                            subtraction.
                        </p>
                    </>
                )}
            </Panel>
            {search.region && (
                <RegionOverTime
                    key={search.region}
                    view={view}
                    set={set}
                    code={search.region}
                    metric={metric}
                    close={() => change({ region: undefined })}
                />
            )}
        </>
    );
}
