// What staff do to a customer: never without a reason and a ticket.

import type { ReactNode } from 'react';
import { Modal, TextInput, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { StaffReason } from '@mobilytics/api';
import { Form, useForm } from '@mobilytics/ui';

export const kReasonMin = 10;

interface StaffDeedProps {
    title: string;
    means: ReactNode[];
    confirm: string;
    harmless?: boolean;
    /** Whether whoever does it shows their own second factor first. */
    asksCode?: boolean;
    run: (body: StaffReason, code: string) => Promise<unknown>;
    done: string;
    close: () => void;
}

export function reasonFaults({ reason, ticket }: { reason: string; ticket: string }) {
    return {
        ...(reason.trim().length >= kReasonMin
            ? {}
            : { reason: `At least ${kReasonMin} characters: the customer reads it.` }),
        ...(ticket.trim() ? {} : { ticket: 'Which ticket is it for?' }),
    };
}

export function StaffDeed(props: StaffDeedProps) {
    const form = useForm({
        initial: { reason: '', ticket: '', code: '' },
        check: values => ({
            ...reasonFaults(values),
            ...(!props.asksCode || values.code.trim() ? {} : { code: 'What does your app show?' }),
        }),
        send: ({ reason, ticket, code }) =>
            props.run({ reason: reason.trim(), ticket: ticket.trim() }, code.replaceAll(/\s/g, '')),
        places: { wrong_code: 'code', second_factor_needed: 'code', no_second_factor: 'code' },
        done: () => {
            notifications.show({ message: props.done });
            props.close();
        },
    });
    return (
        <Modal opened onClose={props.close} title={props.title}>
            <Form form={form} submit={props.confirm} {...(props.harmless ? {} : { color: 'red' })}>
                <ul className="means">
                    {props.means.filter(Boolean).map((line, i) => (
                        <li key={i}>{line}</li>
                    ))}
                </ul>
                <Textarea
                    {...form.text('reason')}
                    label="Why"
                    description="Kept in the audit, where the company sees it."
                    autosize
                    minRows={2}
                    maxLength={1000}
                    data-autofocus
                />
                <TextInput
                    {...form.text('ticket')}
                    label="Ticket"
                    placeholder="SUP-1042"
                    maxLength={100}
                    maw={220}
                />
                {props.asksCode && (
                    <TextInput
                        {...form.text('code')}
                        label="Code of your authenticator app"
                        description="The one it shows now."
                        autoComplete="one-time-code"
                        inputMode="numeric"
                        maxLength={64}
                        maw={240}
                    />
                )}
            </Form>
        </Modal>
    );
}
