// Setting up an authenticator app: the password, the QR code, a code of it, the recovery codes.

import { Suspense, lazy, useState } from 'react';
import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { client } from '@mobilytics/api';
import type { TotpSecret } from '@mobilytics/api';
import { CopyButton, Form, saveText, useForm } from '@mobilytics/ui';

const QrCode = lazy(() =>
    import('@mobilytics/ui/qr').then(({ QrCode: component }) => ({ default: component })),
);

const kCodeField = {
    label: 'The code that the app shows',
    autoComplete: 'one-time-code',
    inputMode: 'numeric',
    maxLength: 10,
} as const;

function Codes({ codes, close }: { codes: string[]; close: () => void }) {
    return (
        <div className="form">
            <p className="page-about">
                Each of these lets you in once when the app is lost. Keep them where your phone is
                not. They are shown only now.
            </p>
            <ul className="codes" aria-label="Recovery codes" data-testid="recovery-codes">
                {codes.map(code => (
                    <li key={code}>{code}</li>
                ))}
            </ul>
            <div className="button-row">
                <CopyButton text={codes.join('\n')} label="Copy all" />
                <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() =>
                        saveText(
                            'mobilytics-recovery-codes.txt',
                            `${codes.join('\r\n')}\r\n`,
                            'text/plain',
                        )
                    }
                >
                    Save as a file
                </Button>
            </div>
            <Button size="xs" onClick={close}>
                I have kept them
            </Button>
        </div>
    );
}

function Proof({ done }: { done: (secret: TotpSecret) => void }) {
    const form = useForm({
        initial: { password: '' },
        send: body => client.call('begin_totp', { body }),
        done,
        places: { wrong_password: 'password' },
    });
    return (
        <Form form={form} submit="Go on" disabled={!form.values.password}>
            <PasswordInput
                {...form.text('password')}
                label="Your password"
                description="Asked again, so that nobody does this at your unlocked screen."
                autoComplete="current-password"
                data-autofocus
                maxLength={256}
            />
        </Form>
    );
}

function Scan({ secret, done }: { secret: TotpSecret; done: (codes: string[]) => void }) {
    const form = useForm({
        initial: { code: '' },
        send: ({ code }) =>
            client.call('confirm_totp', { body: { code: code.replaceAll(/\s/g, '') } }),
        done: reply => done(reply.codes),
        places: { wrong_code: 'code' },
    });
    return (
        <Form form={form} submit="Put it in force" disabled={!form.values.code.trim()}>
            <div className="qr-row">
                <Suspense fallback={<div style={{ width: 184, height: 184 }} />}>
                    <QrCode text={secret.uri} label="QR code for the authenticator app" />
                </Suspense>
                <div>
                    <p className="page-about">
                        Scan it with an authenticator app. If it cannot see it, type this:
                    </p>
                    <p className="code" data-testid="totp-secret">
                        {secret.secret.replaceAll(/(.{4})/g, '$1 ').trim()}
                    </p>
                    <CopyButton text={secret.secret} />
                </div>
            </div>
            <TextInput {...form.text('code')} {...kCodeField} data-autofocus />
        </Form>
    );
}

export function SetUpTotp({ close }: { close: () => void }) {
    const [secret, setSecret] = useState<TotpSecret>();
    const [codes, setCodes] = useState<string[]>();
    return (
        <Modal
            opened
            onClose={close}
            title={codes ? 'Recovery codes' : 'Set up an authenticator app'}
            closeOnClickOutside={!codes}
            size="lg"
        >
            {codes ? (
                <Codes codes={codes} close={close} />
            ) : secret ? (
                <Scan secret={secret} done={setCodes} />
            ) : (
                <Proof done={setSecret} />
            )}
        </Modal>
    );
}

export function RecoveryCodes({ close }: { close: () => void }) {
    const [codes, setCodes] = useState<string[]>();
    const form = useForm({
        initial: { code: '' },
        send: ({ code }) =>
            client.call('renew_recovery_codes', { body: { code: code.replaceAll(/\s/g, '') } }),
        done: reply => setCodes(reply.codes),
        places: { wrong_code: 'code' },
    });
    return (
        <Modal opened onClose={close} title="New recovery codes" closeOnClickOutside={!codes}>
            {codes ? (
                <Codes codes={codes} close={close} />
            ) : (
                <Form form={form} submit="Make them" disabled={!form.values.code.trim()}>
                    <p className="page-about">The ones that you have open nothing any more.</p>
                    <TextInput {...form.text('code')} {...kCodeField} data-autofocus />
                </Form>
            )}
        </Modal>
    );
}
