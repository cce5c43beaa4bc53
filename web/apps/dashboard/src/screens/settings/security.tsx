// What keeps others out: the password, the second factor, passkeys, and where one is signed in.

import { Button, PasswordInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import {
    Form,
    Message,
    NewPassword,
    Panel,
    passwordFault,
    sentence,
    sessionQuery,
    signInWaysQuery,
    useForm,
    useSession,
} from '@mobilytics/ui';
import { profileQuery } from '../../data/queries';
import { Sessions } from './own_sessions';
import { Passkeys } from './passkeys';
import { SecondFactor } from './second_factor';

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

/** Whoever has only ever come by the provider of their company. */
function NoPassword() {
    const { user } = useSession();
    const asking = useMutation({
        mutationFn: () => client.call('ask_password_reset', { body: { email: user.email } }),
        onSuccess: () => notifications.show({ message: `A link is on its way to ${user.email}.` }),
    });
    return (
        <Panel title="Password" about="You have none: you sign in with your company’s provider">
            <p className="hint" style={{ marginTop: 0 }}>
                You need one to set up an app or a passkey here.
            </p>
            {asking.error && (
                <p className="form-trouble" role="alert">
                    {sentence(asking.error.message)}
                </p>
            )}
            <Button
                size="xs"
                variant="default"
                loading={asking.isPending}
                disabled={asking.isSuccess}
                onClick={() => asking.mutate()}
            >
                {asking.isSuccess ? 'Look into your mail' : 'Send a link to choose one'}
            </Button>
        </Panel>
    );
}

export function Security() {
    const { impersonation } = useSession();
    const ways = useQuery(signInWaysQuery);
    const profile = useQuery({ ...profileQuery, enabled: !impersonation });
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
    const hasPassword = profile.data?.has_password ?? true;
    return (
        <div className="page narrow">
            <SecondFactor />
            {ways.data && profile.data && (ways.data.passkey || profile.data.passkeys > 0) && (
                <Passkeys hasApp={profile.data.has_totp} usable={ways.data.passkey} />
            )}
            {hasPassword ? <Password /> : <NoPassword />}
            <Sessions />
        </div>
    );
}
