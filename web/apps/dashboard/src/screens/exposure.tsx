// When devices were there, for how long, how many different ones, how often.

import { useMemo } from 'react';
import { Button, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Figure, Message, Skeletons, count, decimal, duration } from '@mobilytics/ui';
import type { Ink } from '@mobilytics/ui';
import type {
    DwellReport as DwellReply,
    DwellBin,
    FrequencyReport as FrequencyReply,
    Grain,
    ReachReport as ReachReply,
} from '@mobilytics/api';
import {
    assetsQuery,
    dwellQuery,
    exposureQuery,
    frequencyQuery,
    reachQuery,
} from '../data/queries';
import { frame, tip, valueAxis, wordAxis } from '../figures/chart_options';
import { explain } from '../figures/explain';
import { SeriesLegend } from '../figures/series_legend';
import {
    begun,
    kGrainWords,
    kSeriesMetrics,
    seriesOption,
    seriesSheet,
    seriesWords,
} from '../figures/series';
import type { SeriesMetric } from '../figures/series';
import { SheetPanel } from '../figures/sheet_panel';
import type { Sheet } from '../figures/sheet';
import { exposureSearch } from '../shell/search';
import type { ExposureSearch } from '../shell/search';
import { assetName, useChangeSearch, useView } from '../shell/view';
import type { View } from '../shell/view';
import { grains, spanText } from '../time/ranges';

const kGrainLabels: Record<Grain, string> = { quarter: '15 min', hour: 'Hour', day: 'Day' };

function Series({ view }: { view: View }) {
    const search = exposureSearch(useSearch({ strict: false }));
    const changeSearch = useChangeSearch<ExposureSearch>();
    const { allowed, initial } = grains(view.range);
    const grain = search.grain && allowed.includes(search.grain) ? search.grain : initial;
    const metric: SeriesMetric = search.metric ?? 'visits';
    const now = useQuery(exposureQuery(view.ask(view.range), grain));
    const then = useQuery({
        ...exposureQuery(view.ask(view.range.previous), grain),
        enabled: view.compare,
    });
    const made = useMemo(() => {
        const at = Date.now();
        const items = begun(now.data, at);
        const before = view.compare ? then.data?.items : undefined;
        const { previousPhrase } = view.range;
        const chart = { items, before, grain, zone: view.zone, metric, previousPhrase, now: at };
        return {
            chart,
            sheet: now.data && seriesSheet(items, before, grain, view.zone),
            option: seriesOption(chart),
            words: seriesWords(chart),
        };
    }, [now.data, then.data, view, grain, metric]);
    return (
        <SheetPanel
            title={`${kSeriesMetrics[metric].label} by ${kGrainWords[grain]}`}
            about={`${spanText(view.range, view.zone)}, times in ${view.zone}`}
            what="The series"
            query={now}
            sheet={made.sheet}
            nothing={
                now.data && made.chart.items.every(item => item.visits === 0)
                    ? 'No visit began in this range. Choose another above, or see under Assets whether the sensors were heard.'
                    : undefined
            }
            option={made.option}
            description={made.words}
            height={300}
            foot={<SeriesLegend chart={made.chart} />}
            controls={
                <div className="panel-controls">
                    <Select
                        size="xs"
                        w={150}
                        aria-label="What is drawn"
                        allowDeselect={false}
                        data={Object.entries(kSeriesMetrics).map(([value, { label }]) => ({
                            value,
                            label,
                        }))}
                        value={metric}
                        onChange={value =>
                            changeSearch({
                                metric: value === 'visits' ? undefined : (value as 'devices'),
                            })
                        }
                    />
                    <SegmentedControl
                        size="xs"
                        aria-label="By"
                        value={grain}
                        data={allowed.map(value => ({ value, label: kGrainLabels[value] }))}
                        onChange={value =>
                            changeSearch({
                                grain: value === initial ? undefined : (value as Grain),
                            })
                        }
                    />
                </div>
            }
        />
    );
}

