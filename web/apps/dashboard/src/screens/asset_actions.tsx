// What can be done with an asset, as a menu: beside its name on the map, and in the list.

import { useRef, useState } from 'react';
import { ActionIcon, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { IconArchive, IconDots, IconPlus, IconSwitchHorizontal } from '@tabler/icons-react';
import type { Asset } from '@mobilytics/api';
import { devicesQuery } from '../data/queries';
import { useMayChange } from '../shell/view';
import { PlaceSensor } from './place_sensor';
import { RetireAsset } from './retire_asset';

export function AssetActions({ asset }: { asset: Asset }) {
    const navigate = useNavigate();
    const mayChange = useMayChange();
    const { data: devices = [] } = useQuery(devicesQuery);
    const [doing, setDoing] = useState<'move' | 'put' | 'retire'>();
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
            {doing === 'retire' && (
                <RetireAsset asset={asset} sensor={device?.name} close={close} />
            )}
        </>
    );
}
