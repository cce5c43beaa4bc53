// What can be done with an asset, as a menu: beside its name on the map, and in the list.

import { useRef, useState } from 'react';
import { ActionIcon, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
    IconArchive,
    IconDots,
    IconLayoutBoard,
    IconMapPin,
    IconPlugConnectedX,
    IconPlus,
    IconSwitchHorizontal,
} from '@tabler/icons-react';
import { ApiError } from '@mobilytics/api';
import type { Asset, Device } from '@mobilytics/api';
import { ConfirmDialog } from '@mobilytics/ui';
import { client } from '../data/client';
import { useFleetChanged } from '../data/fleet_changed';
import { devicesQuery } from '../data/queries';
import { useMayChange } from '../shell/view';
import { MoveAsset } from './move_asset';
import { PlaceSensor } from './place_sensor';
import { RetireAsset } from './retire_asset';

interface DetachProps {
    asset: Asset;
    device: Device;
    close: () => void;
}

function Detach({ asset, device, close }: DetachProps) {
    const changed = useFleetChanged();
    return (
        <ConfirmDialog
            title={`Take ${device.name} off ${asset.name}?`}
            means={[
                `From now on what it hears counts for nothing, until it is put on an asset again.`,
                `What it has heard until now stays with ${asset.name}.`,
            ]}
            confirm="Take it off"
            keep="Leave it on"
            run={async () => {
                try {
                    await client.call('detach_device', {
                        params: { asset_id: asset.id },
                        body: { device_id: device.id },
                    });
                } catch (error) {
                    // By somebody else, or by a try whose answer was lost: as was wanted.
                    if (!(error instanceof ApiError && error.code === 'not_attached')) throw error;
                }
                changed();
            }}
            done={`${device.name} is on no asset.`}
            close={close}
        />
    );
}

export function AssetActions({ asset }: { asset: Asset }) {
    const navigate = useNavigate();
    const mayChange = useMayChange();
    const { data: devices = [] } = useQuery(devicesQuery);
    const [doing, setDoing] = useState<'move' | 'put' | 'detach' | 'stand' | 'retire'>();
    const device = devices.find(each => each.id === asset.device_id);
    const button = useRef<HTMLButtonElement>(null);
    const close = () => {
        setDoing(undefined);
        button.current?.focus();
    };
    if (asset.state === 'retired') return null;
    return (
        <>
            <Menu width={230} returnFocus>
                <Menu.Target>
                    <ActionIcon
                        ref={button}
                        variant="subtle"
                        color="gray"
                        aria-label={`Actions for ${asset.name}`}
                        disabled={!mayChange}
                    >
                        <IconDots size={17} stroke={1.7} />
                    </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                    <Menu.Item
                        leftSection={<IconLayoutBoard size={15} stroke={1.7} />}
                        onClick={() => void navigate({ to: `/assets/${asset.id}` })}
                    >
                        Its faces
                    </Menu.Item>
                    {device && (
                        <Menu.Item
                            leftSection={<IconSwitchHorizontal size={15} stroke={1.7} />}
                            onClick={() => setDoing('move')}
                        >
                            Move its sensor…
                        </Menu.Item>
                    )}
                    <Menu.Item
                        leftSection={<IconSwitchHorizontal size={15} stroke={1.7} />}
                        onClick={() => setDoing('put')}
                    >
                        {device ? 'Put another sensor on it…' : 'Put a sensor on it…'}
                    </Menu.Item>
                    {!device && (
                        <Menu.Item
                            leftSection={<IconPlus size={15} stroke={1.7} />}
                            onClick={() =>
                                void navigate({
                                    to: '/assets',
                                    search: { connect: asset.id } as never,
                                })
                            }
                        >
                            Connect a new sensor…
                        </Menu.Item>
                    )}
                    {device && (
                        <Menu.Item
                            leftSection={<IconPlugConnectedX size={15} stroke={1.7} />}
                            onClick={() => setDoing('detach')}
                        >
                            Take its sensor off…
                        </Menu.Item>
                    )}
                    {asset.kind !== 'vehicle' && (
                        <Menu.Item
                            leftSection={<IconMapPin size={15} stroke={1.7} />}
                            onClick={() => setDoing('stand')}
                        >
                            Change where it stands…
                        </Menu.Item>
                    )}
                    <Menu.Divider />
                    <Menu.Item
                        color="red"
                        leftSection={<IconArchive size={15} stroke={1.7} />}
                        onClick={() => setDoing('retire')}
                    >
                        Retire…
                    </Menu.Item>
                </Menu.Dropdown>
            </Menu>
            {doing === 'move' && <PlaceSensor device={device} close={close} />}
            {doing === 'put' && <PlaceSensor asset={asset} close={close} />}
            {doing === 'detach' && device && <Detach asset={asset} device={device} close={close} />}
            {doing === 'stand' && <MoveAsset asset={asset} close={close} />}
            {doing === 'retire' && (
                <RetireAsset asset={asset} sensor={device?.name} close={close} />
            )}
        </>
    );
}
