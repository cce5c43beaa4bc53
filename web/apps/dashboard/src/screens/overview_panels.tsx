// Under the headline: which assets it was, and whether all of it was heard.

import { useMemo } from 'react';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { Asset } from '@mobilytics/api';
import { Lines, Message, Panel, StateMark, Trouble, count, percent } from '@mobilytics/ui';
import { freshnessQuery, reachQuery } from '../data/queries';
import { useLive } from '../data/live_store';
import type { Sheet } from '../figures/sheet';
import { useSheet } from '../shell/sheets';
import type { View } from '../shell/view';

export function TopAssets({ view, assets }: { view: View; assets: Asset[] | undefined }) {
    const reach = useQuery(reachQuery(view.ask(view.range)));
    const live = useLive();
    const rows = useMemo(
        () =>
            (reach.data?.by_asset ?? [])
                .filter(row => row.visits !== 0)
                .toSorted((a, b) => (b.visits ?? -1) - (a.visits ?? -1)),
        [reach.data],
    );
    const sheet = useMemo<Sheet | undefined>(
        () =>
            reach.data && {
                name: 'assets',
                title: 'Visits and addresses by asset',
                columns: [
                    { key: 'code', label: 'Code' },
                    { key: 'name', label: 'Asset' },
                    { key: 'visits', label: 'Visits', digits: 0 },
                    { key: 'devices', label: 'Addresses', digits: 0 },
                ],
                rows: rows.map(row => {
                    const asset = assets?.find(each => each.id === row.asset_id);
                    return {
                        code: asset?.code ?? row.asset_id,
                        name: asset?.name ?? '',
                        visits: row.visits,
                        devices: row.devices,
                    };
                }),
            },
        [reach.data, rows, assets],
    );
    useSheet(sheet, reach.data);
    const most = Math.max(1, ...rows.map(row => row.visits ?? 0));
    return (
        <Panel title="Most visited assets" testId="panel-assets">
            {reach.error && !reach.data ? (
                <Trouble error={reach.error} what="The assets" retry={() => void reach.refetch()} />
            ) : !reach.data ? (
                <Lines count={7} />
            ) : rows.length === 0 ? (
                <Message title="No visits yet">They appear here asset by asset.</Message>
            ) : (
                <table className="rows top">
                    <thead>
                        <tr>
                            <th scope="col">Asset</th>
                            <th scope="col" className="number">
                                Visits
                            </th>
                            <th scope="col" className="number">
                                Addresses
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows.slice(0, 8).map(row => {
                            const asset = assets?.find(each => each.id === row.asset_id);
                            const state = live.items.find(
                                each => each.asset_id === row.asset_id,
                            )?.state;
                            return (
                                <tr key={row.asset_id}>
                                    <td>
                                        <Link
                                            to="/map"
                                            search={{ asset: row.asset_id }}
                                            className="row-link"
                                        >
                                            {state && <StateMark state={state} label={false} />}
                                            <span>{asset?.name ?? row.asset_id}</span>
                                            <span className="muted">{asset?.code}</span>
                                        </Link>
                                        <i
                                            className="row-bar"
                                            style={{
                                                width: `${((row.visits ?? 0) / most) * 100}%`,
                                            }}
                                        />
                                    </td>
                                    <td className="number">
                                        {row.visits === null ? 'held back' : count(row.visits)}
                                    </td>
                                    <td className="number">
                                        {row.devices === null ? 'held back' : count(row.devices)}
                                    </td>
                                </tr>
                            );
                        })}
                    </tbody>
                </table>
            )}
            {rows.length > 8 && (
                <Link to="/exposure" className="quiet-link more">
                    All {rows.length} assets
                </Link>
            )}
        </Panel>
    );
}

/** Whether the data can be trusted today: who is heard, and what is missing. */
export function Health({ assets }: { assets: Asset[] | undefined }) {
    const freshness = useQuery(freshnessQuery);
    const live = useLive();
    const counts = { live: 0, quiet: 0, silent: 0, never: 0 };
    for (const item of live.items) ++counts[item.state];
    const worst = (freshness.data?.items ?? [])
        .map(item => ({
            ...item,
            state: live.items.find(each => each.asset_id === item.asset_id)?.state,
        }))
        .filter(
            item =>
                item.state === 'silent' ||
                item.state === 'quiet' ||
                item.lost_reports + item.unknown_reports + item.pending_reports > 0,
        )
        .toSorted((a, b) => (a.completeness_24h ?? 1) - (b.completeness_24h ?? 1));
    return (
        <Panel title="Is it all heard?" about="Sensors now, and reports of the last 24 hours">
            <div className="states" aria-busy={!live.loaded}>
                {(['live', 'quiet', 'silent', 'never'] as const).map(state => (
                    <div key={state}>
                        <b>{live.loaded ? counts[state] : '–'}</b>
                        <StateMark state={state} />
                    </div>
                ))}
            </div>
            {freshness.error && !freshness.data ? (
                <Trouble
                    error={freshness.error}
                    what="The freshness"
                    retry={() => void freshness.refetch()}
                />
            ) : !freshness.data ? (
                <Lines count={4} />
            ) : worst.length === 0 ? (
                <p className="calm">
                    {counts.never === 0
                        ? 'Every sensor is heard, and no report is missing.'
                        : counts.live === 0
                          ? 'No sensor has been heard yet.'
                          : `What has been heard is whole. ${counts.never === 1 ? '1 asset was' : `${count(counts.never)} assets were`} never heard.`}
                </p>
            ) : (
                <ul className="worst">
                    {worst.slice(0, 5).map(item => (
                        <li key={item.asset_id}>
                            <Link to="/map" search={{ asset: item.asset_id }} className="row-link">
                                {item.state && <StateMark state={item.state} label={false} />}
                                <span>
                                    {assets?.find(a => a.id === item.asset_id)?.name ??
                                        item.asset_id}
                                </span>
                            </Link>
                            <span className="muted">
                                {item.completeness_24h === null
                                    ? 'no sensor'
                                    : `${percent(item.completeness_24h)} % heard`}
                                {missingText(item)}
                            </span>
                        </li>
                    ))}
                </ul>
            )}
        </Panel>
    );
}

function missingText(item: {
    pending_reports: number;
    lost_reports: number;
    unknown_reports: number;
}) {
    const parts = [
        item.pending_reports > 0 && `${count(item.pending_reports)} reports on their way`,
        item.lost_reports > 0 && `${count(item.lost_reports)} lost`,
        item.unknown_reports > 0 && `${count(item.unknown_reports)} unknown`,
    ].filter(Boolean);
    return parts.length > 0 ? ` · ${parts.join(', ')}` : '';
}
