// The first step: a password, a passkey, or the provider of one's company.

import type { ReactNode } from 'react';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconFingerprint } from '@tabler/icons-react';
import { client, pathOf, queryText } from '@mobilytics/api';
import type { Session } from '@mobilytics/api';
import { Form } from '../form/form';
import { sentence, useForm } from '../form/use_form';
import { EntryBox, entryError } from './entry_box';
import { signInWaysQuery } from './session';
import { usePasskey } from './use_passkey';

interface PasswordStepProps {
    title: string;
    done: (session: Session, password: string) => void;
    forgotten: ReactNode;
    /** Why single sign-on has come back without anybody. */
    trouble?: string | undefined;
    /** Where the provider brings back to. */
    next?: string | undefined;
}

export function PasswordStep({ title, done, forgotten, trouble, next }: PasswordStepProps) {
    const ways = useQuery(signInWaysQuery);
    const form = useForm({
        initial: { email: '', password: '' },
        send: body => client.call('begin_session', { body }).catch(entryError),
        done: (session, { password }) => done(session, password),
    });
    const passkey = usePasskey({
        wanted: ways.data?.passkey ?? false,
        offered: true,
        done: session => done(session, ''),
    });
    const { email, password } = form.values;
    const hasPassword = ways.data?.password ?? true;
    const oidc = ways.data?.oidc;
    return (
        <EntryBox title={title}>
            {trouble && (
                <p className="form-trouble" role="alert">
                    {trouble}
                </p>
            )}
            {hasPassword && (
                <Form
                    form={form}
                    submit="Sign in"
                    size="md"
                    full
                    disabled={!email.trim() || !password}
                >
                    <TextInput
                        {...form.text('email')}
                        label="E-mail"
                        type="email"
                        size="md"
                        autoFocus
                        autoComplete="username webauthn"
                        maxLength={254}
                    />
                    <PasswordInput
                        {...form.text('password')}
                        label="Password"
                        size="md"
                        autoComplete="current-password"
                        maxLength={256}
                    />
                </Form>
            )}
            {(passkey.works || oidc) && hasPassword && <span className="or">or</span>}
            {passkey.works && (
                <Button
                    variant="default"
                    size="md"
                    fullWidth
                    leftSection={<IconFingerprint size={18} stroke={1.6} aria-hidden />}
                    loading={passkey.pending}
                    onClick={passkey.ask}
                >
                    Sign in with a passkey
                </Button>
            )}
            {passkey.error && (
                <p className="form-trouble" role="alert">
                    {sentence(passkey.error.message)}
                </p>
            )}
            {oidc && (
                <Button
                    component="a"
                    href={pathOf('start_oidc') + queryText({ next })}
                    variant="default"
                    size="md"
                    fullWidth
                >
                    Sign in with {oidc}
                </Button>
            )}
            <div className="sign-in-links">{forgotten}</div>
        </EntryBox>
    );
}
