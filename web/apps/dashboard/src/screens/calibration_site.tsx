// From counting to a published factor, step by step, at one site.

import { useState } from 'react';
import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { Count, Model } from '@mobilytics/api';
import {
    Lines,
    Message,
    Panel,
    Tag,
    Trouble,
    When,
    momentText,
    sentence,
    useMay,
} from '@mobilytics/ui';
import { client } from '../data/client';
import { assetsQuery } from '../data/queries';
import { factorText, kQualities } from '../figures/calibrations';
import { useView } from '../shell/view';
import { kCalibration } from './calibration';
import { ModelDetail } from './calibration_model';
import { EnterTotals } from './enter_totals';

const kCountStates = {
    counting: { kind: 'info', label: 'Goes on' },
    ended: { kind: 'good', label: 'Ended' },
    dismissed: { kind: 'idle', label: 'Dismissed' },
} as const;

function CountRow({ count, zone, changed }: { count: Count; zone: string; changed: () => void }) {
    const may = useMay('dismiss_count');
    const { kind, label } = kCountStates[count.state];
    const dismiss = useMutation({
        mutationFn: () =>
            client.call('dismiss_count', {
                params: { count_id: count.id },
                body: { reason: 'dismissed on the page of the site' },
            }),
        onSuccess: changed,
    });
    return (
        <tr>
            <td>
                <When at={count.begun_at} zone={zone} />
                {count.ended_at && ` to ${momentText(count.ended_at, zone).slice(11)}`}
            </td>
            <td>{count.way === 'taps' ? `${count.taps} taps` : 'totals'}</td>
            <td>
                <Tag kind={kind}>{label}</Tag>
                {count.lowest < 0 && ' Went below zero: correct how many were there.'}
                {count.outside > 0 && ` ${count.outside} taps after its end.`}
            </td>
            <td>
                {may && count.state !== 'dismissed' && (
                    <Button
                        size="compact-xs"
                        variant="default"
                        loading={dismiss.isPending}
                        onClick={() => dismiss.mutate()}
                    >
                        Dismiss
                    </Button>
                )}
            </td>
        </tr>
    );
}

function Counts({ assetId, zone }: { assetId: string; zone: string }) {
    const queries = useQueryClient();
    const [entering, setEntering] = useState(false);
    const may = useMay('begin_count');
    const asked = useQuery({
        queryKey: [kCalibration, 'counts', assetId],
        queryFn: ({ signal }) =>
            client.call('list_counts', { query: { asset_id: assetId, limit: 200 }, signal }),
        refetchInterval: 15_000,
    });
    const changed = () => void queries.invalidateQueries({ queryKey: [kCalibration] });
    return (
        <Panel
            title="1. Count"
            about="Three days or more, an hour at least, at quiet and at busy times. Several may count at several doors."
        >
            {may && (
                <Group gap="xs" mb="sm">
                    <Button component="a" size="xs" href={`/count?asset=${assetId}`}>
                        Count on this device
                    </Button>
                    <Button size="xs" variant="default" onClick={() => setEntering(!entering)}>
                        Enter totals
                    </Button>
                </Group>
            )}
            {entering && (
                <EnterTotals
                    assetId={assetId}
                    zone={zone}
                    done={() => {
                        setEntering(false);
                        changed();
                    }}
                />
            )}
            {asked.error && !asked.data ? (
                <Trouble error={asked.error} what="The counts" retry={() => void asked.refetch()} />
            ) : !asked.data ? (
                <Lines count={3} />
            ) : asked.data.items.length === 0 ? (
                <Message title="Nobody has counted here yet">
                    Open the counting page on a phone: it works without a network.
                </Message>
            ) : (
                <table className="rows wrapping">
                    <tbody>
                        {asked.data.items.map(count => (
                            <CountRow key={count.id} count={count} zone={zone} changed={changed} />
                        ))}
                    </tbody>
                </table>
            )}
        </Panel>
    );
}

function Models({ assetId, zone }: { assetId: string; zone: string }) {
    const queries = useQueryClient();
    const may = useMay('fit_model');
    const [chosen, setChosen] = useState<string>();
    const asked = useQuery({
        queryKey: [kCalibration, 'models', assetId],
        queryFn: ({ signal }) =>
            client.call('list_models', { query: { asset_id: assetId, limit: 50 }, signal }),
    });
    const fit = useMutation({
        mutationFn: () => client.call('fit_model', { body: { scope: 'asset', asset_id: assetId } }),
        onSuccess: made => {
            setChosen(made.id);
            void queries.invalidateQueries({ queryKey: [kCalibration] });
        },
    });
    const models: Model[] = asked.data?.items ?? [];
    const shown = chosen ?? models[0]?.id;
    return (
        <>
            <Panel
                title="2. Fit"
                about="A factor of people a device, to all counts here that have ended. It is a draft: nothing changes."
                actions={
                    may && (
                        <Button size="xs" loading={fit.isPending} onClick={() => fit.mutate()}>
                            Fit a factor
                        </Button>
                    )
                }
            >
                {fit.error && (
                    <Text size="sm" c="var(--bad)" role="alert">
                        {sentence(fit.error.message)}
                    </Text>
                )}
                {asked.error && !asked.data ? (
                    <Trouble
                        error={asked.error}
                        what="The models"
                        retry={() => void asked.refetch()}
                    />
                ) : !asked.data ? (
                    <Lines count={2} />
                ) : models.length === 0 ? (
                    <Message title="No factor yet">Numbers of this site are of devices.</Message>
                ) : (
                    <table className="rows wrapping">
                        <tbody>
                            {models.map(model => (
                                <tr key={model.id} data-chosen={model.id === shown || undefined}>
                                    <td>
                                        <Button
                                            size="compact-xs"
                                            variant={model.id === shown ? 'filled' : 'default'}
                                            aria-pressed={model.id === shown}
                                            onClick={() => setChosen(model.id)}
                                        >
                                            Version {model.version}
                                        </Button>
                                    </td>
                                    <td>{factorText(model)}</td>
                                    <td>
                                        <Tag
                                            kind={
                                                model.state === 'published'
                                                    ? kQualities[model.quality].kind
                                                    : 'idle'
                                            }
                                        >
                                            {model.state === 'published'
                                                ? `Published, ${kQualities[model.quality].label.toLowerCase()}`
                                                : model.state === 'draft'
                                                  ? 'Draft'
                                                  : 'Retired'}
                                        </Tag>
                                    </td>
                                    <td>
                                        <When at={model.fitted_at} zone={zone} />
                                    </td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                )}
            </Panel>
            {shown && (
                <Panel
                    title="3. Look, compare, publish"
                    about="Before it is published, it stands beside what is."
                >
                    <ModelDetail key={shown} modelId={shown} />
                </Panel>
            )}
        </>
    );
}

export function CalibrationSite() {
    const { assetId } = useParams({ strict: false }) as { assetId: string };
    const assets = useQuery(assetsQuery);
    const { zone } = useView();
    const asset = assets.data?.find(each => each.id === assetId);
    const itsZone = asset?.time_zone ?? zone;
    if (assets.data && !asset) {
        return (
            <Message center title="There is no such asset">
                <Link to="/calibration">To all sites</Link>
            </Message>
        );
    }
    return (
        <div className="page">
            <p>
                <Link to="/calibration">Calibration</Link> / <strong>{asset?.name ?? '…'}</strong>
            </p>
            <Counts assetId={assetId} zone={itsZone} />
            <Models assetId={assetId} zone={itsZone} />
        </div>
    );
}
