// The companies below this one, and what each lets this one see.

import { useRef, useState } from 'react';
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Child, CompanyKind } from '@mobilytics/api';
import {
    Form,
    RemoteTable,
    Tag,
    When,
    kNothing,
    kShareWords,
    useForm,
    useMay,
    useSession,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { useSwitch } from '../../shell/who';
import { currencyChoices, zoneChoices } from './choices';

export const kKinds: Record<CompanyKind, string> = {
    house: 'House',
    operator: 'Operator',
    reseller: 'Reseller',
    advertiser: 'Advertiser',
};

const columnsOf = (zone: string): RemoteColumn<Child>[] => [
    {
        id: 'label',
        header: 'Company',
        cell: row => <span className="row-name">{row.label}</span>,
        text: row => row.label,
    },
    { id: 'kind', header: 'Kind', cell: row => kKinds[row.kind], text: row => row.kind },
    {
        id: 'state',
        header: 'State',
        cell: row =>
            row.state === 'active' ? (
                <Tag kind="good">Active</Tag>
            ) : (
                <Tag kind="idle">Suspended</Tag>
            ),
        text: row => row.state,
    },
    {
        id: 'shares',
        header: 'Lets you see',
        cell: row =>
            row.shares.length > 0 ? (
                row.shares.map(share => kShareWords[share]).join(', ')
            ) : (
                <span className="muted">nothing</span>
            ),
        text: row => row.shares.join(' '),
    },
    {
        id: 'time_zone',
        header: 'Time zone',
        cell: row => row.profile?.time_zone ?? <span className="muted">{kNothing}</span>,
        text: row => row.profile?.time_zone,
    },
    {
        id: 'added_at',
        header: 'Since',
        cell: row => <When at={row.added_at} zone={zone} />,
        text: row => row.added_at,
    },
];

function NewCompany({ close }: { close: () => void }) {
    const { company } = useSession();
    const queries = useQueryClient();
    const repeatable = useRef(client.repeatable());
    const form = useForm({
        initial: {
            name: '',
            kind: 'advertiser',
            time_zone: company.time_zone,
            currency: company.currency,
            owner_email: '',
        },
        check: ({ name }) => ({ ...(name.trim() ? {} : { name: 'What is it called?' }) }),
        send: ({ kind, ...rest }) =>
            repeatable.current('add_company', { body: { ...rest, kind: kind as CompanyKind } }),
        done: reply => {
            notifications.show({ message: `${reply.label} is here. Its owner gets a mail.` });
            void queries.invalidateQueries({ queryKey: ['companies'] });
            close();
        },
        places: {
            bad_name: 'name',
            bad_email: 'owner_email',
            bad_time_zone: 'time_zone',
            bad_currency: 'currency',
            kind_not_below: 'kind',
        },
    });
    return (
        <Modal opened onClose={close} title="Add a company">
            <Form form={form} submit="Add it">
                <TextInput {...form.text('name')} label="Name" maxLength={200} data-autofocus />
                <Select
                    {...form.choice('kind')}
                    label="Kind"
                    allowDeselect={false}
                    data={[
                        { value: 'advertiser', label: 'Advertiser: looks at its campaigns' },
                        { value: 'operator', label: 'Operator: has assets and sensors' },
                        { value: 'reseller', label: 'Reseller: has companies below it' },
                    ]}
                />
                <TextInput
                    {...form.text('owner_email')}
                    label="Its owner’s e-mail"
                    description="They are invited, and decide from then on, also what you may see."
                    type="email"
                    maxLength={254}
                />
                <div className="two">
                    <Select
                        {...form.choice('time_zone')}
                        label="Time zone"
                        searchable
                        allowDeselect={false}
                        limit={100}
                        data={zoneChoices()}
                    />
                    <Select
                        {...form.choice('currency')}
                        label="Currency"
                        searchable
                        allowDeselect={false}
                        limit={100}
                        data={currencyChoices()}
                    />
                </div>
            </Form>
        </Modal>
    );
}

/** By its contract, as long as that lasts. */
function LookIn({ row }: { row: Child }) {
    const switching = useSwitch();
    if (row.state !== 'active' || row.shares.every(share => share === 'profile')) return null;
    return (
        <Button
            size="compact-xs"
            variant="default"
            loading={switching.isPending}
            aria-label={`Look at ${row.label}`}
            onClick={() => switching.mutate(row.id)}
        >
            Look
        </Button>
    );
}

export function Companies() {
    const { company } = useSession();
    const mayAdd = useMay('add_company');
    const [adding, setAdding] = useState(false);
    const add = mayAdd && (
        <Button size="xs" onClick={() => setAdding(true)}>
            Add a company
        </Button>
    );
    return (
        <div className="page">
            <p className="page-about">
                Companies that you have brought here. Each belongs to itself: you see of it what its
                owner shares, which is nothing at first.
            </p>
            <RemoteTable<Child>
                name="companies"
                caption="Companies"
                queryKey={['companies']}
                load={client.page('list_companies')}
                columns={columnsOf(company.time_zone)}
                searches="Search by name"
                rowKey={row => row.id}
                rowLabel={row => row.label}
                create={add}
                actions={row => <LookIn row={row} />}
                empty={{
                    title: 'No company below yours',
                    text: 'Do you work for others, or resell? Each gets a company of its own, apart from yours.',
                    action: add,
                }}
            />
            {adding && <NewCompany close={() => setAdding(false)} />}
        </div>
    );
}
