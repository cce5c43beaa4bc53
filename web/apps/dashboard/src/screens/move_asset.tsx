// A board was put up elsewhere: where it stands from now on, and where it stood before.

import { useEffect, useRef, useState } from 'react';
import { Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Asset } from '@mobilytics/api';
import { When, sentence } from '@mobilytics/ui';
import { client } from '../data/client';
import { useFleetChanged } from '../data/fleet_changed';
import { placeFaults, placeOf } from '../map/place';
import type { PlaceText } from '../map/place';
import { useView } from '../shell/view';
import { PlaceFields } from './place_fields';

const kShown = 5;

function Before({ asset }: { asset: Asset }) {
    const { zone } = useView();
    const found = useQuery({
        queryKey: ['positions', asset.id],
        queryFn: ({ signal }) =>
            client.call('list_positions', { params: { asset_id: asset.id }, signal }),
    });
    const places = found.data?.items.slice(0, kShown) ?? [];
    if (places.length === 0) return null;
    return (
        <div>
            <h3 className="section-head">Where it stood</h3>
            <ul className="plain-list">
                {places.map(({ latitude, longitude, from, to }) => (
                    <li key={from}>
                        <div>
                            {latitude.toFixed(5)}, {longitude.toFixed(5)}
                            <span className="muted">
                                since <When at={from} zone={zone} />
                                {to && (
                                    <>
                                        {' '}
                                        until <When at={to} zone={zone} />
                                    </>
                                )}
                            </span>
                        </div>
                    </li>
                ))}
            </ul>
        </div>
    );
}

export function MoveAsset({ asset, close }: { asset: Asset; close: () => void }) {
    const queries = useQueryClient();
    const changed = useFleetChanged();
    const [text, setText] = useState<PlaceText>({
        latitude: asset.latitude ?? '',
        longitude: asset.longitude ?? '',
    });
    /** How often it was asked for, while the place could not be. */
    const [refused, setRefused] = useState(0);
    const form = useRef<HTMLFormElement>(null);
    useEffect(() => {
        if (refused) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }, [refused]);
    const place = placeOf(text);
    const move = useMutation({
        mutationFn: () =>
            client.call('move_asset', { params: { asset_id: asset.id }, body: placeOf(text)! }),
        onSuccess: () => {
            notifications.show({ message: `${asset.name} stands there from now on.` });
            void queries.invalidateQueries({ queryKey: ['positions', asset.id] });
            changed();
            close();
        },
    });
    const same = place?.latitude === asset.latitude && place?.longitude === asset.longitude;
    return (
        <Modal opened onClose={close} title={`Where ${asset.name} stands`} size={500}>
            <form
                ref={form}
                className="connect"
                onSubmit={event => {
                    event.preventDefault();
                    if (move.isPending) return;
                    if (!place || Object.keys(placeFaults(text, true)).length > 0) {
                        setRefused(refused + 1);
                    } else move.mutate();
                }}
            >
                <PlaceFields
                    text={text}
                    set={change => setText(before => ({ ...before, ...change }))}
                    done={refused > 0}
                    error={move.error}
                />
                <ul className="means">
                    <li>From now on its visits count for this place, on every map.</li>
                    <li>What was counted before stays where it was counted.</li>
                </ul>
                {move.error && (
                    <p className="fault" role="alert">
                        {sentence(move.error.message)}
                    </p>
                )}
                <Button type="submit" fullWidth disabled={same} loading={move.isPending}>
                    It stands here now
                </Button>
                <Before asset={asset} />
            </form>
        </Modal>
    );
}
