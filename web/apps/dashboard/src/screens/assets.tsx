// What the company has out there, and what listens on it.

import { useMemo, useRef, useState } from 'react';
import { Button, Group, Modal, Switch, Tabs, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import type { Asset, Device, AssetFreshness, LiveAsset } from '@mobilytics/api';
import { Lines, Message, Trouble } from '@mobilytics/ui';
import { client } from '../data/client';
import { useFleetChanged } from '../data/fleet_changed';
import { assetsQuery, devicesQuery, freshnessQuery } from '../data/queries';
import { useLive } from '../data/live_store';
import type { Sheet } from '../figures/sheet';
import { assetsSearch } from '../shell/search';
import type { AssetsSearch } from '../shell/search';
import { useSheet } from '../shell/sheets';
import { useChangeSearch, useMayChange, useView } from '../shell/view';
import { isoText } from '@mobilytics/ui/zones';
import { AssetTable } from './asset_table';
import type { AssetRow } from './asset_table';
import { DeviceTable } from './device_table';
import { ConnectSensor } from './connect_sensor';
import { PlaceSensor } from './place_sensor';

export function rowsOf(
    assets: Asset[],
    live: LiveAsset[],
    freshness: AssetFreshness[],
    devices: Device[],
): AssetRow[] {
    return assets.map(asset => {
        const now = live.find(item => item.asset_id === asset.id);
        const fresh = freshness.find(item => item.asset_id === asset.id);
        const device = devices.find(each => each.id === asset.device_id);
        return {
            asset,
            state: now?.state,
            heardAt: now?.last_heard_at ? Date.parse(now.last_heard_at) : undefined,
            completeness: fresh?.completeness_24h ?? undefined,
            missing: fresh
                ? fresh.pending_reports + fresh.lost_reports + fresh.unknown_reports
                : undefined,
            fresh,
            sensor: asset.device_id && (device?.name ?? 'attached'),
        };
    });
}

function Revocation({ device, close }: { device: Device | undefined; close: () => void }) {
    const changed = useFleetChanged();
    const revoke = useMutation({
        mutationFn: (id: string) => client.call('revoke_device', { params: { device_id: id } }),
        onSuccess: () => {
            notifications.show({ message: `${device?.name ?? 'The sensor'} is revoked.` });
            changed();
            close();
        },
    });
    return (
        <Modal
            opened={device !== undefined}
            onClose={close}
            title={`Revoke ${device?.name ?? ''}?`}
        >
            <Text size="sm">
                Within seconds nothing that it sends is accepted any more. What it has measured
                stays. It cannot be undone: to use the sensor again, connect it anew.
            </Text>
            {revoke.error && (
                <Text size="sm" c="var(--bad)" mt="sm" role="alert">
                    {revoke.error.message}
                </Text>
            )}
            <Group justify="flex-end" mt="lg">
                <Button variant="default" size="xs" onClick={close}>
                    Keep it
                </Button>
                <Button
                    color="red"
                    size="xs"
                    loading={revoke.isPending}
                    onClick={() => device && revoke.mutate(device.id)}
                >
                    Revoke
                </Button>
            </Group>
        </Modal>
    );
}

export function Assets() {
    const view = useView();
    const search = assetsSearch(useSearch({ strict: false }));
    const change = useChangeSearch<AssetsSearch>();
    const assets = useQuery(assetsQuery);
    const devices = useQuery(devicesQuery);
    const freshness = useQuery(freshnessQuery);
    const live = useLive();
    const [revoking, setRevoking] = useState<Device>();
    const [placing, setPlacing] = useState<Device>();
    const opener = useRef<Element>(null);
    const mayChange = useMayChange();
    const find = (search.find ?? '').toLowerCase();

    const inService = assets.data?.filter(asset => asset.state === 'in_service').length;
    const retired = (assets.data?.length ?? 0) - (inService ?? 0);
    const rows = useMemo(
        () =>
            rowsOf(
                (assets.data ?? []).filter(asset => asset.state === 'in_service' || search.retired),
                live.items,
                freshness.data?.items ?? [],
                devices.data ?? [],
            ).filter(row => `${row.asset.code} ${row.asset.name}`.toLowerCase().includes(find)),
        [assets.data, live.items, freshness.data, devices.data, find, search.retired],
    );
    const shownDevices = (devices.data ?? []).filter(device =>
        device.name.toLowerCase().includes(find),
    );
    const sheet = useMemo<Sheet>(
        () => ({
            name: 'assets',
            title: 'Assets and sensors',
            columns: [
                { key: 'code', label: 'Code' },
                { key: 'name', label: 'Asset' },
                { key: 'kind', label: 'Kind' },
                { key: 'state', label: 'State' },
                { key: 'last_heard', label: 'Last heard' },
                { key: 'completeness', label: 'Complete, 24 h', unit: '%', digits: 1 },
                { key: 'pending', label: 'Pending', unit: 'reports', digits: 0 },
                { key: 'lost', label: 'Lost', unit: 'reports', digits: 0 },
                { key: 'unknown', label: 'Unknown', unit: 'reports', digits: 0 },
                { key: 'sensor', label: 'Sensor' },
            ],
            rows: rows.map(row => ({
                code: row.asset.code,
                name: row.asset.name,
                kind: row.asset.kind,
                state: row.asset.state === 'retired' ? 'retired' : row.state,
                last_heard: row.heardAt === undefined ? undefined : isoText(row.heardAt, view.zone),
                completeness: row.completeness === undefined ? undefined : row.completeness * 100,
                pending: row.fresh?.pending_reports,
                lost: row.fresh?.lost_reports,
                unknown: row.fresh?.unknown_reports,
                sensor: row.sensor,
            })),
        }),
        [rows, view.zone],
    );
    useSheet(assets.data ? sheet : undefined, freshness.data);

    const connect = (
        <Button
            size="xs"
            leftSection={<IconPlus size={15} stroke={2} />}
            disabled={!mayChange}
            onClick={() => change({ connect: 'new' })}
        >
            Connect a sensor
        </Button>
    );
    return (
        <div className="page">
            <Tabs
                value={search.tab ?? 'assets'}
                onChange={tab => change({ tab: tab === 'sensors' ? 'sensors' : undefined })}
                keepMounted={false}
            >
                <div className="tools">
                    <Tabs.List>
                        <Tabs.Tab value="assets">
                            Assets <span className="muted">{inService ?? ''}</span>
                        </Tabs.Tab>
                        <Tabs.Tab value="sensors">
                            Sensors <span className="muted">{devices.data?.length ?? ''}</span>
                        </Tabs.Tab>
                    </Tabs.List>
                    <TextInput
                        size="xs"
                        placeholder="Find"
                        aria-label="Find by name or code"
                        leftSection={<IconSearch size={14} stroke={1.8} />}
                        value={search.find ?? ''}
                        onChange={event =>
                            change({ find: event.currentTarget.value || undefined }, true)
                        }
                    />
                    {connect}
                </div>
                <Tabs.Panel value="assets">
                    {assets.error && !assets.data ? (
                        <Trouble
                            error={assets.error}
                            what="The assets"
                            retry={() => void assets.refetch()}
                        />
                    ) : !assets.data ? (
                        <Lines count={10} height={18} />
                    ) : assets.data.length === 0 ? (
                        <Message
                            center
                            title="No asset yet"
                            actions={
                                <Button onClick={() => change({ connect: 'new' })}>
                                    Connect a sensor
                                </Button>
                            }
                        >
                            An asset is what carries advertising: a truck, a billboard, a screen.
                            Name it, put a sensor on it, and its visits are here within seconds.
                        </Message>
                    ) : (
                        <>
                            {retired > 0 && (
                                <Switch
                                    size="xs"
                                    my="xs"
                                    label={`Show ${retired} retired`}
                                    checked={search.retired !== undefined}
                                    onChange={event =>
                                        change({
                                            retired: event.currentTarget.checked
                                                ? 'shown'
                                                : undefined,
                                        })
                                    }
                                />
                            )}
                            <AssetTable rows={rows} serverNow={live.serverNow} view={view} />
                        </>
                    )}
                </Tabs.Panel>
                <Tabs.Panel value="sensors">
                    {devices.error && !devices.data ? (
                        <Trouble
                            error={devices.error}
                            what="The sensors"
                            retry={() => void devices.refetch()}
                        />
                    ) : !devices.data ? (
                        <Lines count={10} height={18} />
                    ) : devices.data.length === 0 ? (
                        <Message
                            center
                            title="No sensor yet"
                            actions={
                                <Button onClick={() => change({ connect: 'new' })}>
                                    Connect a sensor
                                </Button>
                            }
                        >
                            A sensor joins with a code that is good once. Its key never leaves it.
                        </Message>
                    ) : (
                        <DeviceTable
                            devices={shownDevices}
                            assets={assets.data ?? []}
                            live={live}
                            zone={view.zone}
                            mayChange={mayChange}
                            place={device => {
                                opener.current = document.activeElement;
                                setPlacing(device);
                            }}
                            revoke={setRevoking}
                        />
                    )}
                </Tabs.Panel>
            </Tabs>
            <ConnectSensor
                opened={search.connect !== undefined}
                assetId={search.connect === 'new' ? undefined : search.connect}
                close={() => change({ connect: undefined })}
            />
            {placing && (
                <PlaceSensor
                    device={placing}
                    close={() => {
                        setPlacing(undefined);
                        if (opener.current instanceof HTMLElement) opener.current.focus();
                    }}
                />
            )}
            <Revocation device={revoking} close={() => setRevoking(undefined)} />
        </div>
    );
}
