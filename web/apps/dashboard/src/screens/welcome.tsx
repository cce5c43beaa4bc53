// The first minutes: who one is and what the company is called. Then the overview leads on.

import { Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { client } from '@mobilytics/api';
import { EntryBox, Form, sessionQuery, useForm, useMay, useSession } from '@mobilytics/ui';
import { currencyChoices, zoneChoices } from './settings/choices';

function You() {
    const session = useSession();
    const queries = useQueryClient();
    const navigate = useNavigate();
    const mayName = useMay('change_company');
    const form = useForm({
        initial: { name: session.user.name === 'Owner' ? '' : session.user.name },
        check: ({ name }) => ({ ...(name.trim() ? {} : { name: 'Others see you by it.' }) }),
        send: ({ name }) => client.call('change_profile', { body: { name: name.trim() } }),
        done: () => {
            void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
            void navigate({
                to: mayName ? '/welcome' : '/',
                search: (mayName ? { step: 'company' } : {}) as never,
            });
        },
    });
    return (
        <EntryBox
            title="Welcome"
            about={
                <>
                    Two questions, then {session.company.name} can measure. You signed in as{' '}
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

export function Welcome() {
    const { step } = useSearch({ strict: false }) as { step?: string };
    return step === 'company' ? <CompanyStep /> : <You />;
}