/** A bin in words: under 5 s, 5–15 s, 1–5 min, 15 min or more. */
export function binWords({ from_s: from, to_s: to }: Pick<DwellBin, 'from_s' | 'to_s'>): string {
    if (from === null && to === null) return 'seen once';
    if (to === null) return from! >= 60 ? `≥ ${from! / 60} min` : `≥ ${from} s`;
    if (!from) return `< ${to} s`;
    return to > 60 ? `${from / 60}–${to / 60} min` : `${from}–${to} s`;
}

function dwellSheet(reply: DwellReply): Sheet {
    const total = reply.visits ?? 0;
    return {
        name: 'dwell',
        title: 'Visits by dwell',
        columns: [
            { key: 'dwell', label: 'Dwell' },
            { key: 'from', label: 'From', unit: 's' },
            { key: 'to', label: 'To', unit: 's' },
            { key: 'visits', label: 'Visits', digits: 0 },
            { key: 'share', label: 'Share', unit: '%', digits: 1 },
        ],
        rows: reply.bins.map(bin => ({
            dwell: binWords(bin),
            from: bin.from_s === null ? undefined : String(bin.from_s),
            to: bin.to_s === null ? undefined : String(bin.to_s),
            visits: bin.visits,
            share: bin.visits === null || total === 0 ? undefined : (bin.visits / total) * 100,
        })),
    };
}

function Dwell({ view }: { view: View }) {
    const query = useQuery(dwellQuery(view.ask(view.range)));
    const reply = query.data;
    const made = useMemo(() => {
        if (!reply) return undefined;
        const sheet = dwellSheet(reply);
        const total = Math.max(1, reply.visits ?? 0);
        const words = reply.bins.map(binWords);
        const option = (ink: Ink, width: number) => ({
            ...frame(ink),
            xAxis: wordAxis(ink, words, {
                interval: 0,
                fontSize: 10.5,
                hideOverlap: false,
                rotate: width < 440 ? 40 : 0,
            }),
            yAxis: valueAxis(ink),
            series: [
                {
                    type: 'bar',
                    data: reply.bins.map((bin, i) => ({
                        value: bin.visits,
                        // Seen once has no length: it stands apart.
                        itemStyle: i === 0 && bin.from_s === null ? { color: ink.lineStrong } : {},
                    })),
                    itemStyle: { color: ink.bar, borderRadius: [2, 2, 0, 0] },
                    barCategoryGap: '22%',
                },
            ],
            tooltip: {
                ...(frame(ink)['tooltip'] as object),
                formatter: ([point]: { dataIndex: number }[]) => {
                    const bin = reply.bins[point?.dataIndex ?? 0]!;
                    return tip(words[point?.dataIndex ?? 0]!, [
                        {
                            name: 'Visits',
                            value: bin.visits === null ? 'held back' : count(bin.visits),
                        },
                        ...(bin.visits === null
                            ? []
                            : [
                                  {
                                      name: 'Share',
                                      value: `${decimal((bin.visits / total) * 100, 1)} %`,
                                  },
                              ]),
                    ]);
                },
            },
        });
        return { sheet, option };
    }, [reply]);
    return (
        <SheetPanel
            title="How long did they stay?"
            about="From a visit’s first to its last sighting"
            what="Dwell"
            query={query}
            sheet={made?.sheet}
            nothing={
                reply && reply.visits === 0
                    ? 'The histogram appears with the first visits.'
                    : reply?.visits === null && 'Held back: fewer than 10 devices in this choice.'
            }
            option={made?.option ?? (() => ({}))}
            description="Histogram of visits by dwell."
            height={210}
            head={
                <div className="panel-figures">
                    {reply ? (
                        <>
                            <Figure
                                size="md"
                                label="Median dwell"
                                shown={reply.median_s === null ? null : duration(reply.median_s)}
                                explanation={explain('dwell_median', view, reply)}
                            />
                            <Figure
                                size="md"
                                label="Mean dwell"
                                shown={reply.mean_s === null ? null : duration(reply.mean_s)}
                                explanation={explain('dwell_mean', view, reply)}
                            />
                        </>
                    ) : (
                        <Skeletons count={2} />
                    )}
                </div>
            }
            foot={
                <p className="foot-note">
                    Grey: seen once, too short to have a length. It is in no average.
                </p>
            }
        />
    );
}

