// A sensitive place that is drawn, corner by corner; or pasted as GeoJSON, which needs no pointer.

import { Suspense, lazy, useState } from 'react';
import {
    Button,
    Group,
    Modal,
    SegmentedControl,
    Select,
    Skeleton,
    TextInput,
    Textarea,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { faultOf } from '@mobilytics/api';
import type { SensitiveKind } from '@mobilytics/api';
import { sentence } from '@mobilytics/ui';
import { client } from '../../../data/client';
import { kSensitiveKinds } from '../../../data/sensitive_queries';
import { polygonOf } from '../../../map/drawing';
import type { Corner } from '../../../map/drawing';

const DrawMap = lazy(() => import('../../../map/draw_map'));

export function DrawSensitive({ done, close }: { done: () => void; close: () => void }) {
    const [way, setWay] = useState<'draw' | 'paste'>('draw');
    const [corners, setCorners] = useState<Corner[]>([]);
    const [closed, setClosed] = useState(false);
    const [pasted, setPasted] = useState('');
    const [name, setName] = useState('');
    const [kind, setKind] = useState<SensitiveKind>();

    const drawn = closed && corners.length >= 3 && polygonOf(corners);
    const geojson = way === 'paste' ? pasted.trim() : drawn ? JSON.stringify(drawn) : '';
    const ready = geojson && name.trim() && kind;
    const send = useMutation({
        mutationFn: () =>
            client.call('put_sensitive_place', {
                body: {
                    code: name.trim().slice(0, 64),
                    name: name.trim(),
                    kind: kind!,
                    geojson,
                },
            }),
        onSuccess: () => {
            notifications.show({ message: `Nothing is counted at ${name.trim()} any more.` });
            done();
        },
    });
    const fault = send.error && (faultOf(send.error, 'geojson') ?? send.error.message);
    return (
        <Modal opened onClose={close} size={640} title="Mark a sensitive place">
            <form
                className="form"
                onSubmit={event => {
                    event.preventDefault();
                    if (ready && !send.isPending) send.mutate();
                }}
            >
                <SegmentedControl
                    size="xs"
                    aria-label="How"
                    value={way}
                    data={[
                        { value: 'draw', label: 'Draw' },
                        { value: 'paste', label: 'Paste GeoJSON' },
                    ]}
                    onChange={value => setWay(value as 'draw')}
                />
                {way === 'draw' ? (
                    <Suspense fallback={<Skeleton height={320} />}>
                        <DrawMap
                            onDraw={(to, isClosed) => {
                                setCorners(to);
                                setClosed(isClosed);
                            }}
                            words={
                                closed
                                    ? `A place of ${corners.length} corners.`
                                    : corners.length < 3
                                      ? 'Click its corners one after the other: three at least.'
                                      : 'Click the first corner again, or “Close it”.'
                            }
                            closable={!closed && corners.length >= 3}
                        />
                    </Suspense>
                ) : (
                    <Textarea
                        label="GeoJSON"
                        description="A Polygon or MultiPolygon in WGS 84, or a Feature with one."
                        autosize
                        minRows={6}
                        maxRows={14}
                        value={pasted}
                        onChange={event => setPasted(event.currentTarget.value)}
                    />
                )}
                <Group grow align="start">
                    <TextInput
                        label="Name"
                        required
                        maxLength={200}
                        value={name}
                        onChange={event => setName(event.currentTarget.value)}
                    />
                    <Select
                        label="Kind"
                        required
                        data={kSensitiveKinds}
                        value={kind ?? null}
                        onChange={value => setKind((value as SensitiveKind | null) ?? undefined)}
                    />
                </Group>
                <p className="foot-note">
                    What was heard in the cells of the map that it touches, some 230 m wide, is
                    deleted for good, and not kept from then on. One of the same name is replaced.
                </p>
                {fault && (
                    <p className="fault" role="alert">
                        {sentence(String(fault))}
                    </p>
                )}
                <Button type="submit" size="xs" disabled={!ready} loading={send.isPending}>
                    Mark the place
                </Button>
            </form>
        </Modal>
    );
}
