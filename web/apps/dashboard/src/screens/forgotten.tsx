// A forgotten password: a link by mail, and a new password with it. The answer is the same for
// whoever is not known here.

import { TextInput } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import { EntryBox, Form, NewPassword, entryError, passwordFault, useForm } from '@mobilytics/ui';
import { tokenOf } from '../shell/link_token';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';

const kBack = (
    <div className="sign-in-links">
        <Link to="/sign-in" className="quiet-link">
            To the sign-in
        </Link>
    </div>
);

export function Forgotten() {
    const [asked, setAsked] = useState<string>();
    const form = useForm({
        initial: { email: '' },
        send: body => client.call('ask_password_reset', { body }).catch(entryError),
        done: (_, { email }) => setAsked(email.trim()),
    });
    if (asked) {
        return (
            <EntryBox
                title="Look into your mail"
                about={
                    <>
                        If somebody with <strong>{asked}</strong> is here, a link to choose a new
                        password is on its way. It is good for an hour, once. Nothing came? Ask an
                        admin of your company which address they have of you.
                    </>
                }
            >
                {kBack}
            </EntryBox>
        );
    }
    return (
        <EntryBox
            title="A forgotten password"
            about="You get a link by mail with which you choose a new one."
        >
            <Form
                form={form}
                submit="Send the link"
                size="md"
                full
                disabled={!form.values.email.trim()}
            >
                <TextInput
                    {...form.text('email')}
                    label="E-mail"
                    type="email"
                    size="md"
                    autoFocus
                    autoComplete="username"
                    maxLength={254}
                />
            </Form>
            {kBack}
        </EntryBox>
    );
}

export function Redeem() {
    const token = tokenOf('/redeem');
    const navigate = useNavigate();
    const form = useForm({
        initial: { password: '' },
        check: ({ password }) => ({
            ...(passwordFault(password) ? { password: passwordFault(password)! } : {}),
        }),
        send: ({ password }) =>
            client.call('redeem_password_reset', { body: { token, password } }).catch(entryError),
        done: () => {
            notifications.show({ message: 'The password is changed. Sign in with it.' });
            void navigate({ to: '/sign-in', replace: true });
        },
        places: {
            password_too_short: 'password',
            password_too_long: 'password',
            password_common: 'password',
        },
    });
    if (!token) {
        return (
            <EntryBox
                title="This link is not whole"
                about="Open it from the mail again, or copy all of it."
            >
                {kBack}
            </EntryBox>
        );
    }
    return (
        <EntryBox
            title="Choose a new password"
            about="With it all your sessions end, wherever they are."
        >
            <Form form={form} submit="Change it" size="md" full>
                <NewPassword {...form.text('password')} size="md" autoFocus />
            </Form>
            {kBack}
        </EntryBox>
    );
}
