// Who one is, for others; and the companies one belongs to.

import { useState } from 'react';
import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import type { Profile as ProfileData } from '@mobilytics/api';
import {
    ConfirmDialog,
    Facts,
    Form,
    Lines,
    Panel,
    Trouble,
    When,
    kRoles,
    sessionQuery,
    useForm,
    useSession,
} from '@mobilytics/ui';
import { profileQuery } from '../../data/queries';
import { useBelow, useSwitch } from '../../shell/who';
import { Email } from './email';

function NameForm({ profile }: { profile: ProfileData }) {
    const queries = useQueryClient();
    const form = useForm({
        initial: { name: profile.name },
        check: ({ name }) => ({ ...(name.trim() ? {} : { name: 'Others see you by it.' }) }),
        send: ({ name }) => client.call('change_profile', { body: { name: name.trim() } }),
        done: reply => {
            queries.setQueryData(profileQuery.queryKey, reply);
            void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
            notifications.show({ message: 'Saved.' });
        },
    });
    return (
        <Form form={form} submit="Save" disabled={form.values.name === profile.name}>
            <TextInput
                {...form.text('name')}
                label="Name"
                autoComplete="name"
                maxLength={200}
                maw={340}
            />
        </Form>
    );
}

export function Profile() {
    const session = useSession();
    const queries = useQueryClient();
    const navigate = useNavigate();
    const profile = useQuery(profileQuery);
    const [leaving, setLeaving] = useState(false);
    const switching = useSwitch();
    const below = useBelow();
    const zone = session.company.time_zone;
    if (profile.error && !profile.data) {
        return (
            <div className="page narrow">
                <Trouble error={profile.error} retry={() => void profile.refetch()} />
            </div>
        );
    }
    return (
        <div className="page narrow">
            <Panel title="You">
                {profile.data ? <NameForm profile={profile.data} /> : <Lines count={3} />}
            </Panel>
            {profile.data && !session.impersonation && <Email profile={profile.data} />}
            <Panel title="Here">
                <Facts
                    facts={[
                        ['Company', session.company.name],
                        [
                            'Role',
                            <>
                                {kRoles[session.user.role].word}
                                <span className="muted"> {kRoles[session.user.role].means}</span>
                            </>,
                        ],
                        profile.data !== undefined && [
                            'Since',
                            <When at={profile.data.added_at} zone={zone} />,
                        ],
                    ]}
                />
            </Panel>
            {session.companies.length > 0 && (
                <Panel
                    title="Companies"
                    about="Those that you belong to, and those below that let you look"
                >
                    <ul className="plain-list">
                        {session.companies.map(each => (
                            <li key={each.company_id}>
                                <div>
                                    <b>{each.company_name}</b>
                                    <span className="muted">{kRoles[each.role].word}</span>
                                </div>
                                {each.company_id !== session.company.id && (
                                    <Button
                                        size="compact-xs"
                                        variant="default"
                                        loading={
                                            switching.isPending &&
                                            switching.variables === each.company_id
                                        }
                                        aria-label={`Go there: ${each.company_name}`}
                                        onClick={() => switching.mutate(each.company_id)}
                                    >
                                        Go there
                                    </Button>
                                )}
                                {each.company_id === session.company.id && (
                                    <Button
                                        size="compact-xs"
                                        variant="default"
                                        onClick={() => setLeaving(true)}
                                    >
                                        Leave it
                                    </Button>
                                )}
                            </li>
                        ))}
                        {below.map(({ id, name, about }) => (
                            <li key={id}>
                                <div>
                                    <b>{name}</b>
                                    <span className="muted">Below yours. {about}</span>
                                </div>
                                <Button
                                    size="compact-xs"
                                    variant="default"
                                    loading={switching.isPending && switching.variables === id}
                                    aria-label={`Look at ${name}`}
                                    onClick={() => switching.mutate(id)}
                                >
                                    Look
                                </Button>
                            </li>
                        ))}
                    </ul>
                </Panel>
            )}
            {leaving && (
                <ConfirmDialog
                    title={`Leave ${session.company.name}?`}
                    means={[
                        'You see nothing of it any more, from now on.',
                        'Keys and webhooks that you have made stay with the company.',
                        'To come back you have to be invited.',
                    ]}
                    confirm="Leave it"
                    keep="Stay"
                    run={async () => {
                        await client.call('leave');
                        queries.clear();
                        void navigate({ to: '/sign-in' });
                    }}
                    close={() => setLeaving(false)}
                />
            )}
        </div>
    );
}
