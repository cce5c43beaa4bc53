import { useMemo } from 'react';
import { Link } from '@tanstack/react-router';
import { IconArchive } from '@tabler/icons-react';
import type { Asset, AssetFreshness, LiveState } from '@mobilytics/api';
import { StateMark, ago, count, kNothing, percent } from '@mobilytics/ui';
import { kCompleteFrom } from '../figures/series';
import type { View } from '../shell/view';
import { isoText } from '@mobilytics/ui/zones';
import { AssetActions } from './asset_actions';
import { DataTable } from './data_table';
import type { TableColumn } from './data_table';

export interface AssetRow {
    asset: Asset;
    /** Not known, as long as what is live is not. */
    state: LiveState | undefined;
    heardAt: number | undefined;
    completeness: number | undefined;
    missing: number | undefined;
    fresh: AssetFreshness | undefined;
    sensor: string | undefined;
}

const kKinds = { vehicle: 'Vehicle', billboard: 'Billboard', screen: 'Screen' };
const kStateOrder: LiveState[] = ['live', 'quiet', 'silent', 'never'];

/** "104 on their way, 3 lost": why reports are missing, each by its own word. */
export function missingWords(fresh: AssetFreshness | undefined): string {
    if (!fresh || fresh.completeness_24h === null) return kNothing;
    const parts = [
        fresh.pending_reports > 0 && `${count(fresh.pending_reports)} on their way`,
        fresh.lost_reports > 0 && `${count(fresh.lost_reports)} lost`,
        fresh.unknown_reports > 0 && `${count(fresh.unknown_reports)} unknown`,
    ].filter(Boolean);
    return parts.length > 0 ? parts.join(', ') : 'none';
}

function Complete({ share }: { share: number | undefined }) {
    if (share === undefined) return <span className="muted">{kNothing}</span>;
    return (
        <span className="complete" data-warn={share < kCompleteFrom || undefined}>
            <i aria-hidden>
                <b style={{ width: `${share * 100}%` }} />
            </i>
            {percent(share)} %
        </span>
    );
}

interface AssetTableProps {
    rows: AssetRow[];
    serverNow: number;
    view: View;
}

export function AssetTable({ rows, serverNow, view }: AssetTableProps) {
    const { zone } = view;
    const columns = useMemo<TableColumn<AssetRow>[]>(
        () => [
            {
                id: 'name',
                header: 'Asset',
                accessorFn: row => row.asset.name,
                sortFn: 'text',
                cell: ({ row }) =>
                    row.original.asset.state === 'retired' ? (
                        <span className="row-link strong">
                            <span>{row.original.asset.name}</span>
                            <span className="muted">{row.original.asset.code}</span>
                        </span>
                    ) : (
                        <Link
                            to="/map"
                            search={{ asset: row.original.asset.id }}
                            className="row-link strong"
                            title="Show on the map"
                        >
                            <span>{row.original.asset.name}</span>
                            <span className="muted">{row.original.asset.code}</span>
                        </Link>
                    ),
            },
            {
                id: 'kind',
                header: 'Kind',
                accessorFn: row => kKinds[row.asset.kind],
                sortFn: 'text',
            },
            {
                id: 'state',
                header: 'State',
                accessorFn: row => (row.state ? kStateOrder.indexOf(row.state) : undefined),
                sortFn: 'basic',
                sortUndefined: 'last',
                cell: ({ row }) =>
                    row.original.asset.state === 'retired' ? (
                        <span className="mark muted">
                            <IconArchive size={14} stroke={1.8} aria-hidden />
                            Retired
                        </span>
                    ) : row.original.state ? (
                        <StateMark state={row.original.state} />
                    ) : (
                        kNothing
                    ),
            },
            {
                id: 'heard',
                header: 'Last heard',
                accessorFn: row => row.heardAt,
                sortFn: 'basic',
                sortUndefined: 'last',
                cell: ({ row }) =>
                    row.original.heardAt === undefined ? (
                        <span className="muted">{row.original.state ? 'never' : kNothing}</span>
                    ) : (
                        <time
                            dateTime={new Date(row.original.heardAt).toISOString()}
                            title={isoText(row.original.heardAt, zone)}
                        >
                            {ago(serverNow - row.original.heardAt)}
                        </time>
                    ),
            },
            {
                id: 'completeness',
                header: 'Complete, 24 h',
                accessorFn: row => row.completeness,
                sortFn: 'basic',
                sortUndefined: 'last',
                cell: ({ row }) => <Complete share={row.original.completeness} />,
            },
            {
                id: 'missing',
                header: 'Missing reports',
                accessorFn: row => row.missing,
                sortFn: 'basic',
                sortUndefined: 'last',
                cell: ({ row }) => (
                    <span className={row.original.missing ? undefined : 'muted'}>
                        {missingWords(row.original.fresh)}
                    </span>
                ),
            },
            {
                id: 'sensor',
                header: 'Sensor',
                accessorFn: row => row.sensor,
                sortFn: 'text',
                sortUndefined: 'last',
                cell: ({ row }) =>
                    row.original.asset.state === 'retired' ? (
                        <span className="muted">{kNothing}</span>
                    ) : (
                        (row.original.sensor ?? (
                            <Link
                                to="/assets"
                                search={{ connect: row.original.asset.id } as never}
                                className="quiet-link"
                            >
                                Connect one
                            </Link>
                        ))
                    ),
            },
            {
                id: 'actions',
                header: '',
                enableSorting: false,
                cell: ({ row }) => (
                    <span className="row-actions">
                        <AssetActions asset={row.original.asset} />
                    </span>
                ),
            },
        ],
        [serverNow, zone],
    );
    return (
        <DataTable
            caption="Assets"
            rows={rows}
            columns={columns}
            nothing="No asset is called that."
        />
    );
}
