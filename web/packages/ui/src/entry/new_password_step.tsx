// In place of a password that was good once: one's own.

import { PasswordInput } from '@mantine/core';
import { client } from '@mobilytics/api';
import type { Session } from '@mobilytics/api';
import { Form } from '../form/form';
import { useForm } from '../form/use_form';
import { EntryBox, entryError } from './entry_box';
import { NewPassword, passwordFault } from './password';

interface NewPasswordStepProps {
    current: string;
    done: (session: Session, password: string) => void;
    leave: () => void;
}

export function NewPasswordStep({ done, leave, current }: NewPasswordStepProps) {
    const form = useForm({
        initial: { current, next: '' },
        check: ({ next }) => ({ ...(passwordFault(next) ? { next: passwordFault(next)! } : {}) }),
        send: body => client.call('change_password', { body }).catch(entryError),
        done: (session, { next }) => done(session, next),
        places: {
            wrong_password: 'current',
            password_too_short: 'next',
            password_too_long: 'next',
            password_common: 'next',
        },
    });
    return (
        <EntryBox
            title="Choose your own password"
            about="The one that you signed in with was good once, to get you here."
        >
            <Form form={form} submit="Go on" size="md" full>
                {!current && (
                    <PasswordInput
                        {...form.text('current')}
                        label="The one-time password"
                        size="md"
                        autoComplete="current-password"
                    />
                )}
                <NewPassword {...form.text('next')} size="md" autoFocus />
            </Form>
            <div className="sign-in-links">
                <button type="button" className="link-button" onClick={leave}>
                    Somebody else
                </button>
            </div>
        </EntryBox>
    );
}
