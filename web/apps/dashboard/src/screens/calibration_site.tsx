// One site: what it uses and why; and from counting to a published factor, step by step.

import { useRef, useState } from 'react';
import { Button, Group } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
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
import { siteSearch } from '../calibration/search';
import type { SiteSearch } from '../calibration/search';
import { countText, people } from '../calibration/words';
import { client } from '../data/client';
import { countsQuery, modelsQuery, useCalibrationChanged } from '../data/calibration_queries';
import { assetsQuery } from '../data/queries';
import { factorText, kCountStates } from '../figures/calibrations';
import { useChangeSearch, useView } from '../shell/view';
import { CountBeside } from './calibration_count';
import { StateTag } from './calibration_factors';
import { CalibrationFrame, Stale } from './calibration_frame';
import { ModelDetail } from './calibration_model';
import { WhatItUses } from './calibration_uses';
import { EnterTotals } from './enter_totals';

interface PartProps {
    assetId: string;
    zone: string;
}

function Counts({ assetId, zone }: PartProps) {
    const changed = useCalibrationChanged();
    const change = useChangeSearch<SiteSearch>();
    const [entering, setEntering] = useState(false);
    const may = useMay('begin_count');
    const asked = useQuery(countsQuery(assetId));
    return (
        <Panel
            testId="panel-counts"
            title="1. Count"
            about="Three days or more, an hour at least, at quiet and at busy times. Several may count at several doors."
        >
            <Stale query={asked} />
            {may && (
                <Group gap="xs" mb="sm">
                    <Button component="a" size="xs" href={`/count?asset=${assetId}`}>
                        Count on this device
                    </Button>
                    <Button
                        size="xs"
                        variant="default"
                        aria-expanded={entering}
                        onClick={() => setEntering(!entering)}
                    >
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
                        void changed();
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
                <ul className="plain-list counted-list">
                    {asked.data.items.map(count => {
                        const { kind, label } = kCountStates[count.state];
                        const begun = momentText(count.begun_at, zone);
                        return (
                            <li key={count.id}>
                                <div>
                                    <b>
                                        {begun}
                                        {count.ended_at &&
                                            ` to ${momentText(count.ended_at, zone).slice(11)}`}
                                    </b>
                                    <span className="muted">
                                        {countText(count)}, {people(count.people)} at the end
                                        {count.note && `. ${count.note}`}
                                        {count.lowest < 0 &&
                                            '. It went below zero: correct how many were there'}
                                        {count.outside > 0 &&
                                            `. ${count.outside} taps were before its beginning or after its end`}
                                        {count.reason && `. ${sentence(count.reason)}`}
                                    </span>
                                </div>
                                <Tag kind={count.lowest < 0 ? 'warn' : kind}>{label}</Tag>
                                <Button
                                    size="xs"
                                    variant="default"
                                    aria-label={`Open the count of ${begun}`}
                                    data-count={count.id}
                                    onClick={() => change({ count: count.id })}
                                >
                                    Open
                                </Button>
                            </li>
                        );
                    })}
                </ul>
            )}
        </Panel>
    );
}

function Models({ assetId, zone }: PartProps) {
    const changed = useCalibrationChanged();
    const search = siteSearch(useSearch({ strict: false }));
    const change = useChangeSearch<SiteSearch>();
    const may = useMay('fit_model');
    const repeatable = useRef(client.repeatable());
    const asked = useQuery(modelsQuery({ asset_id: assetId }));
    const fit = useMutation({
        mutationFn: () =>
            repeatable.current('fit_model', { body: { scope: 'asset', asset_id: assetId } }),
        onSuccess: made => {
            change({ model: made.id }, true);
            void changed();
        },
    });
    const models = asked.data ?? [];
    const shown = models.find(({ id }) => id === search.model)?.id ?? models[0]?.id;
    return (
        <>
            <Panel
                testId="panel-models"
                title="2. Fit"
                about={
                    <>
                        A factor of people a device, to all counts here that have ended. It is a
                        draft: nothing changes. Of a class or of all sites it is fitted under{' '}
                        <Link to="/calibration/factors" className="quiet-link">
                            Factors
                        </Link>
                        .
                    </>
                }
                actions={
                    may && (
                        <Button size="xs" loading={fit.isPending} onClick={() => fit.mutate()}>
                            Fit a factor
                        </Button>
                    )
                }
            >
                <Stale query={asked} />
                {fit.error && (
                    <p className="form-trouble" role="alert">
                        {sentence(fit.error.message)}
                    </p>
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
                    <Message title="No factor of its own yet">
                        What it uses meanwhile stands above.
                    </Message>
                ) : (
                    <ul className="plain-list counted-list">
                        {models.map(model => (
                            <li key={model.id}>
                                <div>
                                    <b>{factorText(model)}</b>
                                    <span className="muted">
                                        Fitted <When at={model.fitted_at} zone={zone} />, to{' '}
                                        {model.quarters} quarters on {model.days}{' '}
                                        {model.days === 1 ? 'day' : 'days'}
                                    </span>
                                </div>
                                <StateTag model={model} />
                                <Button
                                    size="xs"
                                    variant={model.id === shown ? 'filled' : 'default'}
                                    aria-pressed={model.id === shown}
                                    onClick={() => change({ model: model.id }, true)}
                                >
                                    Version {model.version}
                                </Button>
                            </li>
                        ))}
                    </ul>
                )}
            </Panel>
            {shown && (
                <Panel
                    title="3. Look, compare, publish"
                    about="Before it is published, it stands beside what is."
                >
                    <ModelDetail key={shown} modelId={shown} zone={zone} />
                </Panel>
            )}
        </>
    );
}

export function CalibrationSite() {
    const { assetId } = useParams({ strict: false }) as { assetId: string };
    const search = siteSearch(useSearch({ strict: false }));
    const change = useChangeSearch<SiteSearch>();
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
    const close = () => {
        const opener = `[data-count="${search.count}"]`;
        change({ count: undefined });
        // Once the drawer has let go of the focus.
        setTimeout(() => document.querySelector<HTMLElement>(opener)?.focus());
    };
    return (
        <CalibrationFrame
            at="/calibration"
            below={
                <>
                    <Link to="/calibration" className="quiet-link">
                        Sites
                    </Link>{' '}
                    / {asset?.name ?? '…'} <span className="muted">{asset?.code}</span>
                </>
            }
        >
            <WhatItUses assetId={assetId} zone={itsZone} />
            <Counts assetId={assetId} zone={itsZone} />
            <Models assetId={assetId} zone={itsZone} />
            {search.count && <CountBeside id={search.count} zone={itsZone} close={close} />}
        </CalibrationFrame>
    );
}
