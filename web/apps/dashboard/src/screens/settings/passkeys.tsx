// Passkeys: those one has, another one, another name, and away with one that is lost.

import { useState } from 'react';
import { Button, Modal, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Passkey } from '@mobilytics/api';
import {
    Form,
    Lines,
    Panel,
    ProofFields,
    Trouble,
    When,
    browserText,
    kProofPlaces,
    makePasskey,
    passkeysWork,
    proofOf,
    sessionQuery,
    useForm,
    useSession,
} from '@mobilytics/ui';
import { passkeysQuery, profileQuery } from '../../data/queries';
import { ProofDialog } from './proof_dialog';

const named = ({ name }: { name: string }) => ({
    ...(name.trim() ? {} : { name: 'You tell them apart by it.' }),
});

function NewPasskey({ hasApp, close }: { hasApp: boolean; close: () => void }) {
    const form = useForm({
        initial: { name: browserText(navigator.userAgent), password: '', code: '' },
        check: named,
        send: async ({ name, ...proof }) => {
            const { id, options } = await client.call('challenge_new_passkey', {
                body: proofOf(proof),
            });
            const credential = await makePasskey(options);
            if (!credential)
                throw new Error('The browser made none. Try again when you are ready.');
            return client.call('add_passkey', {
                body: { challenge_id: id, credential, name: name.trim() },
            });
        },
        done: () => {
            notifications.show({
                message: 'You can sign in with it now. Your other sessions have ended.',
            });
            close();
        },
        places: kProofPlaces,
    });
    const { password, code } = form.values;
    return (
        <Modal opened onClose={close} title="Add a passkey">
            <Form form={form} submit="Go on" disabled={!password || (hasApp && !code.trim())}>
                <TextInput {...form.text('name')} label="Name" maxLength={100} />
                <ProofFields
                    about="Asked again. Then the browser asks for your finger, face or key."
                    password={{ ...form.text('password'), 'data-autofocus': true } as never}
                    code={hasApp ? form.text('code') : undefined}
                />
            </Form>
        </Modal>
    );
}

function Rename({ passkey, close }: { passkey: Passkey; close: () => void }) {
    const form = useForm({
        initial: { name: passkey.name },
        check: named,
        send: ({ name }) =>
            client.call('rename_passkey', {
                params: { passkey_id: passkey.id },
                body: { name: name.trim() },
            }),
        done: close,
    });
    return (
        <Modal opened onClose={close} title={`Another name for ${passkey.name}`}>
            <Form form={form} submit="Save" disabled={form.values.name === passkey.name}>
                <TextInput {...form.text('name')} label="Name" maxLength={100} data-autofocus />
            </Form>
        </Modal>
    );
}

interface PasskeyRowProps {
    passkey: Passkey;
    zone: string;
    rename: () => void;
    remove: () => void;
}

function PasskeyRow({ passkey, zone, rename, remove }: PasskeyRowProps) {
    return (
        <li>
            <div>
                <b>{passkey.name}</b>
                <span className="muted">
                    Added <When at={passkey.added_at} zone={zone} relative />
                    {passkey.used_at ? (
                        <>
                            , last used <When at={passkey.used_at} zone={zone} relative />
                        </>
                    ) : (
                        ', not used yet'
                    )}
                    {passkey.backed_up && ', copied to your other devices'}
                </span>
            </div>
            <span className="row-actions">
                <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Rename ${passkey.name}`}
                    onClick={rename}
                >
                    Rename
                </Button>
                <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={`Remove ${passkey.name}`}
                    onClick={remove}
                >
                    Remove
                </Button>
            </span>
        </li>
    );
}

interface PasskeysProps {
    hasApp: boolean;
    /** Whether this installation can use them at its address. */
    usable: boolean;
}

export function Passkeys({ hasApp, usable }: PasskeysProps) {
    const { company } = useSession();
    const queries = useQueryClient();
    const found = useQuery(passkeysQuery);
    const [adding, setAdding] = useState(false);
    const [renaming, setRenaming] = useState<Passkey>();
    const [removing, setRemoving] = useState<Passkey>();
    const again = () => {
        void queries.invalidateQueries({ queryKey: passkeysQuery.queryKey });
        void queries.invalidateQueries({ queryKey: profileQuery.queryKey });
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
        void queries.invalidateQueries({ queryKey: ['own_sessions'] });
    };
    const works = usable && passkeysWork();
    const items = found.data?.items ?? [];
    return (
        <Panel
            title="Passkeys"
            about="Your finger, face or a key instead of a password and a code"
            actions={
                works && (
                    <Button size="xs" variant="default" mr={6} onClick={() => setAdding(true)}>
                        Add one
                    </Button>
                )
            }
        >
            {!works && (
                <p className="hint" style={{ marginTop: 0 }}>
                    {usable
                        ? 'This browser cannot use them here.'
                        : 'This installation has no address of its own with https yet. Passkeys need one.'}
                </p>
            )}
            {found.error && !found.data ? (
                <Trouble error={found.error} retry={() => void found.refetch()} />
            ) : !found.data ? (
                <Lines count={2} />
            ) : items.length === 0 ? (
                works && <span className="muted">You have none yet.</span>
            ) : (
                <ul className="plain-list">
                    {items.map(passkey => (
                        <PasskeyRow
                            key={passkey.id}
                            passkey={passkey}
                            zone={company.time_zone}
                            rename={() => setRenaming(passkey)}
                            remove={() => setRemoving(passkey)}
                        />
                    ))}
                </ul>
            )}
            {adding && (
                <NewPasskey
                    hasApp={hasApp}
                    close={() => {
                        setAdding(false);
                        again();
                    }}
                />
            )}
            {renaming && (
                <Rename
                    passkey={renaming}
                    close={() => {
                        setRenaming(undefined);
                        again();
                    }}
                />
            )}
            {removing && (
                <ProofDialog
                    title={`Remove the passkey ${removing.name}?`}
                    means={[
                        'It opens nothing here any more.',
                        'Delete it on the device too, so that it is not offered.',
                    ]}
                    confirm="Remove it"
                    hasApp={hasApp}
                    run={body =>
                        client.call('remove_passkey', {
                            params: { passkey_id: removing.id },
                            body,
                        })
                    }
                    done="The passkey is removed."
                    close={() => {
                        setRemoving(undefined);
                        again();
                    }}
                />
            )}
        </Panel>
    );
}
