// A sensor goes on an asset: from the asset's side, which sensor; from the sensor's side, which
// asset. Where it was until then it is no more.

import { useState } from 'react';
import { Button, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ApiError, faultOf } from '@mobilytics/api';
import type { Asset, Device } from '@mobilytics/api';
import { client } from '../data/client';
import { useFleetChanged } from '../data/fleet_changed';
import { assetsQuery, devicesQuery } from '../data/queries';
import { useView } from '../shell/view';
import { minuteText, parseLocal } from '@mobilytics/ui/zones';

/** One of them is known, the other is asked for. */
interface PlaceProps {
    asset?: Asset | undefined;
    device?: Device | undefined;
    close: () => void;
}

interface Names {
    device: Device | undefined;
    from: Asset | undefined;
    to: Asset | undefined;
    /** Which are on `to` already, and stay there. */
    beside: Device | undefined;
}

function meaning({ device, from, to, beside }: Names, since: string): string[] {
    if (!device || !to) return [];
    return [
        `${since} what ${device.name} hears counts for ${to.name}.`,
        from
            ? `What it heard before stays with ${from.name}, which then has no sensor.`
            : 'What it heard before stays where it was counted. If it was never on an asset, all that it has heard counts here.',
        ...(beside
            ? [`${beside.name} stays on ${to.name} too: move or revoke it if it left.`]
            : []),
    ];
}

export function PlaceSensor({ asset, device, close }: PlaceProps) {
    const { zone } = useView();
    const { data: assets = [] } = useQuery(assetsQuery);
    const { data: devices = [] } = useQuery(devicesQuery);
    const changed = useFleetChanged();
    const [attach] = useState(client.repeatable);
    const [chosen, setChosen] = useState<string | null>(null);
    const [when, setWhen] = useState<'now' | 'earlier'>('now');
    const [local, setLocal] = useState(() => minuteText(Date.now(), zone));

    const onAsset = (id: string) => assets.find(each => each.device_id === id);
    const moved = device ?? devices.find(each => each.id === chosen);
    const from = moved && onAsset(moved.id);
    const to = asset ?? assets.find(each => each.id === chosen);
    const beside = devices.find(each => each.id === to?.device_id);
    const at = when === 'now' ? undefined : parseLocal(local, zone);
    const badTime =
        when === 'now'
            ? undefined
            : at === undefined
              ? 'Give a day and a time.'
              : at > Date.now()
                ? 'That is not yet.'
                : undefined;

    const place = useMutation({
        mutationFn: async () => {
            await attach('attach_device', {
                params: { asset_id: to!.id },
                body: {
                    device_id: moved!.id,
                    ...(at === undefined ? {} : { from: new Date(at).toISOString() }),
                },
            });
        },
        onSuccess: () => {
            notifications.show({ message: `${moved!.name} is on ${to!.name}.` });
            changed();
            close();
        },
    });
    const { error } = place;
    const later = error instanceof ApiError && error.code === 'attached_later';
    const timeFault = badTime ?? faultOf(error, 'from') ?? (later ? error.message : undefined);
    const choiceFault = faultOf(error, device ? 'asset_id' : 'device_id');
    const ready = moved !== undefined && to !== undefined && !badTime;
    const choices = device
        ? assets
              .filter(each => each.state === 'in_service' && each.device_id !== device.id)
              .map(each => ({ value: each.id, label: `${each.name} (${each.code})` }))
        : devices
              .filter(each => each.state === 'active' && each.id !== asset?.device_id)
              .map(each => {
                  const there = onAsset(each.id);
                  return {
                      value: each.id,
                      label: there ? `${each.name}, now on ${there.name}` : `${each.name}, free`,
                  };
              });
    const title = device
        ? from
            ? `Move ${device.name}`
            : `Put ${device.name} on an asset`
        : `Put a sensor on ${asset!.name}`;
    const since = at === undefined ? 'From now on' : `From ${local.replace('T', ', ')} on`;
    const means = meaning({ device: moved, from, to, beside }, since);
    const choose = (change: () => void) => {
        place.reset();
        change();
    };
    return (
        <Modal opened onClose={close} title={title}>
            <form
                className="connect"
                onSubmit={event => {
                    event.preventDefault();
                    if (ready && !place.isPending) place.mutate();
                }}
            >
                <Select
                    data-autofocus
                    searchable
                    label={device ? 'To which asset?' : 'Which sensor?'}
                    placeholder={choices.length > 0 ? 'Choose' : 'There is none'}
                    nothingFoundMessage="None is called that."
                    value={chosen}
                    data={choices}
                    error={choiceFault}
                    onChange={value => choose(() => setChosen(value))}
                />
                <div>
                    <SegmentedControl
                        fullWidth
                        size="xs"
                        aria-label="Since when"
                        value={when}
                        onChange={value => choose(() => setWhen(value as 'now' | 'earlier'))}
                        data={[
                            { value: 'now', label: 'From now on' },
                            { value: 'earlier', label: 'It was moved earlier' },
                        ]}
                    />
                </div>
                {when === 'earlier' && (
                    <TextInput
                        type="datetime-local"
                        label="Since"
                        description={`Time in ${zone}.`}
                        value={local}
                        max={minuteText(Date.now(), zone)}
                        error={timeFault}
                        onChange={event => {
                            const { value } = event.currentTarget;
                            choose(() => setLocal(value));
                        }}
                    />
                )}
                <div aria-live="polite">
                    {means.length > 0 && (
                        <ul className="means">
                            {means.map(text => (
                                <li key={text}>{text}</li>
                            ))}
                        </ul>
                    )}
                </div>
                {error && !(later && when === 'earlier') && (
                    <p className="fault" role="alert">
                        {error.message}
                    </p>
                )}
                <Button type="submit" fullWidth disabled={!ready} loading={place.isPending}>
                    {error instanceof ApiError && error.passing
                        ? 'Try again'
                        : from
                          ? 'Move it'
                          : 'Put it there'}
                </Button>
            </form>
        </Modal>
    );
}
