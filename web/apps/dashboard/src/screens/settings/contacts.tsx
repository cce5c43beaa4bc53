// People of the company's trade who have no login: whom to call.

import { useState } from 'react';
import { Button, Modal, TextInput, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Contact } from '@mobilytics/api';
import {
    ConfirmDialog,
    Form,
    RemoteTable,
    RowMenu,
    When,
    kNothing,
    useForm,
    useMay,
    useSession,
} from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';

const or = (text: string) => text || <span className="muted">{kNothing}</span>;

const columnsOf = (zone: string): RemoteColumn<Contact>[] => [
    {
        id: 'name',
        header: 'Name',
        sort: 'name',
        cell: row => (
            <>
                <span className="row-name">{row.name}</span>
                {row.title && <span className="row-under">{row.title}</span>}
            </>
        ),
        text: row => row.name,
    },
    {
        id: 'email',
        header: 'E-mail',
        sort: 'email',
        cell: row => (row.email ? <a href={`mailto:${row.email}`}>{row.email}</a> : or('')),
        text: row => row.email,
    },
    {
        id: 'phone',
        header: 'Phone',
        cell: row =>
            row.phone ? <a href={`tel:${row.phone.replaceAll(' ', '')}`}>{row.phone}</a> : or(''),
        text: row => row.phone,
    },
    { id: 'note', header: 'Note', cell: row => or(row.note), text: row => row.note },
    {
        id: 'added_at',
        header: 'Added',
        sort: 'added_at',
        optional: true,
        cell: row => <When at={row.added_at} zone={zone} />,
        text: row => row.added_at,
    },
];

function ContactForm({ contact, close }: { contact?: Contact; close: () => void }) {
    const queries = useQueryClient();
    const form = useForm({
        initial: {
            name: contact?.name ?? '',
            title: contact?.title ?? '',
            email: contact?.email ?? '',
            phone: contact?.phone ?? '',
            note: contact?.note ?? '',
        },
        check: ({ name }) => ({ ...(name.trim() ? {} : { name: 'What are they called?' }) }),
        send: body =>
            contact
                ? client.call('change_contact', { params: { contact_id: contact.id }, body })
                : client.call('add_contact', { body }),
        done: () => {
            void queries.invalidateQueries({ queryKey: ['contacts'] });
            close();
        },
    });
    return (
        <Modal opened onClose={close} title={contact ? contact.name : 'Add a contact'}>
            <Form form={form} submit={contact ? 'Save' : 'Add'}>
                <TextInput {...form.text('name')} label="Name" maxLength={200} data-autofocus />
                <TextInput
                    {...form.text('title')}
                    label="What they do"
                    placeholder="Workshop"
                    maxLength={100}
                />
                <div className="two">
                    <TextInput
                        {...form.text('email')}
                        label="E-mail"
                        type="email"
                        maxLength={254}
                    />
                    <TextInput {...form.text('phone')} label="Phone" type="tel" maxLength={40} />
                </div>
                <Textarea
                    {...form.text('note')}
                    label="Note"
                    autosize
                    minRows={2}
                    maxLength={2000}
                />
            </Form>
        </Modal>
    );
}

export function Contacts() {
    const { company } = useSession();
    const queries = useQueryClient();
    const mayChange = useMay('change_contact');
    const [editing, setEditing] = useState<Contact | 'new'>();
    const [removing, setRemoving] = useState<Contact>();
    const add = mayChange && (
        <Button size="xs" onClick={() => setEditing('new')}>
            Add a contact
        </Button>
    );
    return (
        <div className="page">
            <p className="page-about">
                People without a login: the workshop, the city’s office for permits, accounting.
            </p>
            <RemoteTable<Contact>
                name="contacts"
                caption="Contacts"
                queryKey={['contacts']}
                load={client.page('list_contacts')}
                columns={columnsOf(company.time_zone)}
                searches="Search name or e-mail"
                rowKey={row => row.id}
                rowLabel={row => row.name}
                actions={row => (
                    <RowMenu
                        of={row.name}
                        deeds={[
                            mayChange && { label: 'Change…', run: () => setEditing(row) },
                            mayChange && {
                                label: 'Remove…',
                                run: () => setRemoving(row),
                                danger: true,
                            },
                        ]}
                    />
                )}
                create={add}
                empty={{
                    title: 'No contact yet',
                    text: 'Whom does one call when a billboard is dark? Keep them here.',
                    action: add,
                }}
            />
            {editing && (
                <ContactForm
                    {...(editing === 'new' ? {} : { contact: editing })}
                    close={() => setEditing(undefined)}
                />
            )}
            {removing && (
                <ConfirmDialog
                    title={`Remove ${removing.name}?`}
                    means={['The contact is gone. It cannot be undone.']}
                    confirm="Remove"
                    run={() =>
                        client
                            .call('remove_contact', { params: { contact_id: removing.id } })
                            .then(() => queries.invalidateQueries({ queryKey: ['contacts'] }))
                    }
                    done="The contact is removed."
                    close={() => setRemoving(undefined)}
                />
            )}
        </div>
    );
}
