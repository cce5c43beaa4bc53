// From nothing to a first report: which asset, a code, one line to type at the sensor; then it is
// waited for, live.

import { useEffect, useRef, useState } from 'react';
import { Button, Loader, Modal, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { IconCheck, IconCircleCheckFilled, IconCopy } from '@tabler/icons-react';
import { ApiError, faultOf } from '@mobilytics/api';
import type { Asset, AssetKind, Claim } from '@mobilytics/api';
import { ago } from '@mobilytics/ui';
import { client } from '../data/client';
import { assetsQuery, devicesQuery } from '../data/queries';
import { liveStore, useLive } from '../data/live_store';
import { placeFaults, placeOf } from '../map/place';
import type { PlaceText } from '../map/place';
import { copyText } from '@mobilytics/ui';
import { useView } from '../shell/view';
import { minuteText } from '@mobilytics/ui/zones';
import { PlaceFields } from './place_fields';

interface ConnectProps {
    opened: boolean;
    assetId: string | undefined;
    close: () => void;
}

interface Draft extends PlaceText {
    code: string;
    name: string;
    kind: AssetKind;
}

const kBlank: Draft = { code: '', name: '', kind: 'vehicle', latitude: '', longitude: '' };

interface FieldsProps {
    draft: Draft;
    set: (change: (before: Draft) => Draft) => void;
    /** Somebody was done with it and asked for the code. */
    done: boolean;
    error: Error | null;
}

function NewAssetFields({ draft, set, done, error }: FieldsProps) {
    const taken = error instanceof ApiError && error.status === 409 ? error.message : undefined;
    return (
        <>
            <SegmentedControl
                fullWidth
                size="xs"
                aria-label="Kind"
                value={draft.kind}
                onChange={kind => set(before => ({ ...before, kind: kind as AssetKind }))}
                data={[
                    { value: 'vehicle', label: 'Vehicle' },
                    { value: 'billboard', label: 'Billboard' },
                    { value: 'screen', label: 'Screen' },
                ]}
            />
            <TextInput
                label="Name"
                placeholder={draft.kind === 'vehicle' ? 'Pilsen box truck' : 'State and Lake'}
                required
                maxLength={200}
                value={draft.name}
                error={faultOf(error, 'name')}
                onChange={event => {
                    const { value } = event.currentTarget;
                    set(before => ({ ...before, name: value }));
                }}
            />
            <TextInput
                label="Code"
                description="Short, unique in the company: on plates, in files."
                placeholder={draft.kind === 'vehicle' ? 'TRK-12' : 'BB-07'}
                required
                maxLength={40}
                value={draft.code}
                error={taken ?? faultOf(error, 'code')}
                onChange={event => {
                    const { value } = event.currentTarget;
                    set(before => ({ ...before, code: value }));
                }}
            />
            {draft.kind !== 'vehicle' && (
                <PlaceFields
                    text={draft}
                    set={change => set(before => ({ ...before, ...change }))}
                    done={done}
                    error={error}
                />
            )}
        </>
    );
}

function Step({
    done,
    busy,
    title,
    children,
}: {
    done: boolean;
    busy: boolean;
    title: string;
    children?: React.ReactNode;
}) {
    return (
        <li data-done={done || undefined}>
            {done ? (
                <IconCircleCheckFilled size={18} color="var(--live)" aria-label="Done" />
            ) : busy ? (
                <Loader size={14} aria-label="Waiting" />
            ) : (
                <i aria-label="Not yet" />
            )}
            <div>
                <span>{title}</span>
                {children && <p className="muted">{children}</p>}
            </div>
        </li>
    );
}

/** A claim and how things stood before it: what is new since has come of it. No clocks compared. */
interface Made {
    claim: Claim;
    asset: Asset;
    devicesBefore: ReadonlySet<string>;
    heardBefore: string | undefined;
}

/** The line to type, and what has come of it so far. */
function Waiting({ claim, asset, devicesBefore, heardBefore }: Made) {
    const { zone } = useView();
    const live = useLive();
    const [copied, setCopied] = useState(false);
    const devices = useQuery({ ...devicesQuery, refetchInterval: 2000, staleTime: 0 });
    const device = devices.data?.find(
        each => each.name === claim.name && !devicesBefore.has(each.id),
    );
    const heard = live.items.find(item => item.asset_id === asset.id)?.last_heard_at;
    const heardAt = heard && heard !== heardBefore ? Date.parse(heard) : undefined;
    const copy = async () => {
        setCopied(await copyText(claim.command));
        setTimeout(() => setCopied(false), 2000);
    };
    return (
        <div className="connect">
            <p>
                Type this at the sensor. The code is good once, until{' '}
                {minuteText(Date.parse(claim.expires_at), zone).replace('T', ', ')} ({zone}).
            </p>
            <div className="command">
                <code data-testid="command">{claim.command}</code>
                <Button
                    size="compact-xs"
                    variant="default"
                    leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                    onClick={() => void copy()}
                >
                    {copied ? 'Copied' : 'Copy'}
                </Button>
            </div>
            <ol className="steps" aria-live="polite" data-testid="connect-steps">
                <Step done busy={false} title={`The code for ${asset.name} is made`} />
                <Step
                    done={device !== undefined || heardAt !== undefined}
                    busy
                    title={device ? `${device.name} has joined` : 'The sensor joins'}
                >
                    {!device &&
                        'It makes its key, we sign it. Nothing happens? Then the sensor does not reach this address.'}
                </Step>
                <Step
                    done={heardAt !== undefined}
                    busy={device !== undefined}
                    title={
                        heardAt === undefined
                            ? 'Its first report arrives'
                            : `First report ${ago(live.serverNow - heardAt)}`
                    }
                >
                    {heardAt === undefined
                        ? 'Start it: mobilytics-sensor run, or replay with a capture.'
                        : 'It is on the map, and its figures follow within seconds.'}
                </Step>
            </ol>
            {heardAt !== undefined && (
                <Button component={Link} to="/map" search={{ asset: asset.id } as never} fullWidth>
                    Show it on the map
                </Button>
            )}
        </div>
    );
}

export function ConnectSensor({ opened, assetId, close }: ConnectProps) {
    const queries = useQueryClient();
    const { data: assets = [] } = useQuery(assetsQuery);
    const [draft, setDraft] = useState<Draft>(kBlank);
    const [chosen, setChosen] = useState<string | null>(null);
    const [made, setMade] = useState<Made>();
    /** How often the code was asked for, while the place could not be. */
    const [refused, setRefused] = useState(0);
    const form = useRef<HTMLFormElement>(null);
    const [create] = useState(client.repeatable);
    const free = assets.filter(asset => asset.state === 'in_service' && !asset.device_id);
    const isNew = chosen === null;

    useEffect(() => {
        if (!opened) return;
        setChosen(assetId ?? null);
        setDraft(kBlank);
        setMade(undefined);
        setRefused(0);
    }, [opened, assetId]);
    useEffect(() => {
        if (refused) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }, [refused]);

    const connect = useMutation({
        mutationFn: async () => {
            const before = await client.devices();
            const asset = isNew
                ? await create('register_asset', {
                      body: {
                          code: draft.code.trim(),
                          name: draft.name.trim(),
                          kind: draft.kind,
                          ...(draft.kind === 'vehicle' ? {} : placeOf(draft)),
                      },
                  })
                : assets.find(each => each.id === chosen)!;
            // Should the claim fail, the asset is there already: go on with it.
            setChosen(asset.id);
            await queries.invalidateQueries({ queryKey: assetsQuery.queryKey });
            const claim = await create('create_claim', {
                body: {
                    name: `sensor ${asset.code.toLowerCase()}`,
                    asset_id: asset.id,
                },
            });
            return {
                claim,
                asset,
                devicesBefore: new Set(before.map(device => device.id)),
                heardBefore: liveStore.get().items.find(item => item.asset_id === asset.id)
                    ?.last_heard_at,
            };
        },
        onSuccess: setMade,
    });
    const ready = isNew ? draft.code.trim() !== '' && draft.name.trim() !== '' : true;
    const placeless =
        isNew && draft.kind !== 'vehicle' && Object.keys(placeFaults(draft, true)).length > 0;
    const leave = () => {
        close();
        connect.reset();
        void queries.invalidateQueries({ queryKey: assetsQuery.queryKey });
        void queries.invalidateQueries({ queryKey: devicesQuery.queryKey });
    };
    return (
        <Modal opened={opened} onClose={leave} title="Connect a sensor" size={500}>
            {made ? (
                <Waiting {...made} />
            ) : (
                <form
                    ref={form}
                    className="connect"
                    onSubmit={event => {
                        event.preventDefault();
                        if (!ready || connect.isPending) return;
                        if (placeless) setRefused(refused + 1);
                        else connect.mutate();
                    }}
                >
                    <Select
                        data-autofocus
                        label="What is it on?"
                        value={chosen ?? 'new'}
                        allowDeselect={false}
                        searchable={free.length > 8}
                        data={[
                            { value: 'new', label: 'A new asset' },
                            ...free.map(asset => ({
                                value: asset.id,
                                label: `${asset.name} (${asset.code})`,
                            })),
                        ]}
                        onChange={value => setChosen(value === 'new' ? null : value)}
                    />
                    {isNew && (
                        <NewAssetFields
                            draft={draft}
                            set={setDraft}
                            done={refused > 0}
                            error={connect.error}
                        />
                    )}
                    {connect.error && (
                        <p className="fault" role="alert">
                            {connect.error.message}
                        </p>
                    )}
                    <Button type="submit" fullWidth disabled={!ready} loading={connect.isPending}>
                        Make a code
                    </Button>
                </form>
            )}
        </Modal>
    );
}
