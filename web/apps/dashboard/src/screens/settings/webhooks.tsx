// Endpoints: which of the company's own servers are told what happened.

import { useState } from 'react';
import { Button, Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Endpoint } from '@mobilytics/api';
import {
    count,
    EndpointTag,
    eventsText,
    RemoteTable,
    Secret,
    useMay,
    useSession,
    waitingText,
    When,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { client } from '../../data/client';
import { EndpointForm } from './webhook_form';

export const kEndpoints = 'endpoints';

const columnsOf = (zone: string): RemoteColumn<Endpoint>[] => [
    {
        id: 'url',
        header: 'Sent to',
        cell: row => (
            <>
                <span className="row-name">{row.url.replace(/^https:\/\//, '')}</span>
                {row.description && <span className="row-under">{row.description}</span>}
            </>
        ),
        text: row => row.url,
    },
    {
        id: 'state',
        header: 'State',
        cell: row => <EndpointTag endpoint={row} />,
        text: row => row.state,
    },
    {
        id: 'events',
        header: 'Told of',
        cell: row => <span title={row.event_types.join(', ')}>{eventsText(row.event_types)}</span>,
        text: row => row.event_types.join(' '),
    },
    {
        id: 'delivered',
        header: 'Delivered in 24 h',
        number: true,
        cell: row => count(row.delivered_day),
        text: row => row.delivered_day,
    },
    {
        id: 'failed',
        header: 'Failed in 24 h',
        number: true,
        cell: row => count(row.failed_day),
        text: row => row.failed_day,
    },
    { id: 'waiting', header: 'Waiting', cell: waitingText, text: row => row.waiting },
    {
        id: 'created',
        header: 'Since',
        optional: true,
        cell: row => <When at={row.created_at} zone={zone} />,
        text: row => row.created_at,
    },
];

export function NewSecret({ secret, close }: { secret: string; close: () => void }) {
    return (
        <Modal opened onClose={close} title="The signing secret" closeOnClickOutside={false}>
            <div className="form">
                <p className="page-about">
                    Give it to your receiver: the libraries of Standard Webhooks take it as it is.
                    It is shown only now.
                </p>
                <Secret label="Signing secret" value={secret} />
                <Button size="xs" onClick={close} justify="center">
                    I have kept it
                </Button>
            </div>
        </Modal>
    );
}

export function Webhooks() {
    const { company } = useSession();
    const navigate = useNavigate();
    const mayCreate = useMay('create_endpoint');
    const [creating, setCreating] = useState(false);
    const create = mayCreate && (
        <Button size="xs" onClick={() => setCreating(true)}>
            Add an endpoint
        </Button>
    );
    return (
        <div className="page">
            <p className="page-about">
                Your own servers are told what happens here as it happens: signed by Standard
                Webhooks, tried again for three days when they do not answer.
            </p>
            <RemoteTable<Endpoint>
                name="webhooks"
                caption="Endpoints"
                queryKey={[kEndpoints]}
                load={client.page('list_endpoints')}
                columns={columnsOf(company.time_zone)}
                rowKey={row => row.id}
                rowLabel={row => row.url}
                open={row => void navigate({ to: `/settings/webhooks/${row.id}` })}
                refreshMs={20_000}
                create={create}
                empty={{
                    title: 'No endpoint yet',
                    text: 'Give the https address of a program of yours. You can send it a test at once.',
                    action: create,
                }}
            />
            {creating && <EndpointForm close={() => setCreating(false)} />}
        </div>
    );
}
