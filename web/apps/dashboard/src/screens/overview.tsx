// What the fleet reached in the chosen range, in one line; then what it rests on.

import { Suspense, lazy, useMemo } from 'react';
import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { Interval, Overview as OverviewReply } from '@mobilytics/api';
import {
    ChangeText,
    Figure,
    Panel,
    Trouble,
    ago,
    change,
    count,
    decimal,
    distance,
    duration,
    percent,
} from '@mobilytics/ui';
import type { Shown } from '@mobilytics/ui';
import { assetsQuery, exposureQuery, overviewQuery } from '../data/queries';
import { peopleText } from '../figures/calibrations';
import { explain } from '../figures/explain';
import type { MetricId } from '../figures/registry';
import { metric } from '../figures/registry';
import { SheetPanel } from '../figures/sheet_panel';
import { begun, kCompleteFrom, seriesOption, seriesSheet, seriesWords } from '../figures/series';
import type { Sheet } from '../figures/sheet';
import { SeriesLegend } from '../figures/series_legend';
import { useSheet } from '../shell/sheets';
import { useView } from '../shell/view';
import type { View } from '../shell/view';
import { grains } from '../time/ranges';
import { minuteText } from '@mobilytics/ui/zones';
import { FirstSteps } from './first_steps';
import { Health, TopAssets } from './overview_panels';

const MiniMap = lazy(() => import('../map/mini_map'));

const kStaleAfterMs = 10 * 60_000;

/** The one line. Words for what was counted, never more than that. */
function headline(reply: OverviewReply | undefined, view: View, assets: number) {
    const current = reply?.current;
    if (!current) return undefined;
    const of = view.assetIds.length > 0 ? `${view.assetIds.length} chosen` : `your ${assets}`;
    const noun = assets === 1 && view.assetIds.length < 2 ? 'asset' : 'assets';
    if (current.suppressed.includes('visits')) {
        return `Too few devices passed ${of} ${noun} ${view.range.phrase} to show how many.`;
    }
    if (!current.visits) return `Nothing passed ${of} ${noun} ${view.range.phrase}.`;
    const from = current.devices === null ? '' : ` from about ${count(current.devices)} addresses`;
    return `${count(current.visits)} visits${from} at ${of} ${noun} ${view.range.phrase}.`;
}

/** What is behind the addresses. */
function behindText({ current }: OverviewReply): string {
    if (!current.counted) return '';
    return `${decimal(current.counted.devices_present, 1)} devices were present at an asset, on average. `;
}

interface Headline {
    id: MetricId;
    key: keyof OverviewReply['current'];
    /** Where it is not the field itself. */
    of?: (current: OverviewReply['current']) => number | null;
    /** How many of 100 times the truth lies in the interval. */
    level?: 90;
    interval?: (current: OverviewReply['current']) => Interval | undefined;
    /** Whether it is a figure of this reply. */
    told?: (reply: OverviewReply) => boolean;
    show: (value: number, reply: OverviewReply) => Shown;
    digits: 0 | 1 | 2;
}

/** Moving assets have no counts, nor has what was measured before there were any. */
function isCounted(reply: OverviewReply): boolean {
    return reply.counting === 'counted' || reply.current.suppressed.includes('counted');
}

function valueOf(figure: Headline, reply: OverviewReply | undefined) {
    if (!reply) return undefined;
    if (figure.of) return figure.of(reply.current);
    return reply.current[figure.key] as number | null;
}

const kFigures: Headline[] = [
    { id: 'visits', key: 'visits', show: v => ({ value: count(v) }), digits: 0 },
    {
        id: 'devices',
        key: 'devices',
        interval: current => current.devices_interval,
        show: v => ({ value: count(v) }),
        digits: 0,
    },
    { id: 'frequency', key: 'frequency', show: v => ({ value: decimal(v, 2) }), digits: 2 },
    { id: 'dwell_median', key: 'dwell_median_s', show: v => duration(v), digits: 1 },
    {
        id: 'devices_present',
        key: 'counted',
        of: current => current.counted?.devices_present ?? null,
        level: 90,
        interval: current => current.counted?.devices_present_interval,
        told: isCounted,
        show: v => ({ value: decimal(v, 1), unit: 'devices' }),
        digits: 1,
    },
    {
        id: 'occupancy_mean',
        key: 'occupancy_mean',
        told: reply => !isCounted(reply),
        show: v => ({ value: decimal(v, 1), unit: 'addresses' }),
        digits: 1,
    },
    { id: 'distance', key: 'distance_m', show: v => distance(v), digits: 0 },
    { id: 'driving', key: 'driving_s', show: v => duration(v), digits: 0 },
    { id: 'parked', key: 'parked_s', show: v => duration(v), digits: 0 },
];

