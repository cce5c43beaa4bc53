// A new endpoint, or what is changed of one. The secret of a new one is shown once.

import { useRef, useState } from 'react';
import { Modal, MultiSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Endpoint } from '@mobilytics/api';
import { Form, useForm } from '@mobilytics/ui';
import { client } from '../../data/client';
import { NewSecret, kEndpoints } from './webhooks';

const kAll = '*';

export function EndpointForm({ endpoint, close }: { endpoint?: Endpoint; close: () => void }) {
    const queries = useQueryClient();
    const navigate = useNavigate();
    const repeatable = useRef(client.repeatable());
    const [made, setMade] = useState<{ id: string; secret: string }>();
    const types = useQuery({
        queryKey: ['event_types'],
        queryFn: ({ signal }) => client.call('list_event_types', { signal }),
        staleTime: 600_000,
    });
    const form = useForm({
        initial: {
            url: endpoint?.url ?? 'https://',
            description: endpoint?.description ?? '',
            event_types: endpoint?.event_types ?? [kAll],
        },
        check: ({ url, event_types }) => ({
            ...(/^https:\/\/[^/\s]+/.test(url)
                ? {}
                : { url: 'An address that begins with https://, please.' }),
            ...(event_types.length > 0 ? {} : { event_types: 'Choose at least one.' }),
        }),
        send: async body => {
            if (!endpoint) return repeatable.current('create_endpoint', { body });
            await client.call('change_endpoint', { params: { endpoint_id: endpoint.id }, body });
            return undefined;
        },
        done: reply => {
            void queries.invalidateQueries({ queryKey: [kEndpoints] });
            if (reply) setMade({ id: reply.endpoint.id, secret: reply.secret });
            else close();
        },
    });
    if (made) {
        return (
            <NewSecret
                secret={made.secret}
                close={() => {
                    close();
                    void navigate({ to: `/settings/webhooks/${made.id}` });
                }}
            />
        );
    }
    const choices = (types.data?.items ?? []).map(({ name, description }) => ({
        value: name,
        label: `${name}: ${description}`,
    }));
    return (
        <Modal opened onClose={close} title={endpoint ? 'Change the endpoint' : 'Add an endpoint'}>
            <Form form={form} submit={endpoint ? 'Save' : 'Add it'}>
                <TextInput
                    {...form.text('url')}
                    label="Address"
                    description="https, reachable from the Internet."
                    maxLength={500}
                    data-autofocus
                />
                <TextInput
                    {...form.text('description')}
                    label="What it is for"
                    maxLength={200}
                    placeholder="Booking system"
                />
                <MultiSelect
                    {...form.choice('event_types')}
                    value={form.values.event_types}
                    label="Told of"
                    data={[{ value: kAll, label: 'All events' }, ...choices]}
                    searchable
                    hidePickedOptions
                    clearButtonProps={{ 'aria-label': 'None' }}
                />
            </Form>
        </Modal>
    );
}
