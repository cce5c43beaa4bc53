// An invitation: who asks, to what, and the way in.

import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import type { InvitationView } from '@mobilytics/api';
import {
    EntryBox,
    Form,
    Lines,
    NewPassword,
    entryError,
    kRoles,
    passwordFault,
    sentence,
    useForm,
} from '@mobilytics/ui';
import { tokenOf } from '../shell/link_token';

function useAccepted(view: InvitationView) {
    const navigate = useNavigate();
    return () => {
        notifications.show({ message: `You belong to ${view.company_name} now. Sign in.` });
        void navigate({ to: '/sign-in', replace: true });
    };
}

function Newcomer({ token, view }: { token: string; view: InvitationView }) {
    const accepted = useAccepted(view);
    const form = useForm({
        initial: { name: '', password: '' },
        check: ({ name, password }) => ({
            ...(name.trim() ? {} : { name: 'Others see you by it.' }),
            ...(passwordFault(password) ? { password: passwordFault(password)! } : {}),
        }),
        send: ({ name, password }) =>
            client
                .call('accept_invitation', { body: { token, name: name.trim(), password } })
                .catch(entryError),
        done: accepted,
        places: {
            password_too_short: 'password',
            password_too_long: 'password',
            password_common: 'password',
        },
    });
    return (
        <Form form={form} submit="Join" size="md" full>
            <input
                type="email"
                name="username"
                value={view.email}
                autoComplete="username"
                readOnly
                hidden
            />
            <TextInput
                {...form.text('name')}
                label="Your name"
                size="md"
                autoFocus
                autoComplete="name"
                maxLength={200}
            />
            <NewPassword {...form.text('password')} size="md" />
        </Form>
    );
}

function Known({ token, view }: { token: string; view: InvitationView }) {
    const accepted = useAccepted(view);
    const joining = useMutation({
        mutationFn: () => client.call('accept_invitation', { body: { token } }),
        onSuccess: accepted,
    });
    return (
        <>
            <Button
                size="md"
                fullWidth
                loading={joining.isPending}
                onClick={() => joining.mutate()}
            >
                Join
            </Button>
            {joining.error && (
                <p className="form-trouble" role="alert">
                    {sentence(joining.error.message)}
                </p>
            )}
        </>
    );
}

export function Accept() {
    const token = tokenOf('/accept');
    const look = useQuery({
        queryKey: ['invitation', token],
        queryFn: ({ signal }) => client.call('look_at_invitation', { body: { token }, signal }),
        enabled: token !== '',
        retry: false,
        staleTime: Infinity,
    });
    if (!token || look.error) {
        return (
            <EntryBox
                title="This invitation opens nothing"
                about={
                    <>
                        {look.error && `${sentence(look.error.message)} `}
                        {token
                            ? 'It may have been used, withdrawn, or be too old. Whoever sent it can send another.'
                            : 'Open the link from the mail again: this page keeps no trace of it.'}
                    </>
                }
            >
                <Link to="/sign-in" className="quiet-link">
                    To the sign-in
                </Link>
            </EntryBox>
        );
    }
    if (!look.data) {
        return (
            <EntryBox title="An invitation">
                <Lines count={4} />
            </EntryBox>
        );
    }
    const view = look.data;
    return (
        <EntryBox
            title={`Join ${view.company_name}`}
            about={
                <>
                    <strong>{view.email}</strong> is invited as{' '}
                    {kRoles[view.role].word.toLowerCase()}: {kRoles[view.role].means}
                    {!view.needs_password && ' You have a password here already: it stays.'}
                </>
            }
        >
            {view.needs_password ? (
                <Newcomer token={token} view={view} />
            ) : (
                <Known token={token} view={view} />
            )}
        </EntryBox>
    );
}
