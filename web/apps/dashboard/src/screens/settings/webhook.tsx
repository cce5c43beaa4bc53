// One endpoint: how it does, what was sent to it, and what can be done about it.

import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { Attempt } from '@mobilytics/api';
import {
    Beside,
    ConfirmDialog,
    count,
    EndpointTag,
    eventsText,
    Facts,
    kEndpointStates,
    Lines,
    OutcomeTag,
    Panel,
    prettyJson,
    RemoteTable,
    Trouble,
    useMay,
    useSession,
    waitingText,
    When,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { client } from '../../data/client';
import { EndpointForm } from './webhook_form';
import { NewSecret, kEndpoints } from './webhooks';

const kRefreshMs = 4000;

const columnsOf = (zone: string): RemoteColumn<Attempt>[] => [
    {
        id: 'begun_at',
        header: 'When',
        cell: row => <When at={row.begun_at} zone={zone} relative />,
        text: row => row.begun_at,
    },
    { id: 'event', header: 'Event', cell: row => row.event_type, text: row => row.event_type },
    {
        id: 'outcome',
        header: 'Outcome',
        cell: row => <OutcomeTag attempt={row} />,
        text: row => row.outcome,
    },
    { id: 'number', header: 'Try', number: true, cell: row => row.number, text: row => row.number },
    {
        id: 'took_ms',
        header: 'Took',
        number: true,
        cell: row => `${count(row.took_ms)} ms`,
        text: row => row.took_ms,
    },
    {
        id: 'next_at',
        header: 'Again',
        cell: row => <When at={row.next_at} zone={zone} relative />,
        text: row => row.next_at,
    },
    {
        id: 'message_id',
        header: 'Message',
        optional: true,
        cell: row => <span className="code">{row.message_id}</span>,
        text: row => row.message_id,
    },
];

function AttemptBeside({ attempt, close }: { attempt: Attempt; close: () => void }) {
    const { company } = useSession();
    const queries = useQueryClient();
    const mayReplay = useMay('replay_attempt');
    const replay = useMutation({
        mutationFn: () => client.call('replay_attempt', { params: { attempt_id: attempt.id } }),
        onSuccess: () => {
            notifications.show({ message: 'The same message is on its way again.' });
            void queries.invalidateQueries({ queryKey: ['attempts'] });
            close();
        },
    });
    return (
        <Beside title={attempt.event_type} close={close}>
            <Facts
                facts={[
                    ['Outcome', <OutcomeTag attempt={attempt} />],
                    ['Sent', <When at={attempt.begun_at} zone={company.time_zone} />],
                    ['Took', `${count(attempt.took_ms)} ms`],
                    ['Try', String(attempt.number)],
                    ['Again', <When at={attempt.next_at} zone={company.time_zone} nothing="no" />],
                    ['webhook-id', <span className="code">{attempt.message_id}</span>],
                ]}
            />
            {attempt.detail && (
                <div className="drawer-part">
                    <h3>{attempt.outcome === 'delivered' ? 'It answered' : 'What went wrong'}</h3>
                    <pre className="json">{prettyJson(attempt.detail)}</pre>
                </div>
            )}
            {attempt.body && (
                <div className="drawer-part">
                    <h3>What was sent</h3>
                    <pre className="json">{prettyJson(attempt.body)}</pre>
                </div>
            )}
            <div className="drawer-part">
                {replay.error && (
                    <p className="form-trouble" role="alert">
                        {replay.error.message}
                    </p>
                )}
                <Button
                    size="xs"
                    variant="default"
                    disabled={!mayReplay}
                    loading={replay.isPending}
                    onClick={() => replay.mutate()}
                >
                    Send it again
                </Button>
            </div>
        </Beside>
    );
}

export function Webhook() {
    const { endpointId = '' } = useParams({ strict: false }) as { endpointId?: string };
    const { company } = useSession();
    const zone = company.time_zone;
    const navigate = useNavigate();
    const queries = useQueryClient();
    const mayChange = useMay('change_endpoint');
    const [doing, setDoing] = useState<'edit' | 'rotate' | 'delete' | 'off'>();
    const [secret, setSecret] = useState<string>();
    const [open, setOpen] = useState<Attempt>();
    const params = { endpoint_id: endpointId };
    const found = useQuery({
        queryKey: [kEndpoints, endpointId],
        queryFn: ({ signal }) => client.call('find_endpoint', { params, signal }),
        refetchInterval: kRefreshMs,
    });
    const changed = () => {
        void queries.invalidateQueries({ queryKey: [kEndpoints] });
        void queries.invalidateQueries({ queryKey: ['attempts', endpointId] });
    };
    const test = useMutation({
        mutationFn: () => client.call('send_test', { params }),
        onSuccess: () => {
            notifications.show({ message: 'A test is on its way. It appears below.' });
            changed();
        },
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    const enable = (enabled: boolean) =>
        client.call('change_endpoint', { params, body: { enabled } }).then(changed);
    const turning = useMutation({ mutationFn: () => enable(true) });
    if (found.error && !found.data) {
        return (
            <div className="page">
                <Trouble
                    error={found.error}
                    what="The endpoint"
                    retry={() => void found.refetch()}
                />
            </div>
        );
    }
    if (!found.data) {
        return (
            <div className="page">
                <Lines count={6} />
            </div>
        );
    }
    const endpoint = found.data;
    const on = endpoint.state === 'enabled';
    return (
        <div className="page">
            <Panel
                title={endpoint.url}
                about={endpoint.description}
                actions={
                    <Group gap={6} mr={6}>
                        <Button
                            size="xs"
                            disabled={!mayChange || !on}
                            loading={test.isPending}
                            onClick={() => test.mutate()}
                        >
                            Send a test
                        </Button>
                        {!on && (
                            <Button
                                size="xs"
                                disabled={!mayChange}
                                loading={turning.isPending}
                                onClick={() => turning.mutate()}
                            >
                                Switch it on
                            </Button>
                        )}
                    </Group>
                }
            >
                <Facts
                    facts={[
                        ['State', <EndpointTag endpoint={endpoint} />],
                        !on && ['Which means', kEndpointStates[endpoint.state].means],
                        [
                            'Told of',
                            <span title={endpoint.event_types.join(', ')}>
                                {eventsText(endpoint.event_types)}
                            </span>,
                        ],
                        [
                            'In 24 hours',
                            `${count(endpoint.delivered_day)} delivered, ${count(endpoint.failed_day)} failed`,
                        ],
                        ['Waiting', waitingText(endpoint)],
                        [
                            'Secret',
                            endpoint.secret_rotated_at ? (
                                <>
                                    changed{' '}
                                    <When at={endpoint.secret_rotated_at} zone={zone} relative />
                                </>
                            ) : (
                                'as it was made'
                            ),
                        ],
                    ]}
                />
                {mayChange && (
                    <Group gap={6} mt={14}>
                        <Button size="xs" variant="default" onClick={() => setDoing('edit')}>
                            Change
                        </Button>
                        <Button size="xs" variant="default" onClick={() => setDoing('rotate')}>
                            New secret
                        </Button>
                        {on && (
                            <Button size="xs" variant="default" onClick={() => setDoing('off')}>
                                Switch it off
                            </Button>
                        )}
                        <Button
                            size="xs"
                            variant="default"
                            c="var(--bad)"
                            onClick={() => setDoing('delete')}
                        >
                            Remove
                        </Button>
                    </Group>
                )}
            </Panel>
            <section aria-label="Attempts">
                <RemoteTable<Attempt>
                    name="webhook-attempts"
                    caption="Attempts"
                    queryKey={['attempts', endpointId]}
                    load={client.page('list_attempts', params)}
                    columns={columnsOf(zone)}
                    filters={[
                        {
                            name: 'failed',
                            label: 'Outcome',
                            kind: 'choice',
                            choices: [
                                { value: 'true', label: 'Failed' },
                                { value: 'false', label: 'All' },
                            ],
                        },
                    ]}
                    rowKey={row => row.id}
                    rowLabel={row => `${row.event_type}, try ${row.number}`}
                    open={setOpen}
                    openKey={open?.id}
                    refreshMs={kRefreshMs}
                    empty={{
                        title: 'Nothing was sent yet',
                        text: 'Send a test to see that it arrives and that your receiver verifies it.',
                    }}
                />
            </section>
            {open && <AttemptBeside attempt={open} close={() => setOpen(undefined)} />}
            {doing === 'edit' && (
                <EndpointForm endpoint={endpoint} close={() => setDoing(undefined)} />
            )}
            {doing === 'rotate' && (
                <ConfirmDialog
                    title="Make a new signing secret?"
                    means={[
                        'It is shown once.',
                        'For 24 hours messages are signed with the old one too: change your receiver within.',
                    ]}
                    confirm="Make it"
                    harmless
                    run={async () => {
                        const reply = await client.call('rotate_secret', { params });
                        setSecret(reply.secret);
                        changed();
                    }}
                    close={() => setDoing(undefined)}
                />
            )}
            {doing === 'off' && (
                <ConfirmDialog
                    title="Switch it off?"
                    means={[
                        `${endpoint.url} is told nothing more.`,
                        'What happens meanwhile waits, and is sent when it is on again.',
                    ]}
                    confirm="Switch it off"
                    run={() => enable(false)}
                    close={() => setDoing(undefined)}
                />
            )}
            {doing === 'delete' && (
                <ConfirmDialog
                    title="Remove this endpoint?"
                    means={[
                        `${endpoint.url} is told nothing more.`,
                        endpoint.waiting > 0 &&
                            `${count(endpoint.waiting)} messages that wait for it are gone.`,
                        'Its log of attempts is gone. It cannot be undone.',
                    ]}
                    confirm="Remove it"
                    run={async () => {
                        await client.call('delete_endpoint', { params });
                        changed();
                        void navigate({ to: '/settings/webhooks' });
                    }}
                    done="The endpoint is removed."
                    close={() => setDoing(undefined)}
                />
            )}
            {secret && <NewSecret secret={secret} close={() => setSecret(undefined)} />}
        </div>
    );
}
