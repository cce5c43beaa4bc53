// Whether our staff may look in, and when they did.

import { Button, SegmentedControl } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Company, ConsentMode, Impersonation } from '@mobilytics/api';
import { Panel, RemoteTable, Tag, When, useMay } from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useSaved } from './use_saved';

const kConsents: Record<ConsentMode, string> = {
    not_needed: 'They may look, and you see that they did',
    needed: 'They ask each time',
    refused: 'They may not',
};

const impersonationColumns = (zone: string): RemoteColumn<Impersonation>[] => [
    {
        id: 'begun_at',
        header: 'When',
        cell: row => <When at={row.begun_at} zone={zone} />,
        text: row => row.begun_at,
    },
    { id: 'staff', header: 'Who', cell: row => row.staff_name, text: row => row.staff_name },
    { id: 'person', header: 'As', cell: row => row.person_name, text: row => row.person_name },
    {
        id: 'reason',
        header: 'Why',
        cell: row => (
            <span title={row.reason}>
                {row.reason} <span className="muted">{row.ticket}</span>
            </span>
        ),
        text: row => `${row.reason} (${row.ticket})`,
    },
    {
        id: 'may_write',
        header: 'Could',
        optional: true,
        cell: row => (row.may_write ? 'change things' : 'read only'),
        text: row => row.may_write,
    },
    {
        id: 'state',
        header: 'State',
        cell: row =>
            row.state === 'running' ? (
                <Tag kind="warn">Looking now</Tag>
            ) : row.state === 'waiting' ? (
                <Tag kind="waiting">Asks you</Tag>
            ) : (
                <Tag kind="idle">Over</Tag>
            ),
        text: row => row.state,
    },
];

function Consent({ impersonation }: { impersonation: Impersonation }) {
    const queries = useQueryClient();
    const may = useMay('answer_impersonation');
    const answering = useMutation({
        mutationFn: (allowed: boolean) =>
            client.call('answer_impersonation', {
                params: { impersonation_id: impersonation.id },
                body: { allowed },
            }),
        onSuccess: () => void queries.invalidateQueries({ queryKey: ['impersonations'] }),
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    if (impersonation.state !== 'waiting' || !may) return null;
    return (
        <span className="row-actions">
            <Button size="compact-xs" onClick={() => answering.mutate(true)}>
                Allow
            </Button>
            <Button size="compact-xs" variant="default" onClick={() => answering.mutate(false)}>
                Refuse
            </Button>
        </span>
    );
}

export function OurStaff({ company }: { company: Company }) {
    const saved = useSaved();
    const mayChange = useMay('change_company');
    const maySee = useMay('list_impersonations');
    const changing = useMutation({
        mutationFn: (mode: ConsentMode) =>
            client.call('change_company', { body: { impersonation_consent: mode } }),
        onSuccess: saved,
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    return (
        <Panel
            title="When our staff look in"
            about="To help, they can see what one of you sees: with a reason, for an hour at most, reading only"
        >
            <SegmentedControl
                aria-label="Whether our staff may look in"
                size="xs"
                className="wrapping-control"
                value={changing.isPending ? changing.variables : company.impersonation_consent}
                disabled={!mayChange}
                onChange={value => changing.mutate(value as ConsentMode)}
                data={Object.entries(kConsents).map(([value, label]) => ({ value, label }))}
            />
            {maySee && (
                <div style={{ marginTop: 14 }}>
                    <RemoteTable<Impersonation>
                        name="impersonations"
                        caption="When they looked in"
                        queryKey={['impersonations']}
                        load={client.page('list_impersonations')}
                        columns={impersonationColumns(company.time_zone)}
                        rowKey={row => row.id}
                        rowLabel={row => `${row.staff_name}, ${row.ticket}`}
                        actions={row => <Consent impersonation={row} />}
                        pageSize={10}
                        refreshMs={15_000}
                        empty={{
                            title: 'Nobody of our staff has looked in',
                            text: 'When somebody does, it stands here and in the audit, with the reason.',
                        }}
                    />
                </div>
            )}
        </Panel>
    );
}
