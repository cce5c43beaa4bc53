// Where people were counted, what it made of devices, and how well that holds.

import { useMemo } from 'react';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Site } from '@mobilytics/api';
import { Lines, Message, Panel, Tag, Trouble, When, kNothing } from '@mobilytics/ui';
import { ratioPercent } from '../calibration/words';
import { sitesQuery } from '../data/calibration_queries';
import { factorText, kQualities, kScopes } from '../figures/calibrations';
import { useView } from '../shell/view';
import { CalibrationFrame, Stale } from './calibration_frame';
import { DataTable } from './data_table';
import type { TableColumn } from './data_table';

export function Calibration() {
    const { zone } = useView();
    const sites = useQuery(sitesQuery);
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
                id: 'class',
                header: 'Class',
                accessorFn: site => site.class_name ?? '',
                sortFn: 'text',
                cell: ({ row: { original: site } }) => site.class_name ?? kNothing,
            },
            {
                id: 'factor',
                header: 'People a device',
                accessorFn: site => site.model?.factor,
                sortFn: 'basic',
                sortUndefined: 'last',
                cell: ({ row: { original: site } }) =>
                    site.model ? (
                        <Link
                            to="/calibration/factors/$modelId"
                            params={{ modelId: site.model.id }}
                            className="quiet-link"
                        >
                            {factorText(site.model)}
                        </Link>
                    ) : (
                        kNothing
                    ),
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
                cell: ({ row: { original: site } }) => site.model?.age_days ?? kNothing,
            },
            {
                id: 'error',
                header: 'Off, other days',
                accessorFn: site => site.model?.error,
                sortFn: 'basic',
                sortUndefined: 'last',
                cell: ({ row: { original: site } }) =>
                    site.model ? ratioPercent(site.model.error) : kNothing,
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
        <CalibrationFrame at="/calibration">
            <Panel
                title="From devices to people"
                about="People are counted by hand beside a sensor; a factor is fitted to that. Where none is published, numbers are of devices, and say so."
                actions={
                    <Button component="a" href="/count" size="xs">
                        Count people
                    </Button>
                }
            >
                <Stale query={sites} />
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
        </CalibrationFrame>
    );
}
