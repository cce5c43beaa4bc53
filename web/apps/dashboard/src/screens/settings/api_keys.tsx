// Keys for programs: what each may, until when, from where; and its secret, once.

import { useState } from 'react';
import { Button, Modal, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { ApiKey, Role } from '@mobilytics/api';
import {
    ConfirmDialog,
    Form,
    RemoteTable,
    RowMenu,
    Secret,
    Tag,
    When,
    dayOf,
    kRoles,
    useForm,
    useMay,
    useSession,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { startOfDay } from '@mobilytics/ui/zones';
import { ScopeChoice } from './scope_choice';

const kSoonMs = 14 * 86_400_000;
const kKeyRoles: Role[] = ['viewer', 'analyst', 'operator', 'admin'];

function KeyTag({ apiKey }: { apiKey: ApiKey }) {
    const ends = apiKey.expires_at ? Date.parse(apiKey.expires_at) - Date.now() : Infinity;
    if (apiKey.revoked_at) return <Tag kind="idle">Revoked</Tag>;
    if (ends <= 0) return <Tag kind="bad">Expired</Tag>;
    if (ends < kSoonMs) return <Tag kind="warn">Expires soon</Tag>;
    return <Tag kind="good">In force</Tag>;
}

const isOver = (key: ApiKey) =>
    Boolean(key.revoked_at) || (key.expires_at ? Date.parse(key.expires_at) <= Date.now() : false);

const columnsOf = (zone: string): RemoteColumn<ApiKey>[] => [
    {
        id: 'name',
        header: 'Key',
        sort: 'name',
        cell: row => (
            <>
                <span className="row-name">{row.name}</span>
                <span className="row-under code">{row.prefix}…</span>
            </>
        ),
        text: row => row.name,
    },
    {
        id: 'state',
        header: 'State',
        cell: row => <KeyTag apiKey={row} />,
        text: row => (row.revoked_at ? 'revoked' : 'in force'),
    },
    {
        id: 'scopes',
        header: 'May',
        cell: row => (
            <span className="chips" title={row.scopes.join(', ')}>
                {row.scopes.slice(0, 3).map(scope => (
                    <span key={scope} className="chip">
                        {scope}
                    </span>
                ))}
                {row.scopes.length > 3 && <span className="chip">+{row.scopes.length - 3}</span>}
            </span>
        ),
        text: row => row.scopes.join(' '),
    },
    {
        id: 'role',
        header: 'At most as',
        optional: true,
        cell: row => kRoles[row.role].word,
        text: row => row.role,
    },
    {
        id: 'networks',
        header: 'From',
        cell: row =>
            row.networks.length > 0 ? (
                <span className="code">{row.networks.join(', ')}</span>
            ) : (
                <span className="muted">anywhere</span>
            ),
        text: row => row.networks.join(' '),
    },
    {
        id: 'used_at',
        header: 'Last used',
        sort: 'used_at',
        cell: row => <When at={row.used_at} zone={zone} relative nothing="never" />,
        text: row => row.used_at,
    },
    {
        id: 'expires_at',
        header: 'Until',
        sort: 'expires_at',
        cell: row => <When at={row.expires_at} zone={zone} nothing="no end" />,
        text: row => row.expires_at,
    },
    {
        id: 'added_at',
        header: 'Made',
        sort: 'added_at',
        optional: true,
        cell: row => <When at={row.added_at} zone={zone} />,
        text: row => row.added_at,
    },
];

function ShownOnce({
    secret,
    overlap,
    close,
}: {
    secret: string;
    overlap?: string;
    close: () => void;
}) {
    return (
        <Modal opened onClose={close} title="Keep this secret now" closeOnClickOutside={false}>
            <div className="form">
                <p className="page-about">
                    It is shown only now.{' '}
                    {overlap ?? 'Send it as Authorization: Bearer with each request.'}
                </p>
                <Secret label="Secret of the key" value={secret} testId="api-key-secret" />
                <Button size="xs" onClick={close}>
                    I have kept it
                </Button>
            </div>
        </Modal>
    );
}

function NewKey({ close, made }: { close: () => void; made: (secret: string) => void }) {
    const { company } = useSession();
    const zone = company.time_zone;
    const queries = useQueryClient();
    const form = useForm({
        initial: {
            name: '',
            role: 'viewer',
            scopes: ['reports:read'],
            expires_at: dayOf(Date.now() + 365 * 86_400_000, zone),
            networks: [] as string[],
        },
        check: ({ name, scopes, expires_at }) => ({
            ...(name.trim() ? {} : { name: 'You tell keys apart by it.' }),
            ...(scopes.length > 0 ? {} : { scopes: 'Choose at least one.' }),
            ...(!expires_at || Date.parse(`${expires_at}T23:59`) > Date.now()
                ? {}
                : { expires_at: 'That day is over.' }),
        }),
        send: ({ name, role, scopes, expires_at, networks }) =>
            client.call('add_api_key', {
                body: {
                    name: name.trim(),
                    role: role as Role,
                    scopes,
                    ...(networks.length > 0 ? { networks } : {}),
                    ...(expires_at
                        ? {
                              expires_at: new Date(
                                  startOfDay(Date.parse(`${expires_at}T12:00Z`), zone, 1),
                              ).toISOString(),
                          }
                        : {}),
                },
            }),
        done: reply => {
            void queries.invalidateQueries({ queryKey: ['api_keys'] });
            close();
            made(reply.secret);
        },
    });
    const role = form.values.role as Role;
    return (
        <Modal opened onClose={close} title="Make a key" size="lg">
            <Form form={form} submit="Make it">
                <TextInput
                    {...form.text('name')}
                    label="Name"
                    placeholder="Nightly export"
                    maxLength={100}
                    data-autofocus
                />
                <Select
                    {...form.choice('role')}
                    label="At most as"
                    description="It may never do more than this role, whatever is ticked below."
                    allowDeselect={false}
                    data={kKeyRoles.map(value => ({ value, label: kRoles[value].word }))}
                />
                <ScopeChoice
                    role={role}
                    value={form.values.scopes}
                    set={scopes => form.set('scopes', scopes)}
                    error={form.choice('scopes').error}
                />
                <div className="two">
                    <TextInput
                        {...form.text('expires_at')}
                        type="date"
                        label="Until"
                        description="The end of that day. Empty: no end."
                    />
                    <TagsInput
                        {...form.choice('networks')}
                        value={form.values.networks}
                        label="From"
                        description="Addresses or networks. Empty: anywhere."
                        placeholder="203.0.113.0/24"
                        maxTags={20}
                        splitChars={[',', ' ']}
                    />
                </div>
            </Form>
        </Modal>
    );
}

function Rotate({
    apiKey,
    close,
    made,
}: {
    apiKey: ApiKey;
    close: () => void;
    made: (secret: string) => void;
}) {
    const [hours, setHours] = useState<number | string>(24);
    return (
        <ConfirmDialog
            title={`A new secret for ${apiKey.name}?`}
            means={[
                'You get a new secret, shown once.',
                Number(hours) > 0
                    ? `The one before works for ${hours} hours more: change your program within.`
                    : 'The one before stops working at once.',
            ]}
            confirm="Make it"
            harmless
            run={async () => {
                const reply = await client.call('rotate_api_key', {
                    params: { api_key_id: apiKey.id },
                    body: { overlap_hours: Number(hours) || 0 },
                });
                made(reply.secret);
            }}
            close={close}
        >
            <NumberInput
                label="Hours that both work"
                value={hours}
                onChange={setHours}
                min={0}
                max={720}
                allowDecimal={false}
                maw={200}
            />
        </ConfirmDialog>
    );
}

export function ApiKeys() {
    const { company } = useSession();
    const queries = useQueryClient();
    const mayMake = useMay('add_api_key');
    const [making, setMaking] = useState(false);
    const [secret, setSecret] = useState<string>();
    const [doing, setDoing] = useState<{ key: ApiKey; deed: 'rotate' | 'revoke' }>();
    const again = () => queries.invalidateQueries({ queryKey: ['api_keys'] });
    const make = mayMake && (
        <Button size="xs" onClick={() => setMaking(true)}>
            Make a key
        </Button>
    );
    return (
        <div className="page">
            <p className="page-about">
                For programs of yours that ask the API. A key may what is ticked for it, from where
                you say, until when you say, and its use stands in the audit.
            </p>
            <RemoteTable<ApiKey>
                name="api-keys"
                caption="API keys"
                queryKey={['api_keys']}
                load={client.page('list_api_keys')}
                columns={columnsOf(company.time_zone)}
                rowKey={row => row.id}
                rowLabel={row => row.name}
                actions={row =>
                    !isOver(row) && (
                        <RowMenu
                            of={row.name}
                            deeds={[
                                mayMake && {
                                    label: 'New secret…',
                                    run: () => setDoing({ key: row, deed: 'rotate' }),
                                },
                                mayMake && {
                                    label: 'Revoke…',
                                    run: () => setDoing({ key: row, deed: 'revoke' }),
                                    danger: true,
                                },
                            ]}
                        />
                    )
                }
                create={make}
                empty={{
                    title: 'No key yet',
                    text: 'A program that fetches figures every night needs one. People do not: they sign in.',
                    action: make,
                }}
            />
            {making && <NewKey close={() => setMaking(false)} made={setSecret} />}
            {doing?.deed === 'rotate' && (
                <Rotate
                    apiKey={doing.key}
                    close={() => setDoing(undefined)}
                    made={next => {
                        void again();
                        setSecret(next);
                    }}
                />
            )}
            {doing?.deed === 'revoke' && (
                <ConfirmDialog
                    title={`Revoke ${doing.key.name}?`}
                    means={[
                        'Programs that use it are refused at once.',
                        doing.key.used_at ? (
                            <>
                                It was last used{' '}
                                <When at={doing.key.used_at} zone={company.time_zone} relative />.
                            </>
                        ) : (
                            'It was never used.'
                        ),
                        'It cannot be undone.',
                    ]}
                    confirm="Revoke it"
                    keep="Keep it"
                    run={() =>
                        client
                            .call('revoke_api_key', { params: { api_key_id: doing.key.id } })
                            .then(again)
                    }
                    done="The key is revoked."
                    close={() => setDoing(undefined)}
                />
            )}
            {secret && <ShownOnce secret={secret} close={() => setSecret(undefined)} />}
        </div>
    );
}
