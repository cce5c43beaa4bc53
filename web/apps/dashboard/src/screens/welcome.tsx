// The first minutes: who one is and what the company is called. Then the overview leads on.

import { useEffect } from 'react';
import { PasswordInput, Select, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import {
    EntryBox,
    Form,
    Lines,
    sentence,
    sessionQuery,
    useForm,
    useMay,
    useSession,
} from '@mobilytics/ui';
import { currencyChoices, zoneChoices } from './settings/choices';
import { emailFault } from './settings/email';

/** Of an installation's first person, as long as they have not said theirs. */
const isOurs = (email: string) => !email.split('@')[1]?.includes('.');

function EmailStep() {
    const session = useSession();
    const navigate = useNavigate();
    const mayName = useMay('change_company') && session.company.kind !== 'house';
    const goOn = () =>
        void navigate({
            to: mayName ? '/welcome' : '/',
            search: (mayName ? { step: 'company' } : {}) as never,
        });
    const form = useForm({
        initial: { email: '', password: '' },
        check: ({ email }) => {
            const fault = emailFault(email);
            return fault ? { email: fault } : {};
        },
        send: ({ email, password }) =>
            client.call('change_email', { body: { email: email.trim(), password } }),
        done: (_, { email }) => {
            notifications.show({ message: `A link is on its way to ${email.trim()}.` });
            goOn();
        },
        places: { wrong_password: 'password', bad_email: 'email' },
    });
    return (
        <EntryBox
            title="Your e-mail"
            about={
                <>
                    You are {session.user.email} so far, which no mail reaches. A link goes to the
                    address that you say here; once it is opened, you sign in with that. Without a
                    mail server it waits in the backoffice, under Mail.
                </>
            }
        >
            <Form
                form={form}
                submit="Send the link"
                size="md"
                full
                disabled={!form.values.email.trim() || !form.values.password}
            >
                <TextInput
                    {...form.text('email')}
                    label="E-mail"
                    type="email"
                    size="md"
                    autoFocus
                    autoComplete="email"
                    maxLength={254}
                />
                <PasswordInput
                    {...form.text('password')}
                    label="Your password"
                    description="The one that you have just chosen."
                    size="md"
                    autoComplete="current-password"
                    maxLength={256}
                />
            </Form>
            <div className="sign-in-links">
                <button type="button" className="link-button" onClick={goOn}>
                    Later
                </button>
            </div>
        </EntryBox>
    );
}

function You() {
    const session = useSession();
    const queries = useQueryClient();
    const navigate = useNavigate();
    const mayChange = useMay('change_company');
    // Whoever joins our own house does not name it.
    const mayName = mayChange && session.company.kind !== 'house';
    const form = useForm({
        initial: { name: session.user.name === 'Owner' ? '' : session.user.name },
        check: ({ name }) => ({ ...(name.trim() ? {} : { name: 'Others see you by it.' }) }),
        send: ({ name }) => client.call('change_profile', { body: { name: name.trim() } }),
        done: () => {
            void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
            const next = isOurs(session.user.email) ? 'email' : mayName ? 'company' : undefined;
            void navigate({ to: next ? '/welcome' : '/', search: { step: next } as never });
        },
    });
    return (
        <EntryBox
            title="Welcome"
            about={
                <>
                    A few questions, then {session.company.name} can measure. You signed in as{' '}
                    <strong>{session.user.email}</strong>.
                </>
            }
        >
            <Form form={form} submit="Go on" size="md" full>
                <TextInput
                    {...form.text('name')}
                    label="Your name"
                    size="md"
                    autoFocus
                    autoComplete="name"
                    maxLength={200}
                />
            </Form>
        </EntryBox>
    );
}

function CompanyStep() {
    const { company } = useSession();
    const queries = useQueryClient();
    const navigate = useNavigate();
    const form = useForm({
        initial: {
            name: company.name,
            time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || company.time_zone,
            currency: company.currency,
        },
        check: ({ name }) => ({ ...(name.trim() ? {} : { name: 'What is it called?' }) }),
        send: body => client.call('change_company', { body }),
        done: async () => {
            await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
            void navigate({ to: '/', replace: true });
        },
        places: { bad_name: 'name', bad_time_zone: 'time_zone', bad_currency: 'currency' },
    });
    return (
        <EntryBox
            title="Your company"
            about="Hours and days of every figure are cut in its time zone. All of it can be changed later."
        >
            <Form form={form} submit="Begin" size="md" full>
                <TextInput
                    {...form.text('name')}
                    label="Name"
                    size="md"
                    autoFocus
                    autoComplete="organization"
                    maxLength={200}
                />
                <Select
                    {...form.choice('time_zone')}
                    label="Time zone"
                    size="md"
                    searchable
                    allowDeselect={false}
                    limit={100}
                    data={zoneChoices()}
                />
                <Select
                    {...form.choice('currency')}
                    label="Currency"
                    size="md"
                    searchable
                    allowDeselect={false}
                    limit={100}
                    data={currencyChoices()}
                />
            </Form>
        </EntryBox>
    );
}

/** The first owner belongs to our own house too: the company to begin with is the other one. */
function Elsewhere({ companyId }: { companyId: string }) {
    const switching = useMutation({
        mutationFn: () => client.call('choose_company', { body: { company_id: companyId } }),
        onSuccess: () => window.location.reload(),
    });
    const { mutate } = switching;
    useEffect(() => mutate(), [mutate]);
    return (
        <EntryBox title="Welcome">
            {switching.error ? (
                <p className="form-trouble" role="alert">
                    {sentence(switching.error.message)}
                </p>
            ) : (
                <Lines count={3} />
            )}
        </EntryBox>
    );
}

export function Welcome() {
    const { step } = useSearch({ strict: false }) as { step?: string };
    const { company, companies } = useSession();
    const other = companies.find(each => each.kind !== 'house');
    if (company.kind === 'house' && other) return <Elsewhere companyId={other.company_id} />;
    if (step === 'email') return <EmailStep />;
    return step === 'company' ? <CompanyStep /> : <You />;
}
