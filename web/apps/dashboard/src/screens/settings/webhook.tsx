// One endpoint: how it does, what was sent to it, and what can be done about it.

import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { Attempt } from '@mobilytics/api';
import {
    AttemptBeside,
    AttemptTable,
    ConfirmDialog,
    count,
    EndpointFacts,
    Lines,
    Panel,
    Trouble,
    useMay,
    useSession,
} from '@mobilytics/ui';
import { client } from '../../data/client';
import { EndpointForm } from './webhook_form';
import { NewSecret, kEndpoints } from './webhooks';

const kRefreshMs = 4000;

/** The same message once more, whatever became of it. */
function Replay({ attempt, done }: { attempt: Attempt; done: () => void }) {
    const queries = useQueryClient();
    const mayReplay = useMay('replay_attempt');
    const replay = useMutation({
        mutationFn: () => client.call('replay_attempt', { params: { attempt_id: attempt.id } }),
        onSuccess: () => {
            notifications.show({ message: 'The same message is on its way again.' });
            void queries.invalidateQueries({ queryKey: ['attempts'] });
            done();
        },
    });
    return (
        <>
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
        </>
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
                <EndpointFacts endpoint={endpoint} zone={zone} />
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
            <AttemptTable
                name="webhook-attempts"
                endpoint={endpoint}
                zone={zone}
                load={client.page('list_attempts', params)}
                open={setOpen}
                openKey={open?.id}
                refreshMs={kRefreshMs}
                empty="Send a test to see that it arrives and that your receiver verifies it."
            />
            {open && (
                <AttemptBeside attempt={open} zone={zone} close={() => setOpen(undefined)}>
                    <Replay attempt={open} done={() => setOpen(undefined)} />
                </AttemptBeside>
            )}
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
