// Who consented to what, and who has changed their mind.

import { useRef, useState } from 'react';
import { Button, Modal, Select, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Consent, ConsentState } from '@mobilytics/api';
import { Form, RemoteTable, Tag, When, useForm, useMay, useSession } from '@mobilytics/ui';
import type { RemoteColumn } from '@mobilytics/ui';
import { membersQuery } from '../../../data/queries';

const consentColumns = (zone: string, naming: (id: string) => string): RemoteColumn<Consent>[] => [
    {
        id: 'subject',
        header: 'Whose',
        sort: 'subject',
        cell: row => <span className="row-name">{naming(row.subject)}</span>,
        text: row => row.subject,
    },
    {
        id: 'purpose',
        header: 'What for',
        sort: 'purpose',
        cell: row => row.purpose,
        text: row => row.purpose,
    },
    {
        id: 'state',
        header: 'State',
        cell: row =>
            row.state === 'given' ? <Tag kind="good">Given</Tag> : <Tag kind="idle">Withdrawn</Tag>,
        text: row => row.state,
    },
    {
        id: 'at',
        header: 'When',
        cell: row => <When at={row.at} zone={zone} />,
        text: row => row.at,
    },
    { id: 'how', header: 'How', cell: row => row.how, text: row => row.how },
    { id: 'version', header: 'Text', cell: row => row.version, text: row => row.version },
];

function NewConsent({ close }: { close: () => void }) {
    const queries = useQueryClient();
    const repeatable = useRef(client.repeatable());
    const form = useForm({
        initial: { subject: '', purpose: '', version: '', state: 'given', how: '' },
        send: ({ state, ...rest }) =>
            repeatable.current('record_consent', {
                body: { ...rest, state: state as ConsentState },
            }),
        done: () => {
            notifications.show({ message: 'It is written down.' });
            void queries.invalidateQueries({ queryKey: ['consents'] });
            close();
        },
    });
    const { subject, purpose, version, how } = form.values;
    return (
        <Modal opened onClose={close} title="Write down a consent">
            <Form
                form={form}
                submit="Write it down"
                disabled={![subject, purpose, version, how].every(text => text.trim())}
            >
                <TextInput
                    {...form.text('subject')}
                    label="Whose"
                    description="An id, or what you call them."
                    maxLength={200}
                    data-autofocus
                />
                <Select
                    {...form.choice('state')}
                    label="What they said"
                    allowDeselect={false}
                    data={[
                        { value: 'given', label: 'They consent' },
                        { value: 'withdrawn', label: 'They withdraw' },
                    ]}
                />
                <div className="two">
                    <TextInput {...form.text('purpose')} label="What for" maxLength={64} />
                    <TextInput
                        {...form.text('version')}
                        label="Version of the text"
                        maxLength={64}
                    />
                </div>
                <TextInput
                    {...form.text('how')}
                    label="How"
                    placeholder="By a form, on paper, on the telephone"
                    maxLength={500}
                />
            </Form>
        </Modal>
    );
}

export function Consents() {
    const { company } = useSession();
    const members = useQuery(membersQuery);
    const mayRecord = useMay('record_consent');
    const [adding, setAdding] = useState(false);
    const naming = (id: string) => members.data?.find(member => member.id === id)?.name ?? id;
    const add = mayRecord && (
        <Button size="xs" onClick={() => setAdding(true)}>
            Write one down
        </Button>
    );
    return (
        <>
            <RemoteTable<Consent>
                name="consents"
                caption="Consents"
                queryKey={['consents']}
                load={client.page('list_consents')}
                columns={consentColumns(company.time_zone, naming)}
                filters={[{ name: 'subject', label: 'Whose', kind: 'text' }]}
                rowKey={row => row.id}
                rowLabel={row => `${naming(row.subject)}, ${row.purpose}`}
                create={add}
                empty={{
                    title: 'No consent is written down',
                    text: 'Who agreed to what, when, by which text; and who has changed their mind.',
                    action: add,
                }}
            />
            {adding && <NewConsent close={() => setAdding(false)} />}
        </>
    );
}
