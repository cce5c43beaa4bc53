// Every factor that there is: of what, by which counting, since when. From here one is fitted, and
// held beside what is published.

import { useMemo, useState } from 'react';
import { Button, Select, Switch, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { CountingModelUse, Model, ModelState, Scope } from '@mobilytics/api';
import { Lines, Message, Panel, Tag, Trouble, When, sentence, useMay } from '@mobilytics/ui';
import { factorsSearch, kModelStates, kScopes } from '../calibration/search';
import type { FactorsSearch } from '../calibration/search';
import { kScopeWords, ofText, ratioPercent } from '../calibration/words';
import { client } from '../data/client';
import {
    calibrationSettingsQuery,
    classesQuery,
    countingModelsQuery,
    modelQuery,
    modelsQuery,
} from '../data/calibration_queries';
import { assetsQuery } from '../data/queries';
import { factorText, kModelStateWords, kQualities } from '../figures/calibrations';
import { useChangeSearch, useView } from '../shell/view';
import { FitForm } from './calibration_fit';
import { CalibrationFrame, Stale } from './calibration_frame';
import { ModelDetail } from './calibration_model';
import { DataTable } from './data_table';
import type { TableColumn } from './data_table';

export function StateTag({ model: { state, quality } }: { model: Model }) {
    if (state !== 'published') return <Tag kind="idle">{kModelStateWords[state]}</Tag>;
    const { kind, label } = kQualities[quality];
    return <Tag kind={kind}>{`Published, ${label.toLowerCase()}`}</Tag>;
}

function Settings() {
    const change = useQueryClient();
    const may = useMay('change_calibration_settings');
    const asked = useQuery(calibrationSettingsQuery);
    const set = useMutation({
        mutationFn: (second_person: boolean) =>
            client.call('change_calibration_settings', { body: { second_person } }),
        onSuccess: now => change.setQueryData(calibrationSettingsQuery.queryKey, now),
    });
    if (asked.error && !asked.data) {
        return (
            <Trouble error={asked.error} what="The setting" retry={() => void asked.refetch()} />
        );
    }
    if (!asked.data) return <Lines count={1} />;
    return (
        <>
            <Switch
                label="A second person publishes"
                description="Whoever fitted a factor does not publish it."
                checked={asked.data.second_person}
                disabled={!may || set.isPending}
                onChange={event => set.mutate(event.currentTarget.checked)}
            />
            {set.error && (
                <Text size="sm" c="var(--bad)" role="alert">
                    {sentence(set.error.message)}
                </Text>
            )}
        </>
    );
}

const sameCounting = (of: Model, counting: CountingModelUse) =>
    of.counted_by.name === counting.name &&
    of.counted_by.version === counting.version &&
    of.counted_by.rules_hash === counting.rules_hash;

/** Which counting made the facts, and which factors were fitted to what it made. */
function CountingModels({ models }: { models: Model[] | undefined }) {
    const asked = useQuery(countingModelsQuery);
    if (asked.error && !asked.data) {
        return (
            <Trouble error={asked.error} what="The versions" retry={() => void asked.refetch()} />
        );
    }
    if (!asked.data) return <Lines count={2} />;
    return (
        <ul className="plain-list counted-list" data-testid="counting">
            {asked.data.map(each => {
                const published = (models ?? []).filter(
                    model => model.state === 'published' && sameCounting(model, each),
                ).length;
                return (
                    <li key={`${each.name} ${each.version} ${each.rules_hash}`}>
                        <div>
                            <b>
                                {each.name} {each.version}
                            </b>{' '}
                            <span className="muted">
                                Constants <code>{each.rules_hash}</code>.{' '}
                                {each.models === 1
                                    ? '1 factor rests'
                                    : `${each.models} factors rest`}{' '}
                                on it
                                {models && `, ${published} of them published`}.
                                {!each.in_use &&
                                    published > 0 &&
                                    ' Numbers of today are counted otherwise than what these were fitted to: fit again, and hold both beside each other.'}
                            </span>
                        </div>
                        {each.in_use ? (
                            <Tag kind="good">Makes the facts of today</Tag>
                        ) : (
                            <Tag kind={published > 0 ? 'warn' : 'idle'}>Made those of before</Tag>
                        )}
                    </li>
                );
            })}
        </ul>
    );
}

export function CalibrationFactors() {
    const { zone } = useView();
    const navigate = useNavigate();
    const search = factorsSearch(useSearch({ strict: false }));
    const change = useChangeSearch<FactorsSearch>();
    const may = useMay('fit_model');
    const models = useQuery(modelsQuery({}));
    const assets = useQuery(assetsQuery);
    const classes = useQuery(classesQuery);
    const [fitting, setFitting] = useState(false);
    const rows = useMemo(
        () =>
            models.data?.filter(
                ({ scope, state }) =>
                    (!search.scope || scope === search.scope) &&
                    (!search.state || state === search.state),
            ),
        [models.data, search.scope, search.state],
    );
    const columns = useMemo<TableColumn<Model>[]>(
        () => [
            {
                id: 'of',
                header: 'Of',
                accessorFn: model => ofText(model, assets.data, classes.data),
                sortFn: 'text',
                cell: ({ row: { original: model } }) => (
                    <Link
                        to="/calibration/factors/$modelId"
                        params={{ modelId: model.id }}
                        className="row-link strong"
                    >
                        <span>{ofText(model, assets.data, classes.data)}</span>
                        <span className="muted">version {model.version}</span>
                    </Link>
                ),
            },
            {
                id: 'state',
                header: 'State',
                accessorFn: model => model.state,
                sortFn: 'text',
                cell: ({ row: { original: model } }) => <StateTag model={model} />,
            },
            {
                id: 'factor',
                header: 'People a device',
                accessorFn: model => model.factor,
                sortFn: 'basic',
                cell: ({ row: { original: model } }) => factorText(model),
            },
            {
                id: 'error',
                header: 'Off, other days',
                accessorFn: model => (model.days > 1 ? model.error : undefined),
                sortFn: 'basic',
                sortUndefined: 'last',
                cell: ({ row: { original: model } }) =>
                    model.days > 1 ? ratioPercent(model.error) : 'not known',
            },
            {
                id: 'quarters',
                header: 'Quarters, days',
                accessorFn: model => model.quarters,
                sortFn: 'basic',
                cell: ({ row: { original: model } }) => `${model.quarters}, ${model.days}`,
            },
            {
                id: 'counting',
                header: 'Counting',
                accessorFn: model => `${model.counted_by.name} ${model.counted_by.version}`,
                sortFn: 'text',
            },
            {
                id: 'from',
                header: 'Applies from',
                accessorFn: model => model.valid_from ?? '',
                sortFn: 'text',
                cell: ({ row: { original: model } }) => (
                    <When at={model.valid_from} zone={zone} nothing="not yet" />
                ),
            },
            {
                id: 'fitted',
                header: 'Fitted',
                accessorFn: model => model.fitted_at,
                sortFn: 'text',
                cell: ({ row: { original: model } }) => <When at={model.fitted_at} zone={zone} />,
            },
        ],
        [assets.data, classes.data, zone],
    );
    const fit = may && (
        <Button size="xs" onClick={() => setFitting(true)}>
            Fit a factor
        </Button>
    );
    return (
        <CalibrationFrame at="/calibration/factors">
            <Panel
                testId="panel-factors"
                title="Factors"
                about="Which factor made which numbers: of one site, of a class of sites, of all. The closest one applies."
                actions={fit}
            >
                <Stale query={models} />
                <div className="panel-controls" style={{ margin: '0 0 10px' }}>
                    <Select
                        size="xs"
                        w={170}
                        aria-label="Of what"
                        placeholder="Of everything"
                        clearable
                        clearButtonProps={{ 'aria-label': 'Of everything' }}
                        data={kScopes.map(value => ({ value, label: kScopeWords[value] }))}
                        value={search.scope ?? null}
                        onChange={value => change({ scope: (value ?? undefined) as Scope })}
                    />
                    <Select
                        size="xs"
                        w={150}
                        aria-label="State"
                        placeholder="All states"
                        clearable
                        clearButtonProps={{ 'aria-label': 'All states' }}
                        data={kModelStates.map(value => ({
                            value,
                            label: kModelStateWords[value],
                        }))}
                        value={search.state ?? null}
                        onChange={value => change({ state: (value ?? undefined) as ModelState })}
                    />
                </div>
                {models.error && !models.data ? (
                    <Trouble
                        error={models.error}
                        what="The factors"
                        retry={() => void models.refetch()}
                    />
                ) : !rows ? (
                    <Lines count={6} height={18} />
                ) : models.data?.length === 0 ? (
                    <Message center title="No factor yet" actions={fit}>
                        Count people at a site first; then a factor of people a device is fitted to
                        that. Until one is published, all numbers are of devices.
                    </Message>
                ) : (
                    <DataTable
                        caption="Factors"
                        rows={rows}
                        columns={columns}
                        nothing="None is of this kind."
                        numbers={['factor', 'error', 'quarters']}
                    />
                )}
            </Panel>
            <Panel
                title="Which counting"
                about="What tells devices apart and makes the facts that factors are fitted to."
            >
                <CountingModels models={models.data} />
            </Panel>
            <Panel title="How factors are published">
                <Settings />
            </Panel>
            {fitting && (
                <FitForm
                    {...(search.scope ? { initial: { scope: search.scope } } : {})}
                    close={() => setFitting(false)}
                    done={({ id }) =>
                        void navigate({
                            to: '/calibration/factors/$modelId',
                            params: { modelId: id },
                        })
                    }
                />
            )}
        </CalibrationFrame>
    );
}

/** One of them, of whatever it is. */
export function CalibrationFactor() {
    const { modelId } = useParams({ strict: false }) as { modelId: string };
    const { zone } = useView();
    const model = useQuery(modelQuery(modelId));
    const assets = useQuery(assetsQuery);
    const classes = useQuery(classesQuery);
    const asset = assets.data?.find(({ id }) => id === model.data?.asset_id);
    const name = model.data ? ofText(model.data, assets.data, classes.data) : '…';
    return (
        <CalibrationFrame
            at="/calibration/factors"
            below={
                <>
                    <Link to="/calibration/factors" className="quiet-link">
                        Factors
                    </Link>{' '}
                    /{' '}
                    {asset ? (
                        <Link
                            to="/calibration/$assetId"
                            params={{ assetId: asset.id }}
                            className="quiet-link"
                        >
                            {name}
                        </Link>
                    ) : (
                        name
                    )}{' '}
                    / {model.data ? `version ${model.data.version}` : '…'}
                </>
            }
        >
            <Panel
                title={name}
                about={model.data && `A factor of ${kScopeWords[model.data.scope].toLowerCase()}`}
            >
                <ModelDetail key={modelId} modelId={modelId} zone={asset?.time_zone ?? zone} />
            </Panel>
        </CalibrationFrame>
    );
}