function Frequency({ view }: { view: View }) {
    const query = useQuery(frequencyQuery(view.ask(view.range)));
    const reply: FrequencyReply | undefined = query.data;
    const window = reply && {
        from: Date.parse(reply.window.from),
        to: Date.parse(reply.window.to),
    };
    const empty = !window || window.to <= window.from;
    const made = useMemo(() => {
        if (!reply) return undefined;
        const total = reply.distribution.reduce((sum, step) => sum + (step.devices ?? 0), 0);
        const share = (devices: number) => (total > 0 ? (devices / total) * 100 : 0);
        const sheet: Sheet = {
            name: 'frequency',
            title: 'Devices by how often they came',
            columns: [
                { key: 'visits', label: 'Visits' },
                { key: 'devices', label: 'Devices', digits: 0 },
                { key: 'share', label: 'Share', unit: '%', digits: 1 },
            ],
            rows: reply.distribution.map(step => ({
                visits: step.visits,
                devices: step.devices,
                share: step.devices === null ? undefined : share(step.devices),
            })),
        };
        const option = (ink: Ink) => ({
            ...frame(ink),
            xAxis: wordAxis(
                ink,
                reply.distribution.map(step => step.visits),
                { interval: 0 },
            ),
            yAxis: valueAxis(ink),
            series: [
                {
                    type: 'bar',
                    data: reply.distribution.map(step => step.devices),
                    itemStyle: { color: ink.bar, borderRadius: [2, 2, 0, 0] },
                    barCategoryGap: '22%',
                },
            ],
            tooltip: {
                ...(frame(ink)['tooltip'] as object),
                formatter: ([point]: { dataIndex: number }[]) => {
                    const step = reply.distribution[point?.dataIndex ?? 0]!;
                    return tip(step.visits === '1' ? 'Came once' : `Came ${step.visits} times`, [
                        {
                            name: 'Devices',
                            value: step.devices === null ? 'held back' : count(step.devices),
                        },
                        ...(step.devices === null
                            ? []
                            : [{ name: 'Share', value: `${decimal(share(step.devices), 1)} %` }]),
                    ]);
                },
            },
        });
        return { sheet, option };
    }, [reply]);
    return (
        <SheetPanel
            title="How often did they come?"
            about={
                window && !empty
                    ? `Visits a device, ${spanText(window, view.zone)}`
                    : 'Visits a device'
            }
            what="Frequency"
            query={query}
            sheet={made?.sheet}
            nothing={
                reply &&
                (empty
                    ? 'Single visits are kept for 24 hours only, and this range is older. Choose today or the last 24 hours.'
                    : reply.suppressed.length > 0 &&
                      'Held back: fewer than 10 devices in this choice.')
            }
            option={made?.option ?? (() => ({}))}
            description="Histogram of devices by number of visits."
            height={210}
            {...(window && !empty ? { span: window } : {})}
            head={
                <div className="panel-figures">
                    {reply ? (
                        <Figure
                            size="md"
                            label="Visits a device"
                            shown={reply.mean === null ? null : { value: decimal(reply.mean, 2) }}
                            explanation={explain(
                                'frequency',
                                view,
                                reply,
                                window ? { span: window } : {},
                            )}
                        />
                    ) : (
                        <Skeletons count={1} />
                    )}
                </div>
            }
            foot={
                <p className="foot-note">From single visits, which are deleted after 24 hours.</p>
            }
        />
    );
}

