// A zone that is drawn, corner by corner; or pasted as GeoJSON, which needs no pointer.

import { Suspense, lazy, useState } from 'react';
import {
    Button,
    Group,
    Modal,
    NumberInput,
    SegmentedControl,
    Skeleton,
    TextInput,
    Textarea,
} from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { ApiError, faultOf } from '@mobilytics/api';
import type { RegionSet } from '@mobilytics/api';
import { sentence } from '@mobilytics/ui';
import { client } from '../data/client';
import { lineOf, polygonOf } from '../map/drawing';
import type { Corner } from '../map/drawing';

const DrawMap = lazy(() => import('../map/draw_map'));

interface DrawZoneProps {
    /** Where it goes; a new set of zones, when left out. */
    into: RegionSet | undefined;
    done: (setId: string) => void;
    close: () => void;
}

/** A zone for figures of a street: so near to its line. */
const kBufferM = 30;

export function DrawZone({ into, done, close }: DrawZoneProps) {
    const [way, setWay] = useState<'draw' | 'paste'>('draw');
    const [shape, setShape] = useState<'area' | 'road'>('area');
    const [corners, setCorners] = useState<Corner[]>([]);
    const [closed, setClosed] = useState(false);
    const [pasted, setPasted] = useState('');
    const [name, setName] = useState('');
    const [code, setCode] = useState('');
    const [buffer, setBuffer] = useState<number | string>(kBufferM);
    const [setName_, setSetName] = useState('Zones');

    const road = shape === 'road';
    const drawn = road
        ? corners.length >= 2 && lineOf(corners)
        : closed && corners.length >= 3 && polygonOf(corners);
    const geojson = way === 'paste' ? pasted.trim() : drawn ? JSON.stringify(drawn) : '';
    const ready = geojson && name.trim() && (code.trim() || name.trim());
    const send = useMutation({
        mutationFn: async () => {
            const set =
                into ??
                (await client.call('make_region_set', {
                    body: { name: setName_.trim() || 'Zones', kind: 'custom' },
                }));
            return client.call('put_zone', {
                params: { set_id: set.id },
                body: {
                    code: code.trim() || name.trim().slice(0, 64),
                    name: name.trim(),
                    geojson,
                    ...(road ? { buffer_m: Number(buffer) } : {}),
                },
            });
        },
        onSuccess: reply => {
            notifications.show({ message: `${name.trim()} is there.` });
            done(reply.id);
        },
    });
    const fault = send.error && (faultOf(send.error, 'geojson') ?? send.error.message);
    return (
        <Modal opened onClose={close} size={640} title="A zone of your own">
            <form
                className="form"
                onSubmit={event => {
                    event.preventDefault();
                    if (ready && !send.isPending) send.mutate();
                }}
            >
                <Group gap="xs">
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
                    <SegmentedControl
                        size="xs"
                        aria-label="What"
                        value={shape}
                        data={[
                            { value: 'area', label: 'Area' },
                            { value: 'road', label: 'Road segment' },
                        ]}
                        onChange={value => setShape(value as 'area')}
                    />
                </Group>
                {way === 'draw' ? (
                    <Suspense fallback={<Skeleton height={320} />}>
                        <DrawMap
                            onDraw={(to, isClosed) => {
                                setCorners(to);
                                setClosed(isClosed);
                            }}
                            words={
                                road
                                    ? corners.length < 2
                                        ? 'Click along the road: two points at least.'
                                        : `${corners.length} points.`
                                    : closed
                                      ? `A zone of ${corners.length} corners.`
                                      : corners.length < 3
                                        ? 'Click its corners one after the other: three at least.'
                                        : 'Click the first corner again, or “Close it”.'
                            }
                            closable={!road && !closed && corners.length >= 3}
                        />
                    </Suspense>
                ) : (
                    <Textarea
                        label="GeoJSON"
                        description="A Polygon, MultiPolygon or LineString in WGS 84, or a Feature with one."
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
                    <TextInput
                        label="Code"
                        placeholder="the name"
                        maxLength={64}
                        value={code}
                        onChange={event => setCode(event.currentTarget.value)}
                    />
                    {road && (
                        <NumberInput
                            label="Metres on both sides"
                            min={1}
                            max={10_000}
                            value={buffer}
                            onChange={setBuffer}
                        />
                    )}
                    {!into && (
                        <TextInput
                            label="Set"
                            maxLength={100}
                            value={setName_}
                            onChange={event => setSetName(event.currentTarget.value)}
                        />
                    )}
                </Group>
                {into && (
                    <p className="foot-note">
                        It goes into {into.name}; one of the same code is replaced.
                    </p>
                )}
                {fault && (
                    <p className="fault" role="alert">
                        {sentence(send.error instanceof ApiError ? fault : String(fault))}
                    </p>
                )}
                <Button type="submit" size="xs" disabled={!ready} loading={send.isPending}>
                    Keep the zone
                </Button>
            </form>
        </Modal>
    );
}