function overviewSheet(current: OverviewReply, previous: OverviewReply | undefined): Sheet {
    const complete: Headline = {
        id: 'completeness',
        key: 'completeness',
        show: v => ({ value: percent(v) }),
        digits: 1,
    };
    const rows = [...kFigures.filter(figure => figure.told?.(current) ?? true), complete].map(
        figure => {
            const scale = figure.id === 'completeness' ? 100 : 1;
            const of = (reply: OverviewReply | undefined) => {
                const value = valueOf(figure, reply);
                return typeof value === 'number'
                    ? Number((value * scale).toFixed(figure.digits))
                    : value;
            };
            const interval = figure.interval?.(current.current);
            return {
                figure: metric(figure.id).label,
                unit: metric(figure.id).unit ?? '',
                value: of(current),
                before: of(previous),
                low: interval?.[0],
                high: interval?.[1],
                level: interval && (figure.level ?? 95),
            };
        },
    );
    return {
        name: 'headline-figures',
        title: 'Headline figures',
        columns: [
            { key: 'figure', label: 'Figure' },
            { key: 'unit', label: 'Unit' },
            { key: 'value', label: 'Value', digits: 2 },
            { key: 'before', label: 'Before', digits: 2 },
            { key: 'low', label: 'Low', digits: 1 },
            { key: 'high', label: 'High', digits: 1 },
            { key: 'level', label: 'Interval', unit: '%', digits: 0 },
        ],
        rows,
    };
}

function Figures({ view, assets }: { view: View; assets: number }) {
    const now = useQuery(overviewQuery(view.ask(view.range)));
    const then = useQuery({
        ...overviewQuery(view.ask(view.range.previous)),
        enabled: view.compare,
    });
    const before = view.compare ? then.data : undefined;
    const sheet = useMemo(
        () => (now.data ? overviewSheet(now.data, before) : undefined),
        [now.data, before],
    );
    useSheet(sheet, now.data);
    if (now.error && !now.data) {
        return <Trouble error={now.error} what="The figures" retry={() => void now.refetch()} />;
    }
    const reply = now.data;
    const difference = change(reply?.current.visits ?? null, before?.current.visits ?? null);
    return (
        <>
            <div className="headline" aria-live="polite">
                {reply ? (
                    <p className="headline-text" data-testid="headline">
                        {headline(reply, view, assets)}
                    </p>
                ) : (
                    <Skeleton height={30} width="min(620px, 90%)" radius={6} />
                )}
                <FreshLine view={view} reply={reply} difference={difference} />
                <div className="people-line" data-testid="people">
                    {reply ? (
                        <>
                            {behindText(reply)}
                            {peopleText(reply.current.people, reply.calibration)}{' '}
                            <Link to="/calibration" className="quiet-link">
                                Calibration
                            </Link>
                        </>
                    ) : (
                        <Skeleton height={12} width="min(520px, 80%)" radius={4} />
                    )}
                </div>
            </div>
            <div className="figures" data-loading={!reply || undefined}>
                {kFigures
                    // While it waits, as many as there will be.
                    .filter(each =>
                        reply ? (each.told?.(reply) ?? true) : each.told !== isCounted,
                    )
                    .map(figure => {
                        const about = metric(figure.id);
                        if (!reply) {
                            return (
                                <div key={figure.id}>
                                    <span className="figure-label">{about.label}</span>
                                    <Skeleton height={24} width={84} mt={5} mb={9} radius={5} />
                                    <Skeleton height={10} width={60} radius={4} />
                                </div>
                            );
                        }
                        const value = valueOf(figure, reply) ?? null;
                        const old = valueOf(figure, before);
                        const suppressed = reply.current.suppressed.includes(figure.key);
                        const interval = figure.interval?.(reply.current);
                        const level = figure.level ?? 95;
                        return (
                            <Figure
                                key={figure.id}
                                testId={`figure-${figure.id}`}
                                label={about.label}
                                shown={value === null ? null : figure.show(value, reply)}
                                {...(suppressed ? { heldBack: 'too few devices' } : {})}
                                explanation={explain(figure.id, view, reply, {
                                    suppressed,
                                    interval,
                                    level,
                                })}
                            >
                                {view.compare && value !== null && (
                                    <ChangeText
                                        change={change(value, old ?? null)}
                                        neutral={about.neutral}
                                    />
                                )}
                            </Figure>
                        );
                    })}
            </div>
        </>
    );
}