function ReachByDay({ view, query }: { view: View; query: ReachQuery }) {
    const reply = query.data;
    const made = useMemo(() => {
        if (!reply) return undefined;
        const sheet: Sheet = {
            name: 'reach-by-day',
            title: 'Devices by day',
            columns: [
                { key: 'day', label: 'Day' },
                { key: 'devices', label: 'Devices', digits: 0 },
                { key: 'low', label: '95 % low', digits: 0 },
                { key: 'high', label: '95 % high', digits: 0 },
            ],
            rows: reply.days.map(day => ({
                day: day.day,
                devices: day.devices,
                low: day.devices_interval?.[0],
                high: day.devices_interval?.[1],
            })),
        };
        const words = reply.days.map(day =>
            new Intl.DateTimeFormat('en-GB', {
                timeZone: 'UTC',
                weekday: 'short',
                day: 'numeric',
                month: 'short',
            }).format(Date.parse(`${day.day}T12:00:00Z`)),
        );
        const option = (ink: Ink) => ({
            ...frame(ink),
            xAxis: wordAxis(ink, words),
            yAxis: valueAxis(ink),
            series: [
                {
                    type: 'bar',
                    data: reply.days.map(day => day.devices),
                    itemStyle: { color: ink.bar, borderRadius: [2, 2, 0, 0] },
                    barCategoryGap: '26%',
                    barMaxWidth: 44,
                },
            ],
            tooltip: {
                ...(frame(ink)['tooltip'] as object),
                formatter: ([point]: { dataIndex: number }[]) => {
                    const day = reply.days[point?.dataIndex ?? 0]!;
                    const [low, high] = day.devices_interval ?? [];
                    return tip(words[point?.dataIndex ?? 0]!, [
                        {
                            name: 'Devices',
                            value: day.devices === null ? 'held back' : count(day.devices),
                        },
                        ...(low === undefined || high === undefined
                            ? []
                            : [{ name: '95 %', value: `${count(low)} – ${count(high)}` }]),
                    ]);
                },
            },
        });
        return { sheet, option };
    }, [reply]);
    const several = (reply?.days.length ?? 0) > 1;
    return (
        <SheetPanel
            title="How many different devices?"
            about="By day; a device counts once a day"
            what="Reach"
            query={query}
            sheet={made?.sheet}
            nothing={
                reply &&
                (reply.devices === 0
                    ? 'Reach appears with the first visits.'
                    : reply.devices === null && 'Held back: fewer than 10 devices in this choice.')
            }
            option={made?.option ?? (() => ({}))}
            description="Bar chart of devices by day."
            height={210}
            head={
                <div className="panel-figures">
                    {reply ? (
                        <Figure
                            size="md"
                            label={several ? 'Devices, summed over days' : 'Devices'}
                            shown={reply.devices === null ? null : { value: count(reply.devices) }}
                            explanation={explain('devices', view, reply, {
                                interval: reply.devices_interval,
                                suppressed: reply.devices === null,
                            })}
                        >
                            {reply.devices_interval && (
                                <span className="figure-note">
                                    95 %: {count(reply.devices_interval[0])} –{' '}
                                    {count(reply.devices_interval[1])}
                                </span>
                            )}
                        </Figure>
                    ) : (
                        <Skeletons count={1} />
                    )}
                </div>
            }
            foot={
                <p className="foot-note">
                    {several
                        ? 'Pseudonyms change with the day, so the same phone on two days is two devices here.'
                        : 'Measured within one day, over all chosen assets together.'}
                </p>
            }
        />
    );
}

type ReachQuery = ReturnType<typeof useQuery<ReachReply>>;

