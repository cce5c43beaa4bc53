// What keeps others out: the password, the second factor, and where one is signed in.

import { useState } from 'react';
import { Button, PasswordInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { client } from '@mobilytics/api';
import type { OwnSession } from '@mobilytics/api';
import {
    ConfirmDialog,
    Form,
    Lines,
    Message,
    NewPassword,
    Panel,
    Tag,
    Trouble,
    When,
    browserText,
    isPhone,
    passwordFault,
    sessionQuery,
    useForm,
    useSession,
} from '@mobilytics/ui';
import { profileQuery } from '../../data/queries';
import { RecoveryCodes, SetUpTotp } from './totp';

function Password() {
    const queries = useQueryClient();
    const { user } = useSession();
    const form = useForm({
        initial: { current: '', next: '' },
        check: ({ next }) => ({ ...(passwordFault(next) ? { next: passwordFault(next)! } : {}) }),
        send: body => client.call('change_password', { body }),
        done: session => {
            queries.setQueryData(sessionQuery.queryKey, session);
            void queries.invalidateQueries({ queryKey: ['own_sessions'] });
            notifications.show({ message: 'The password is changed. Other sessions have ended.' });
            form.reset();
        },
        places: {
            wrong_password: 'current',
            password_too_short: 'next',
            password_too_long: 'next',
            password_common: 'next',
        },
    });
    return (
        <Panel title="Password" about="A change ends all your other sessions">
            <Form
                form={form}
                submit="Change it"
                disabled={!form.values.current || !form.values.next}
            >
                <input
                    type="email"
                    name="username"
                    value={user.email}
                    autoComplete="username"
                    readOnly
                    hidden
                />
                <PasswordInput
                    {...form.text('current')}
                    label="Now"
                    autoComplete="current-password"
                    maxLength={256}
                    maw={340}
                />
                <NewPassword {...form.text('next')} label="New" maw={340} />
            </Form>
        </Panel>
    );
}

function SecondFactor() {
    const profile = useQuery(profileQuery);
    const queries = useQueryClient();
    const [doing, setDoing] = useState<'set up' | 'remove' | 'codes'>();
    const again = () => {
        void queries.invalidateQueries({ queryKey: profileQuery.queryKey });
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    };
    if (profile.error && !profile.data) {
        return (
            <Panel title="Authenticator app">
                <Trouble error={profile.error} retry={() => void profile.refetch()} />
            </Panel>
        );
    }
    const has = profile.data?.has_totp;
    const left = profile.data?.recovery_codes_left ?? 0;
    return (
        <Panel
            title="Authenticator app"
            about="A code of six digits at each sign-in, so that a stolen password is not enough"
            actions={
                profile.data && (
                    <span style={{ marginRight: 6 }}>
                        {has ? <Tag kind="good">In force</Tag> : <Tag kind="idle">Not set up</Tag>}
                    </span>
                )
            }
        >
            {!profile.data ? (
                <Lines count={2} />
            ) : has ? (
                <>
                    <p className="hint" style={{ marginTop: 0 }}>
                        {left === 0
                            ? 'No recovery code is left. Make new ones, or a lost phone locks you out.'
                            : `${left} recovery codes are left, each good once when the app is lost.`}
                    </p>
                    <div className="button-row">
                        <Button size="xs" variant="default" onClick={() => setDoing('codes')}>
                            New recovery codes
                        </Button>
                        <Button
                            size="xs"
                            variant="default"
                            c="var(--bad)"
                            onClick={() => setDoing('remove')}
                        >
                            Remove it
                        </Button>
                    </div>
                </>
            ) : (
                <Button size="xs" onClick={() => setDoing('set up')}>
                    Set it up
                </Button>
            )}
            {doing === 'set up' && (
                <SetUpTotp
                    close={() => {
                        setDoing(undefined);
                        again();
                    }}
                />
            )}
            {doing === 'codes' && (
                <RecoveryCodes
                    close={() => {
                        setDoing(undefined);
                        again();
                    }}
                />
            )}
            {doing === 'remove' && (
                <RemoveTotp
                    close={() => {
                        setDoing(undefined);
                        again();
                    }}
                />
            )}
        </Panel>
    );
}

function RemoveTotp({ close }: { close: () => void }) {
    const [password, setPassword] = useState('');
    return (
        <ConfirmDialog
            title="Remove the authenticator app?"
            means={[
                'From now on your password alone lets you in.',
                'Your recovery codes open nothing any more.',
            ]}
            confirm="Remove it"
            keep="Keep it"
            run={() => client.call('remove_totp', { body: { password } })}
            done="The second factor is removed."
            close={close}
        >
            <PasswordInput
                label="Your password"
                autoComplete="current-password"
                value={password}
                onChange={event => setPassword(event.currentTarget.value)}
            />
        </ConfirmDialog>
    );
}

function SessionRow({ session, zone }: { session: OwnSession; zone: string }) {
    const queries = useQueryClient();
    const ending = useMutation({
        mutationFn: () => client.call('end_own_session', { params: { session_id: session.id } }),
        onSettled: () => void queries.invalidateQueries({ queryKey: ['own_sessions'] }),
    });
    const Icon = isPhone(session.user_agent) ? IconDeviceMobile : IconDeviceDesktop;
    return (
        <li>
            <Icon size={19} stroke={1.5} aria-hidden />
            <div>
                <b>{browserText(session.user_agent)}</b>
                <span className="muted">
                    {session.address}, {session.company_name}, seen{' '}
                    <When at={session.seen_at} zone={zone} relative />
                </span>
            </div>
            {session.current ? (
                <Tag kind="good">This one</Tag>
            ) : (
                <Button
                    size="compact-xs"
                    variant="default"
                    loading={ending.isPending}
                    aria-label={`End it: ${browserText(session.user_agent)} at ${session.address}`}
                    onClick={() => ending.mutate()}
                >
                    End it
                </Button>
            )}
        </li>
    );
}

function Sessions() {
    const { company } = useSession();
    const queries = useQueryClient();
    const found = useQuery({
        queryKey: ['own_sessions'],
        queryFn: ({ signal }) => client.call('list_own_sessions', { signal }),
    });
    const ending = useMutation({
        mutationFn: () => client.call('end_other_sessions'),
        onSuccess: () => {
            notifications.show({ message: 'All other sessions have ended.' });
            void queries.invalidateQueries({ queryKey: ['own_sessions'] });
        },
    });
    const others = found.data?.items.filter(session => !session.current).length ?? 0;
    return (
        <Panel
            title="Where you are signed in"
            about="End what you do not know, then change your password"
            actions={
                others > 0 && (
                    <Button
                        size="xs"
                        variant="default"
                        mr={6}
                        loading={ending.isPending}
                        onClick={() => ending.mutate()}
                    >
                        End all others
                    </Button>
                )
            }
        >
            {found.error && !found.data ? (
                <Trouble error={found.error} retry={() => void found.refetch()} />
            ) : !found.data ? (
                <Lines count={4} />
            ) : (
                <ul className="plain-list">
                    {found.data.items.map(session => (
                        <SessionRow key={session.id} session={session} zone={company.time_zone} />
                    ))}
                </ul>
            )}
        </Panel>
    );
}

export function Security() {
    const { impersonation } = useSession();
    if (impersonation) {
        return (
            <div className="page narrow">
                <Message title="Not in the place of somebody else">
                    Passwords, second factors and sessions are seen and changed only by whose they
                    are.
                </Message>
            </div>
        );
    }
    return (
        <div className="page narrow">
            <SecondFactor />
            <Password />
            <Sessions />
        </div>
    );
}
