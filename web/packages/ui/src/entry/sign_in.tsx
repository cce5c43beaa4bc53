// The way in: a password, then what is still needed. What went wrong is said beside
// its field, and never who is known here and who is not.

import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { ApiError, client } from '@mobilytics/api';
import type { Session } from '@mobilytics/api';
import { Form } from '../form/form';
import { useForm } from '../form/use_form';
import { NewPassword, passwordFault } from './password';
import { sessionQuery } from './session';

const kWords: Record<string, string> = {
    wrong_password: 'That e-mail or password is not right.',
    wrong_credentials: 'That e-mail or password is not right.',
    wrong_code: 'That code is not right. Codes change every 30 seconds.',
    unreachable: 'The server cannot be reached. Is it running?',
};

/** The same words for whoever is not known here, and for what the server says by its code. */
export function entryError(error: unknown): never {
    if (error instanceof ApiError && kWords[error.code]) {
        throw new ApiError(
            error.status,
            error.code,
            kWords[error.code]!,
            error.faults,
            error.retryAfterSeconds,
        );
    }
    throw error;
}

interface BoxProps {
    title: string;
    about?: ReactNode;
    children: ReactNode;
}

export function EntryBox({ title, about, children }: BoxProps) {
    useEffect(() => {
        document.title = `${title} · Mobilytics`;
    }, [title]);
    return (
        <main className="sign-in">
            <div className="sign-in-box">
                <img src="/mark.svg" alt="" width="36" height="36" />
                <h1>{title}</h1>
                {about && <p>{about}</p>}
                {children}
            </div>
        </main>
    );
}

interface PasswordStepProps {
    title: string;
    done: (session: Session, password: string) => void;
    forgotten: ReactNode;
}

function PasswordStep({ title, done, forgotten }: PasswordStepProps) {
    const form = useForm({
        initial: { email: '', password: '' },
        send: body => client.call('begin_session', { body }).catch(entryError),
        done: (session, { password }) => done(session, password),
    });
    const { email, password } = form.values;
    return (
        <EntryBox title={title}>
            <Form form={form} submit="Sign in" size="md" full disabled={!email.trim() || !password}>
                <TextInput
                    {...form.text('email')}
                    label="E-mail"
                    type="email"
                    size="md"
                    autoFocus
                    autoComplete="username"
                    maxLength={254}
                />
                <PasswordInput
                    {...form.text('password')}
                    label="Password"
                    size="md"
                    autoComplete="current-password"
                    maxLength={256}
                />
            </Form>
            <div className="sign-in-links">{forgotten}</div>
        </EntryBox>
    );
}

interface StepProps {
    done: (session: Session) => void;
    leave: () => void;
}

function CodeStep({ done, leave }: StepProps) {
    const [recovery, setRecovery] = useState(false);
    const form = useForm({
        initial: { code: '' },
        send: ({ code }) =>
            client
                .call('show_second_factor', { body: { code: code.replaceAll(/\s/g, '') } })
                .catch(entryError),
        done,
        places: { wrong_code: 'code' },
    });
    const { reset } = form;
    return (
        <EntryBox
            title="Second factor"
            about={
                recovery
                    ? 'One of the recovery codes that you have kept. Each is good once.'
                    : 'The six digits that your authenticator app shows now.'
            }
        >
            <Form
                key={String(recovery)}
                form={form}
                submit="Go on"
                size="md"
                full
                disabled={!form.values.code.trim()}
            >
                <TextInput
                    {...form.text('code')}
                    label={recovery ? 'Recovery code' : 'Code'}
                    size="md"
                    autoFocus
                    autoComplete="one-time-code"
                    inputMode={recovery ? 'text' : 'numeric'}
                    maxLength={64}
                />
            </Form>
            <div className="sign-in-links">
                <button
                    type="button"
                    className="link-button"
                    onClick={() => {
                        reset();
                        setRecovery(before => !before);
                    }}
                >
                    {recovery ? 'Use the app instead' : 'I have lost the app'}
                </button>
                <button type="button" className="link-button" onClick={leave}>
                    Somebody else
                </button>
            </div>
        </EntryBox>
    );
}

function NewPasswordStep({ done, leave, current }: StepProps & { current: string }) {
    const form = useForm({
        initial: { current, next: '' },
        check: ({ next }) => ({ ...(passwordFault(next) ? { next: passwordFault(next)! } : {}) }),
        send: body => client.call('change_password', { body }).catch(entryError),
        done,
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

interface SignInFlowProps {
    title: string;
    /** `first`: it was a one-time password, so somebody is here for the first time. */
    done: (session: Session, first: boolean) => void;
    forgotten: ReactNode;
}

/** All steps. Whoever has got half way and comes back goes on from there. */
export function SignInFlow({ title, done, forgotten }: SignInFlowProps) {
    const queries = useQueryClient();
    const known = queries.getQueryData(sessionQuery.queryKey);
    const [session, setSession] = useState(known && known.needs !== 'nothing' ? known : undefined);
    const [password, setPassword] = useState('');
    const [first, setFirst] = useState(session?.needs === 'new_password');
    const step = (next: Session) => {
        queries.setQueryData(sessionQuery.queryKey, next);
        if (next.needs === 'new_password') setFirst(true);
        if (next.needs === 'nothing') done(next, first || next.user.has_one_time_password);
        else setSession(next);
    };
    const leave = () => {
        void client
            .call('end_session')
            .catch(() => undefined)
            .then(() => {
                queries.removeQueries({ queryKey: sessionQuery.queryKey });
                setSession(undefined);
                setPassword('');
                setFirst(false);
            });
    };
    if (session?.needs === 'second_factor') return <CodeStep done={step} leave={leave} />;
    if (session?.needs === 'new_password') {
        return <NewPasswordStep done={step} leave={leave} current={password} />;
    }
    return (
        <PasswordStep
            title={title}
            forgotten={forgotten}
            done={(next, given) => {
                setPassword(given);
                step(next);
            }}
        />
    );
}