interface FreshLineProps {
    view: View;
    reply: OverviewReply | undefined;
    difference: ReturnType<typeof change>;
}

/** Against what, until when, and how much of it was heard: under the headline, always. */
function FreshLine({ view, reply, difference }: FreshLineProps) {
    if (!reply) return <Skeleton height={14} width="min(420px, 70%)" mt={8} radius={4} />;
    const asOf = reply.as_of ? Date.parse(reply.as_of) : undefined;
    const old = asOf !== undefined && view.range.running && Date.now() - asOf > kStaleAfterMs;
    const share = reply.completeness;
    return (
        <p className="fresh">
            {view.compare && difference && (
                <span>
                    <ChangeText change={difference} />{' '}
                    {difference.direction === 'same' ? 'against' : 'than'}{' '}
                    {view.range.previousPhrase}
                </span>
            )}
            <span data-warn={old || undefined}>
                {asOf === undefined
                    ? 'Nothing was measured yet'
                    : `${old ? 'Stands still since' : 'Up to'} ${minuteText(asOf, view.zone).slice(11)} ${view.zone}, ${ago(Date.now() - asOf)}`}
            </span>
            {share !== null && (
                <span data-warn={share < kCompleteFrom || undefined}>{percent(share)} % heard</span>
            )}
        </p>
    );
}

function Trend({ view }: { view: View }) {
    const { initial } = grains(view.range);
    const now = useQuery(exposureQuery(view.ask(view.range), initial));
    const then = useQuery({
        ...exposureQuery(view.ask(view.range.previous), initial),
        enabled: view.compare,
    });
    const made = useMemo(() => {
        const at = Date.now();
        const items = begun(now.data, at);
        const before = view.compare ? then.data?.items : undefined;
        const chart = {
            items,
            before,
            grain: initial,
            zone: view.zone,
            metric: 'visits' as const,
            previousPhrase: view.range.previousPhrase,
            now: at,
        };
        return {
            chart,
            sheet: now.data && seriesSheet(items, before, initial, view.zone),
            option: seriesOption(chart),
            words: seriesWords(chart),
        };
    }, [now.data, then.data, view.compare, view.zone, view.range.previousPhrase, initial]);
    const nothing =
        now.data &&
        made.chart.items.every(item => item.visits === 0) &&
        'No visit began in this range. Choose another, or see whether the sensors were heard.';
    return (
        <SheetPanel
            title={`Visits by ${initial === 'quarter' ? 'quarter hour' : initial}`}
            what="The trend"
            query={now}
            sheet={made.sheet}
            nothing={nothing}
            option={made.option}
            description={made.words}
            height={290}
            foot={<SeriesLegend chart={made.chart} />}
        />
    );
}

function Welcome() {
    return (
        <div className="page narrow">
            <FirstSteps whole />
        </div>
    );
}

export function Overview() {
    const view = useView();
    const assets = useQuery(assetsQuery);
    if (assets.data?.length === 0 && !view.session.sight) return <Welcome />;
    return (
        <div className="page">
            <FirstSteps />
            <Figures view={view} assets={assets.data?.length ?? 0} />
            <div className="grid wide-left">
                <Trend view={view} />
                <Panel
                    title="Now"
                    about="Where assets are this second"
                    bodyStyle={{ padding: '10px 0 0' }}
                    actions={
                        <Button
                            component={Link}
                            to="/map"
                            size="compact-xs"
                            variant="subtle"
                            color="gray"
                        >
                            Open the map
                        </Button>
                    }
                >
                    <Suspense fallback={<Skeleton height={300} radius={0} />}>
                        <MiniMap />
                    </Suspense>
                </Panel>
            </div>
            <div className="grid wide-left">
                <TopAssets view={view} assets={assets.data} />
                <Health assets={assets.data} />
            </div>
        </div>
    );
}
