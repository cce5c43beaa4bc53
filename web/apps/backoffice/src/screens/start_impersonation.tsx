// To see what a customer sees: why, for which ticket, how long, and that it is really us.

import { Modal, NumberInput, TextInput, Textarea } from '@mantine/core';
import { client } from '@mobilytics/api';
import type { Belonging, StaffPerson } from '@mobilytics/api';
import { Form, Message, useForm, useSession } from '@mobilytics/ui';
import { reasonFaults } from './staff_deed';

const kMinutesMax = 60;

interface StartProps {
    company: Belonging;
    person: StaffPerson;
    close: () => void;
}

export function StartImpersonation({ company, person, close }: StartProps) {
    const { user } = useSession();
    const form = useForm({
        initial: { reason: '', ticket: '', minutes: 30, code: '' },
        check: reasonFaults,
        send: ({ reason, ticket, minutes, code }) =>
            client.call('begin_impersonation', {
                body: {
                    company_id: company.company_id,
                    person_id: person.id,
                    reason: reason.trim(),
                    ticket: ticket.trim(),
                    minutes,
                    code: code.replaceAll(/\s/g, ''),
                },
            }),
        // Another person now, and so another app: nothing that is loaded here holds any more.
        done: () => window.location.assign('/'),
        places: { wrong_code: 'code', second_factor_needed: 'code' },
    });
    return (
        <Modal
            opened
            onClose={close}
            title={`See ${company.company_name} as ${person.name}`}
            size="lg"
        >
            {user.has_second_factor ? (
                <Form form={form} submit="Look" disabled={!form.values.code.trim()}>
                    <ul className="means">
                        <li>You see what they see, and can change nothing.</li>
                        <li>
                            The company sees in its history who looked, as whom, why and when. Where
                            it wants to be asked, it is asked first.
                        </li>
                        <li>
                            Passwords, keys, payment, roles and exports stay shut. A banner says
                            whose eyes you have.
                        </li>
                    </ul>
                    <Textarea
                        {...form.text('reason')}
                        label="Why"
                        description="The customer reads it."
                        autosize
                        minRows={2}
                        maxLength={1000}
                        data-autofocus
                    />
                    <div className="two">
                        <TextInput
                            {...form.text('ticket')}
                            label="Ticket"
                            placeholder="SUP-1042"
                            maxLength={100}
                        />
                        <NumberInput
                            label="Minutes"
                            value={form.values.minutes}
                            onChange={value => form.set('minutes', Number(value))}
                            error={form.text('minutes').error}
                            min={1}
                            max={kMinutesMax}
                            clampBehavior="strict"
                            allowDecimal={false}
                        />
                    </div>
                    <TextInput
                        {...form.text('code')}
                        label="Code of your authenticator app"
                        description="The one it shows now."
                        autoComplete="one-time-code"
                        inputMode="numeric"
                        maxLength={64}
                        maw={240}
                    />
                </Form>
            ) : (
                <Message title="It needs your second factor">
                    Set up an authenticator app first, in the dashboard under{' '}
                    <a href="/settings/security">Security</a>.
                </Message>
            )}
        </Modal>
    );
}
