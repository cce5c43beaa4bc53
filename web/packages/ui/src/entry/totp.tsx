// An authenticator app: its QR code, a first code of it, and the codes for when it is lost.

import { Suspense, lazy } from 'react';
import { Button, TextInput } from '@mantine/core';
import { client } from '@mobilytics/api';
import type { TotpSecret } from '@mobilytics/api';
import { saveText } from '../csv';
import { Form } from '../form/form';
import { CopyButton } from '../form/secret';
import { useForm } from '../form/use_form';
import { printLines } from '../print';

const QrCode = lazy(() =>
    import('../form/qr_code').then(({ QrCode: component }) => ({ default: component })),
);

export const kCodeField = {
    label: 'The code that the app shows',
    autoComplete: 'one-time-code',
    inputMode: 'numeric',
    maxLength: 10,
} as const;

interface RecoveryCodesProps {
    codes: string[];
    of: string;
    close: () => void;
    size?: 'xs' | 'md';
}

/** They are shown this once: to be copied, saved or printed before one goes on. */
export function RecoveryCodeSheet({ codes, of, close, size = 'xs' }: RecoveryCodesProps) {
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
                <Button
                    size="compact-xs"
                    variant="default"
                    onClick={() =>
                        printLines(`Mobilytics: recovery codes of ${of}, each good once`, codes)
                    }
                >
                    Print
                </Button>
            </div>
            <Button size={size} onClick={close}>
                I have kept them
            </Button>
        </div>
    );
}

interface ScanTotpProps {
    secret: TotpSecret;
    done: (codes: string[]) => void;
    size?: 'xs' | 'md';
}

export function ScanTotp({ secret, done, size = 'xs' }: ScanTotpProps) {
    const form = useForm({
        initial: { code: '' },
        send: ({ code }) =>
            client.call('confirm_totp', { body: { code: code.replaceAll(/\s/g, '') } }),
        done: reply => done(reply.codes),
        places: { wrong_code: 'code' },
    });
    return (
        <Form
            form={form}
            submit="Put it in force"
            size={size}
            full={size === 'md'}
            disabled={!form.values.code.trim()}
        >
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
            <TextInput
                {...form.text('code')}
                {...kCodeField}
                {...(size === 'md' ? { size, autoFocus: true } : { 'data-autofocus': true })}
            />
        </Form>
    );
}
