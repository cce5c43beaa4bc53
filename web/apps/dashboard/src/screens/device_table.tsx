import { useMemo } from 'react';
import { Button } from '@mantine/core';
import { IconBan, IconCircleCheck } from '@tabler/icons-react';
import type { Asset, Device } from '@mobilytics/api';
import { ago, kNothing } from '@mobilytics/ui';
import type { LiveSnapshot } from '../data/live_store';
import { minuteText } from '@mobilytics/ui/zones';
import { DataTable } from './data_table';
import type { TableColumn } from './data_table';

interface DeviceTableProps {
    devices: Device[];
    assets: Asset[];
    live: LiveSnapshot;
    zone: string;
    mayChange: boolean;
    place: (device: Device) => void;
    revoke: (device: Device) => void;
}

interface DeviceRow {
    device: Device;
    asset: Asset | undefined;
    heardAt: number | undefined;
}

export function DeviceTable(props: DeviceTableProps) {
    const { devices, assets, live, zone, mayChange, place, revoke } = props;
    const rows = useMemo<DeviceRow[]>(
        () =>
            devices.map(device => {
                const asset = assets.find(each => each.device_id === device.id);
                const heard = live.items.find(item => item.asset_id === asset?.id)?.last_heard_at;
                return { device, asset, heardAt: heard ? Date.parse(heard) : undefined };
            }),
        [devices, assets, live.items],
    );
    const columns = useMemo<TableColumn<DeviceRow>[]>(
        () => [
            {
                id: 'name',
                header: 'Sensor',
                accessorFn: row => row.device.name,
                sortFn: 'text',
                cell: ({ row }) => <span className="strong">{row.original.device.name}</span>,
            },
            {
                id: 'state',
                header: 'State',
                accessorFn: row => row.device.state,
                sortFn: 'text',
                cell: ({ row }) =>
                    row.original.device.state === 'active' ? (
                        <span className="mark">
                            <IconCircleCheck
                                size={14}
                                stroke={1.8}
                                color="var(--live)"
                                aria-hidden
                            />
                            Accepted
                        </span>
                    ) : (
                        <span className="mark muted">
                            <IconBan size={14} stroke={1.8} aria-hidden />
                            Revoked
                            {row.original.device.revoked_at &&
                                ` ${minuteText(Date.parse(row.original.device.revoked_at), zone).slice(0, 10)}`}
                        </span>
                    ),
            },
            {
                id: 'asset',
                header: 'On asset',
                accessorFn: row => row.asset?.name,
                sortFn: 'text',
                sortUndefined: 'last',
                cell: ({ row }) =>
                    row.original.asset ? (
                        <>
                            {row.original.asset.name}{' '}
                            <span className="muted">{row.original.asset.code}</span>
                        </>
                    ) : (
                        <span className="muted">{kNothing}</span>
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
                        <span className="muted">{row.original.asset ? 'never' : kNothing}</span>
                    ) : (
                        ago(live.serverNow - row.original.heardAt)
                    ),
            },
            {
                id: 'enrolled',
                header: 'Connected',
                accessorFn: row => row.device.enrolled_at,
                sortFn: 'basic',
                cell: ({ row }) =>
                    minuteText(Date.parse(row.original.device.enrolled_at), zone).replace('T', ' '),
            },
            {
                id: 'certificate',
                header: 'Certificate until',
                accessorFn: row => row.device.certificate_expires_at,
                sortFn: 'basic',
                cell: ({ row }) =>
                    minuteText(Date.parse(row.original.device.certificate_expires_at), zone).slice(
                        0,
                        10,
                    ),
            },
            {
                id: 'actions',
                header: '',
                enableSorting: false,
                cell: ({ row }) =>
                    row.original.device.state === 'active' && (
                        <span className="row-actions">
                            <Button
                                variant="subtle"
                                color="gray"
                                size="compact-xs"
                                disabled={!mayChange}
                                onClick={() => place(row.original.device)}
                                aria-label={`Move ${row.original.device.name}`}
                            >
                                Move
                            </Button>
                            <Button
                                variant="subtle"
                                color="red"
                                size="compact-xs"
                                disabled={!mayChange}
                                onClick={() => revoke(row.original.device)}
                                aria-label={`Revoke ${row.original.device.name}`}
                            >
                                Revoke
                            </Button>
                        </span>
                    ),
            },
        ],
        [live.serverNow, zone, mayChange, place, revoke],
    );
    return (
        <DataTable
            caption="Sensors"
            rows={rows}
            columns={columns}
            nothing="No sensor is called that."
        />
    );
}
