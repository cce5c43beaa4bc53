// What the fleet reached in the chosen range, in one line; then what it rests on.

import { Suspense, lazy, useMemo } from 'react';
import { Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { Overview as OverviewReply } from '@mobilytics/api';
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
    const devices = current.devices === null ? '' : ` by about ${count(current.devices)} devices`;
    return `${count(current.visits)} visits${devices} at ${of} ${noun} ${view.range.phrase}.`;
}

interface Headline {
    id: MetricId;
    key: keyof OverviewReply['current'];
    show: (value: number, reply: OverviewReply) => Shown;
    digits: 0 | 1 | 2;
}

const kFigures: Headline[] = [
    { id: 'visits', key: 'visits', show: v => ({ value: count(v) }), digits: 0 },
    { id: 'devices', key: 'devices', show: v => ({ value: count(v) }), digits: 0 },
    { id: 'frequency', key: 'frequency', show: v => ({ value: decimal(v, 2) }), digits: 2 },
    { id: 'dwell_median', key: 'dwell_median_s', show: v => duration(v), digits: 1 },
    {
        id: 'occupancy_mean',
        key: 'occupancy_mean',
        show: v => ({ value: decimal(v, 1), unit: 'devices' }),
        digits: 1,
    },
    { id: 'distance', key: 'distance_m', show: v => distance(v), digits: 0 },
    { id: 'driving', key: 'driving_s', show: v => duration(v), digits: 0 },
    { id: 'parked', key: 'parked_s', show: v => duration(v), digits: 0 },
];

function overviewSheet(current: OverviewReply, previous: OverviewReply | undefined): Sheet {
    const rows = [...kFigures, { id: 'completeness', key: 'completeness', digits: 1 } as const].map(
        figure => {
            const scale = figure.id === 'completeness' ? 100 : 1;
            const of = (reply: OverviewReply | undefined) => {
                const value = reply?.current[figure.key];
                return typeof value === 'number'
                    ? Number((value * scale).toFixed(figure.digits))
                    : value === null
                      ? null
                      : undefined;
            };
            return {
                figure: metric(figure.id).label,
                unit: metric(figure.id).unit ?? '',
                value: of(current),
                before: of(previous),
                low: figure.id === 'devices' ? current.current.devices_interval?.[0] : undefined,
                high: figure.id === 'devices' ? current.current.devices_interval?.[1] : undefined,
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
            { key: 'low', label: '95 % low', digits: 0 },
            { key: 'high', label: '95 % high', digits: 0 },
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
            </div>
            <div className="figures" data-loading={!reply || undefined}>
                {kFigures.map(figure => {
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
                    const value = reply.current[figure.key] as number | null;
                    const old = before?.current[figure.key] as number | null | undefined;
                    const suppressed = reply.current.suppressed.includes(figure.key);
                    const interval =
                        figure.id === 'devices' ? reply.current.devices_interval : undefined;
                    return (
                        <Figure
                            key={figure.id}
                            testId={`figure-${figure.id}`}
                            label={about.label}
                            shown={value === null ? null : figure.show(value, reply)}
                            {...(suppressed ? { heldBack: 'too few devices' } : {})}
                            explanation={explain(figure.id, view, reply, { suppressed, interval })}
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
