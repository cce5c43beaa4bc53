// Beside the map: all assets, or one with its numbers.

import { useMemo } from 'react';
import { ActionIcon, Button, Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { IconX } from '@tabler/icons-react';
import type { LiveAsset, LiveState } from '@mobilytics/api';
import {
    ChangeText,
    Chart,
    Figure,
    Lines,
    Message,
    StateMark,
    Trouble,
    ago,
    change,
    count,
    decimal,
    distance,
    duration,
    percent,
} from '@mobilytics/ui';
import { assetsQuery, exposureQuery, overviewQuery } from '../data/queries';
import { explain } from '../figures/explain';
import type { MetricId } from '../figures/registry';
import { metric } from '../figures/registry';
import { begun, seriesOption, seriesWords } from '../figures/series';
import { AssetActions } from '../screens/asset_actions';
import { useView } from '../shell/view';
import { grains } from '../time/ranges';

const kKindWords: Record<string, string> = {
    vehicle: 'Vehicle',
    billboard: 'Billboard',
    screen: 'Screen',
};
const kOrder: LiveState[] = ['live', 'quiet', 'silent', 'never'];

/** 45 degrees as NE. */
export function compass(degrees: number): string {
    return ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'][Math.round(degrees / 45) % 8]!;
}

function doing(item: LiveAsset): string {
    if (item.kind !== 'vehicle') return kKindWords[item.kind] ?? item.kind;
    if (item.state !== 'live') return 'Vehicle';
    if ((item.speed_m_s ?? 0) < 1.5) return 'parked';
    return `${count((item.speed_m_s ?? 0) * 3.6)} km/h ${compass(item.heading_deg ?? 0)}`;
}

interface ListProps {
    items: LiveAsset[];
    loaded: boolean;
    serverNow: number;
    onSelect: (id: string) => void;
}

export function AssetList({ items, loaded, serverNow, onSelect }: ListProps) {
    if (!loaded) {
        return (
            <div style={{ padding: '4px 16px' }}>
                <Lines count={9} />
            </div>
        );
    }
    if (items.length === 0) {
        return (
            <Message
                center
                title="No asset here"
                actions={
                    <Button
                        component={Link}
                        to="/assets"
                        search={{ connect: 'new' } as never}
                        size="xs"
                    >
                        Connect a sensor
                    </Button>
                }
            >
                An asset appears on the map with its sensor’s first report.
            </Message>
        );
    }
    const sorted = items.toSorted((a, b) => kOrder.indexOf(a.state) - kOrder.indexOf(b.state));
    return (
        <ul className="asset-list" data-testid="asset-list">
            {sorted.map(item => (
                <li key={item.asset_id}>
                    <button
                        type="button"
                        data-asset={item.asset_id}
                        onClick={() => onSelect(item.asset_id)}
                    >
                        <StateMark state={item.state} label={false} />
                        <span className="asset-list-name">
                            <span>{item.name}</span>
                            <span className="muted">{item.code}</span>
                        </span>
                        <span className="asset-list-now">
                            <span>{doing(item)}</span>
                            <span className="muted">
                                {item.last_heard_at
                                    ? ago(serverNow - Date.parse(item.last_heard_at))
                                    : 'never heard'}
                            </span>
                        </span>
                    </button>
                </li>
            ))}
        </ul>
    );
}

interface PanelProps {
    item: LiveAsset;
    serverNow: number;
    close: () => void;
}

type Numbers = [
    MetricId,
    'visits' | 'devices' | 'dwell_median_s' | 'occupancy_mean' | 'distance_m' | 'parked_s',
    (v: number) => { value: string; unit?: string },
];

const kNumbers: Numbers[] = [
    ['visits', 'visits', v => ({ value: count(v) })],
    ['devices', 'devices', v => ({ value: count(v) })],
    ['dwell_median', 'dwell_median_s', duration],
    ['occupancy_mean', 'occupancy_mean', v => ({ value: decimal(v, 1), unit: 'devices' })],
    ['distance', 'distance_m', distance],
    ['parked', 'parked_s', duration],
];

export function AssetPanel({ item, serverNow, close }: PanelProps) {
    const view = useView();
    const { data: assets } = useQuery(assetsQuery);
    const asset = assets?.find(each => each.id === item.asset_id);
    const ids = useMemo(() => [item.asset_id], [item.asset_id]);
    const { initial } = grains(view.range);
    const now = useQuery(overviewQuery(view.ask(view.range, ids)));
    const then = useQuery({
        ...overviewQuery(view.ask(view.range.previous, ids)),
        enabled: view.compare,
    });
    const series = useQuery(exposureQuery(view.ask(view.range, ids), initial));
    const chart = useMemo(() => {
        const made = {
            items: begun(series.data, Date.now()),
            now: Date.now(),
            grain: initial,
            zone: view.zone,
            metric: 'visits' as const,
            previousPhrase: view.range.previousPhrase,
        };
        return { option: seriesOption(made), words: seriesWords(made) };
    }, [series.data, initial, view.zone, view.range.previousPhrase]);
    const numbers = kNumbers.filter(
        ([id]) => item.kind === 'vehicle' || (id !== 'distance' && id !== 'parked'),
    );
    return (
        <div className="asset-panel" data-testid="asset-panel">
            <header>
                <div>
                    <h2>{item.name}</h2>
                    <p className="muted">
                        {item.code} · {kKindWords[item.kind]}
                    </p>
                </div>
                <span className="row-actions">
                    {asset && <AssetActions asset={asset} />}
                    <ActionIcon variant="subtle" color="gray" aria-label="Close" onClick={close}>
                        <IconX size={17} stroke={1.7} />
                    </ActionIcon>
                </span>
            </header>
            <dl className="asset-now">
                <div>
                    <dt>State</dt>
                    <dd>
                        <StateMark state={item.state} />
                        <span className="muted">
                            {' '}
                            {item.last_heard_at &&
                                `heard ${ago(serverNow - Date.parse(item.last_heard_at))}`}
                        </span>
                    </dd>
                </div>
                {item.kind === 'vehicle' && item.position_at && (
                    <div>
                        <dt>Motion</dt>
                        <dd>{doing(item)}</dd>
                    </div>
                )}
                {item.position_at && (
                    <div>
                        <dt>Position</dt>
                        <dd>
                            {item.latitude?.toFixed(5)}, {item.longitude?.toFixed(5)}
                            <span className="muted">
                                {' '}
                                {ago(serverNow - Date.parse(item.position_at))}
                            </span>
                        </dd>
                    </div>
                )}
                <div>
                    <dt>Heard</dt>
                    <dd>
                        {now.data?.current.completeness == null
                            ? '–'
                            : `${percent(now.data.current.completeness)} %`}
                        <span className="muted"> of the time, {view.range.phrase}</span>
                    </dd>
                </div>
            </dl>
            {now.error && !now.data ? (
                <Trouble error={now.error} what="Its numbers" retry={() => void now.refetch()} />
            ) : (
                <div className="asset-numbers">
                    {numbers.map(([id, key, show]) => {
                        const value = now.data?.current[key];
                        if (value === undefined) {
                            return (
                                <div key={id}>
                                    <span className="figure-label">{metric(id).label}</span>
                                    <Skeleton height={20} width={70} mt={4} radius={5} />
                                </div>
                            );
                        }
                        const suppressed = now.data!.current.suppressed.includes(key);
                        return (
                            <Figure
                                key={id}
                                size="md"
                                label={metric(id).label}
                                shown={value === null ? null : show(value)}
                                {...(suppressed ? { heldBack: 'too few devices' } : {})}
                                explanation={explain(id, view, now.data, {
                                    suppressed,
                                    of: item.name,
                                    interval:
                                        id === 'devices'
                                            ? now.data!.current.devices_interval
                                            : undefined,
                                })}
                            >
                                {view.compare && value !== null && (
                                    <ChangeText
                                        change={change(value, then.data?.current[key] ?? null)}
                                        neutral={metric(id).neutral}
                                    />
                                )}
                            </Figure>
                        );
                    })}
                </div>
            )}
            <h3>Visits by {initial === 'quarter' ? 'quarter hour' : initial}</h3>
            {series.data ? (
                <Chart option={chart.option} height={130} description={chart.words} />
            ) : (
                <Skeleton height={130} radius={6} />
            )}
            <Button
                component={Link}
                to="/exposure"
                search={((before: object) => ({ ...before, assets: item.asset_id })) as never}
                variant="default"
                size="xs"
                mt={12}
                fullWidth
            >
                Its exposure in full
            </Button>
        </div>
    );
}