function ReachByAsset({ view, query }: { view: View; query: ReachQuery }) {
    const { data: assets } = useQuery(assetsQuery);
    const reply = query.data;
    const made = useMemo(() => {
        if (!reply) return undefined;
        const rows = reply.by_asset
            .filter(row => row.devices !== 0)
            .toSorted((a, b) => (b.devices ?? -1) - (a.devices ?? -1));
        const sheet: Sheet = {
            name: 'reach-by-asset',
            title: 'Devices by asset',
            columns: [
                { key: 'asset', label: 'Asset' },
                { key: 'devices', label: 'Devices', digits: 0 },
                { key: 'visits', label: 'Visits', digits: 0 },
            ],
            rows: rows.map(row => ({
                asset: assetName(assets, row.asset_id),
                devices: row.devices,
                visits: row.visits,
            })),
        };
        const top = rows.slice(0, 10).toReversed();
        const option = (ink: Ink, width: number) => ({
            ...frame(ink),
            grid: { left: 4, right: 46, top: 0, bottom: 0, containLabel: true },
            xAxis: { type: 'value', show: false },
            yAxis: {
                ...wordAxis(
                    ink,
                    top.map(row => assetName(assets, row.asset_id)),
                    { width: Math.min(220, width * 0.38), overflow: 'truncate', color: ink.text2 },
                ),
                axisLine: { show: false },
            },
            series: [
                {
                    type: 'bar',
                    data: top.map(row => row.devices),
                    itemStyle: { color: ink.bar, borderRadius: [0, 2, 2, 0] },
                    barMaxWidth: 14,
                    barCategoryGap: '34%',
                    label: {
                        show: true,
                        position: 'right',
                        color: ink.text2,
                        fontSize: 11,
                        formatter: ({ value }: { value: number | null }) =>
                            value === null ? 'held back' : count(value),
                    },
                },
            ],
            tooltip: {
                ...(frame(ink)['tooltip'] as object),
                formatter: ([point]: { dataIndex: number }[]) => {
                    const row = top[point?.dataIndex ?? 0]!;
                    return tip(assetName(assets, row.asset_id), [
                        {
                            name: 'Devices',
                            value: row.devices === null ? 'held back' : count(row.devices),
                        },
                        {
                            name: 'Visits',
                            value: row.visits === null ? 'held back' : count(row.visits),
                        },
                    ]);
                },
            },
        });
        return { sheet, option, rows };
    }, [reply, assets]);
    const overlap =
        reply?.devices && reply.sum_of_assets ? 1 - reply.devices / reply.sum_of_assets : undefined;
    return (
        <SheetPanel
            title="Which assets reached them?"
            about="Devices of each asset, and how many met several"
            what="Reach by asset"
            query={query}
            sheet={made?.sheet}
            nothing={made && made.rows.length === 0 && 'Assets appear with their first visits.'}
            option={made?.option ?? (() => ({}))}
            description="Bar chart of devices by asset."
            height={262}
            head={
                <div className="panel-figures">
                    {reply ? (
                        <>
                            <Figure
                                size="md"
                                label="Sum of assets"
                                shown={
                                    reply.sum_of_assets === null
                                        ? null
                                        : { value: count(reply.sum_of_assets) }
                                }
                                explanation={explain('sum_of_assets', view, reply)}
                            />
                            <Figure
                                size="md"
                                label="Reached together"
                                shown={
                                    reply.devices === null ? null : { value: count(reply.devices) }
                                }
                                explanation={explain('devices', view, reply, {
                                    interval: reply.devices_interval,
                                })}
                            >
                                {overlap !== undefined && overlap > 0 && (
                                    <span className="figure-note">
                                        {decimal(overlap * 100, 1)} % less: met several
                                    </span>
                                )}
                            </Figure>
                        </>
                    ) : (
                        <Skeletons count={2} />
                    )}
                </div>
            }
        />
    );
}

export function Exposure() {
    const view = useView();
    const assets = useQuery(assetsQuery);
    const reach = useQuery(reachQuery(view.ask(view.range)));
    if (assets.data?.length === 0) {
        return (
            <Message
                center
                title="No exposure yet"
                actions={
                    <Button component={Link} to="/assets" search={{ connect: 'new' } as never}>
                        Connect a sensor
                    </Button>
                }
            >
                Charts of visits, dwell and reach begin with the first sensor’s first report.
            </Message>
        );
    }
    return (
        <div className="page">
            <Series view={view} />
            <div className="grid halves">
                <ReachByDay view={view} query={reach} />
                <ReachByAsset view={view} query={reach} />
                <Dwell view={view} />
                <Frequency view={view} />
            </div>
            <p className="basis">
                Figures count devices and visits, not people: no site is calibrated against people
                counted by hand.{' '}
                <Link to="/definitions" className="quiet-link">
                    How figures are computed
                </Link>
            </p>
        </div>
    );
}
