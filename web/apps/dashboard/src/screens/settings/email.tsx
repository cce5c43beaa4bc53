// The e-mail one signs in with: changed by a link that goes to the new one.

import { useState } from 'react';
import { Button, TextInput } from '@mantine/core';
import { client } from '@mobilytics/api';
import type { Profile } from '@mobilytics/api';
import { Form, Message, Panel, ProofFields, kProofPlaces, proofOf, useForm } from '@mobilytics/ui';

export const emailFault = (email: string) =>
    /^\S+@\S+\.\S+$/.test(email.trim()) ? undefined : 'An address like ada@example.com.';

interface EmailFormProps {
    hasApp: boolean;
    done: (email: string) => void;
    cancel: () => void;
}

function EmailForm({ hasApp, done, cancel }: EmailFormProps) {
    const form = useForm({
        initial: { email: '', password: '', code: '' },
        check: ({ email }) => {
            const fault = emailFault(email);
            return fault ? { email: fault } : {};
        },
        send: ({ email, ...proof }) =>
            client.call('change_email', { body: { email: email.trim(), ...proofOf(proof) } }),
        done: (_, { email }) => done(email.trim()),
        places: { ...kProofPlaces, bad_email: 'email' },
    });
    const { email, password, code } = form.values;
    return (
        <Form
            form={form}
            submit="Send the link"
            disabled={!email.trim() || !password || (hasApp && !code.trim())}
            others={
                <Button variant="default" size="xs" onClick={cancel}>
                    Cancel
                </Button>
            }
        >
            <TextInput
                {...form.text('email')}
                label="New e-mail"
                description="A link goes there. Until it is opened, nothing changes."
                type="email"
                autoComplete="email"
                autoFocus
                maxLength={254}
                maw={340}
            />
            <ProofFields
                password={{ ...form.text('password'), maw: 340 }}
                code={hasApp ? { ...form.text('code'), maw: 340 } : undefined}
            />
        </Form>
    );
}

export function Email({ profile }: { profile: Profile }) {
    const [asking, setAsking] = useState(false);
    const [asked, setAsked] = useState<string>();
    return (
        <Panel
            title="E-mail"
            about="You sign in with it, and mail goes there"
            actions={
                !asking && (
                    <Button
                        size="xs"
                        variant="default"
                        mr={6}
                        onClick={() => {
                            setAsked(undefined);
                            setAsking(true);
                        }}
                    >
                        Change it
                    </Button>
                )
            }
        >
            <p className="headline-email">{profile.email}</p>
            {asking && (
                <EmailForm
                    hasApp={profile.has_totp}
                    cancel={() => setAsking(false)}
                    done={email => {
                        setAsking(false);
                        setAsked(email);
                    }}
                />
            )}
            {asked && (
                <Message role="status" title={`A link is on its way to ${asked}`}>
                    Open it there to change your e-mail. Until then it stays as it is.
                </Message>
            )}
        </Panel>
    );
}
