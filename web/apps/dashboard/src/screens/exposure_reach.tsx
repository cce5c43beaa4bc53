// How many different devices: by day, and by asset, where the sum is more than the union.

import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { ReachReport as ReachReply } from '@mobilytics/api';
import { Figure, Skeletons, count, decimal } from '@mobilytics/ui';
import type { Ink } from '@mobilytics/ui';
import { assetsQuery } from '../data/queries';
import { frame, tip, valueAxis, wordAxis } from '../figures/chart_options';
import { explain } from '../figures/explain';
import { SheetPanel } from '../figures/sheet_panel';
import type { Sheet } from '../figures/sheet';
import { assetName } from '../shell/view';
import type { View } from '../shell/view';

type ReachQuery = ReturnType<typeof useQuery<ReachReply>>;

export function ReachByDay({ view, query }: { view: View; query: ReachQuery }) {
    const reply = query.data;
    const made = useMemo(() => {
        if (!reply) return undefined;
        const sheet: Sheet = {
            name: 'reach-by-day',
            title: 'Addresses by day',
            columns: [
                { key: 'day', label: 'Day' },
                { key: 'devices', label: 'Addresses', digits: 0 },
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
                            name: 'Addresses',
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
            title="How many different addresses?"
            about="By day; an address counts once a day, and phones change theirs"
            what="Reach"
            query={query}
            sheet={made?.sheet}
            nothing={
                reply &&
                (reply.devices === 0
                    ? 'Reach appears with the first visits.'
                    : reply.devices === null &&
                      `Held back: fewer than ${reply.suppress_below} addresses in this choice.`)
            }
            option={made?.option ?? (() => ({}))}
            description="Bar chart of addresses by day."
            height={210}
            head={
                <div className="panel-figures">
                    {reply ? (
                        <Figure
                            size="md"
                            label={several ? 'Addresses, summed over days' : 'Addresses'}
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

export function ReachByAsset({ view, query }: { view: View; query: ReachQuery }) {
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
                { key: 'devices', label: 'Addresses', digits: 0 },
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
                            name: 'Addresses',
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
