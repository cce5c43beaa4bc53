// Where people were counted, what it made of devices, and how well that holds.

import { useMemo } from 'react';
import { Button, Switch, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Site } from '@mobilytics/api';
import {
    Lines,
    Message,
    Panel,
    Tag,
    Trouble,
    When,
    kNothing,
    percent,
    sentence,
    useMay,
} from '@mobilytics/ui';
import { client } from '../data/client';
import { factorText, kQualities, kScopes } from '../figures/calibrations';
import { useView } from '../shell/view';
import { DataTable } from './data_table';
import type { TableColumn } from './data_table';

export const kCalibration = 'calibration';

function Settings() {
    const change = useQueryClient();
    const may = useMay('change_calibration_settings');
    const key = [kCalibration, 'settings'];
    const asked = useQuery({
        queryKey: key,
        queryFn: ({ signal }) => client.call('find_calibration_settings', { signal }),
    });
    const set = useMutation({
        mutationFn: (second_person: boolean) =>
            client.call('change_calibration_settings', { body: { second_person } }),
        onSuccess: now => change.setQueryData(key, now),
    });
    if (!asked.data) return null;
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

/** Which counting the facts are made by. */
function CountingModels() {
    const asked = useQuery({
        queryKey: [kCalibration, 'counting'],
        queryFn: ({ signal }) => client.call('list_counting_models', { signal }),
    });
    if (asked.error) {
        return (
            <Trouble error={asked.error} what="The versions" retry={() => void asked.refetch()} />
        );
    }
    if (!asked.data) return <Lines count={2} />;
    return (
        <ul>
            {asked.data.items.map(each => (
                <li key={`${each.name} ${each.version} ${each.rules_hash}`}>
                    {each.name} {each.version}, constants <code>{each.rules_hash}</code>
                    {each.in_use ? ', makes the facts of today' : ''};{' '}
                    {each.models === 1 ? '1 factor rests' : `${each.models} factors rest`} on it
                </li>
            ))}
        </ul>
    );
}

export function Calibration() {
    const { zone } = useView();
    const sites = useQuery({
        queryKey: [kCalibration, 'sites'],
        queryFn: ({ signal }) => client.all('list_sites', signal),
        staleTime: 10_000,
    });
    const columns = useMemo<TableColumn<Site>[]>(
        () => [
            {
                id: 'name',
                header: 'Site',
                accessorFn: site => site.name,
                sortFn: 'text',
                cell: ({ row: { original: site } }) => (
                    <Link
                        to="/calibration/$assetId"
                        params={{ assetId: site.asset_id }}
                        className="row-link strong"
                    >
                        <span>{site.name}</span>
                        <span className="muted">{site.code}</span>
                    </Link>
                ),
            },
            {
                id: 'state',
                header: 'State',
                accessorFn: site => site.model?.quality ?? '',
                sortFn: 'text',
                cell: ({ row: { original: site } }) => {
                    if (site.counting_id) return <Tag kind="info">Being counted</Tag>;
                    if (!site.model) return <Tag kind="idle">Counts devices</Tag>;
                    const { kind, label } = kQualities[site.model.quality];
                    return <Tag kind={kind}>{label}</Tag>;
                },
            },
            {
                id: 'factor',
                header: 'People a device',
                accessorFn: site => site.model?.factor,
                sortFn: 'basic',
                sortUndefined: 'last',
                cell: ({ row: { original: site } }) =>
                    site.model ? factorText(site.model) : kNothing,
            },
            {
                id: 'of',
                header: 'By',
                accessorFn: site => (site.model ? kScopes[site.model.scope] : kNothing),
                sortFn: 'text',
            },
            {
                id: 'age',
                header: 'Age, days',
                accessorFn: site => site.model?.age_days,
                sortFn: 'basic',
                sortUndefined: 'last',
            },
            {
                id: 'error',
                header: 'Off, other days',
                accessorFn: site => site.model?.error,
                sortFn: 'basic',
                sortUndefined: 'last',
                cell: ({ row: { original: site } }) =>
                    site.model ? `${percent(site.model.error)} %` : kNothing,
            },
            {
                id: 'counted',
                header: 'Counted',
                accessorFn: site => site.last_counted_at ?? '',
                sortFn: 'text',
                cell: ({ row: { original: site } }) => (
                    <When at={site.last_counted_at} zone={zone} relative nothing="never" />
                ),
            },
        ],
        [zone],
    );
    const drifting = sites.data?.filter(site => site.model?.quality === 'drifting') ?? [];
    return (
        <div className="page">
            <Panel
                title="From devices to people"
                about="People are counted by hand beside a sensor; a factor is fitted to that. Where none is published, numbers are of devices, and say so."
                actions={
                    <Button component="a" href="/count" size="xs">
                        Count people
                    </Button>
                }
            >
                {drifting.length > 0 && (
                    <Message role="alert" title="People counted later no longer fit">
                        {drifting.map(site => site.name).join(', ')}: count again, and fit a new
                        factor.
                    </Message>
                )}
                {sites.error && !sites.data ? (
                    <Trouble
                        error={sites.error}
                        what="The sites"
                        retry={() => void sites.refetch()}
                    />
                ) : !sites.data ? (
                    <Lines count={8} height={18} />
                ) : sites.data.length === 0 ? (
                    <Message center title="No asset yet">
                        Connect a sensor first; then people can be counted beside it.
                    </Message>
                ) : (
                    <DataTable
                        caption="Sites and what they are calibrated by"
                        rows={sites.data}
                        columns={columns}
                        nothing="No site."
                        numbers={['factor', 'age', 'error']}
                    />
                )}
            </Panel>
            <Panel title="How models are published">
                <Settings />
            </Panel>
            <Panel title="Which counting" about="What made the facts that factors are fitted to.">
                <CountingModels />
            </Panel>
        </div>
    );
}
