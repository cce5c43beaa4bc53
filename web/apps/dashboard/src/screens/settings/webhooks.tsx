// Endpoints: which of the company's own servers are told what happened.

import { useState } from 'react';
import { Button, Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Endpoint } from '@mobilytics/api';
import { RemoteTable, Secret, endpointColumns, useMay, useSession } from '@mobilytics/ui';
import { client } from '../../data/client';
import { EndpointForm } from './webhook_form';

export const kEndpoints = 'endpoints';

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
                columns={endpointColumns(company.time_zone)}
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
