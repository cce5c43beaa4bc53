// Setting up an authenticator app: a proof that it is oneself, the QR code, a code of it, the
// recovery codes.

import { useState } from 'react';
import { Modal, TextInput } from '@mantine/core';
import { client } from '@mobilytics/api';
import type { TotpSecret } from '@mobilytics/api';
import {
    Form,
    ProofFields,
    RecoveryCodeSheet,
    ScanTotp,
    kCodeField,
    kProofPlaces,
    useForm,
    useSession,
} from '@mobilytics/ui';

function Proof({ done }: { done: (secret: TotpSecret) => void }) {
    const form = useForm({
        initial: { password: '' },
        send: body => client.call('begin_totp', { body }),
        done,
        places: { wrong_password: kProofPlaces.wrong_password },
    });
    return (
        <Form form={form} submit="Go on" disabled={!form.values.password}>
            <ProofFields password={{ ...form.text('password'), 'data-autofocus': true } as never} />
        </Form>
    );
}

export function SetUpTotp({ close }: { close: () => void }) {
    const { user } = useSession();
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
                <RecoveryCodeSheet codes={codes} of={user.email} close={close} />
            ) : secret ? (
                <ScanTotp secret={secret} done={setCodes} />
            ) : (
                <Proof done={setSecret} />
            )}
        </Modal>
    );
}

export function RecoveryCodes({ close }: { close: () => void }) {
    const { user } = useSession();
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
                <RecoveryCodeSheet codes={codes} of={user.email} close={close} />
            ) : (
                <Form form={form} submit="Make them" disabled={!form.values.code.trim()}>
                    <p className="page-about">The ones that you have open nothing any more.</p>
                    <TextInput {...form.text('code')} {...kCodeField} data-autofocus />
                </Form>
            )}
        </Modal>
    );
}
