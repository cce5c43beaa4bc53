// Ctrl K: every page, and what the server finds of a name.

import { useMantineColorScheme } from '@mantine/core';
import { CommandPalette, useSession, useSignOut } from '@mobilytics/ui';
import type { FoundGroup } from '@mobilytics/ui';
import { client } from '@mobilytics/api';
import { kKinds } from '../screens/words';
import { pagesOf } from './pages';

const kMost = 5;

interface PaletteProps {
    go: (to: string, search?: object) => void;
}

export function Palette({ go }: PaletteProps) {
    const { user } = useSession();
    const signOut = useSignOut();
    const { setColorScheme } = useMantineColorScheme();
    const all = pagesOf(user.role).flatMap(({ pages }) => pages.map(({ to }) => to));
    const find = async (q: string, signal: AbortSignal): Promise<FoundGroup[]> => {
        const query = { q, limit: kMost };
        const [companies, people, contacts] = await Promise.all([
            client.call('staff_list_companies', { query, signal }),
            client.call('staff_list_people', { query, signal }),
            client.call('staff_list_contacts', { query, signal }),
        ]);
        return [
            {
                group: 'Companies',
                items: companies.items.map(({ id, name, kind, state }) => ({
                    id,
                    label: name,
                    about: state === 'active' ? kKinds[kind] : `${kKinds[kind]}, suspended`,
                    open: () => go(`/companies/${id}`),
                })),
            },
            {
                group: 'People',
                items: people.items.map(({ id, name, email }) => ({
                    id,
                    label: name,
                    about: email,
                    open: () => go('/people', { q: email }),
                })),
            },
            {
                group: 'Contacts',
                items: contacts.items.map(({ id, name, company_name }) => ({
                    id,
                    label: name,
                    about: `Contact of ${company_name}`,
                    open: () => go('/contacts', { q: name }),
                })),
            },
        ];
    };
    return (
        <CommandPalette
            placeholder="Find a page, a company, a person"
            find={find}
            groups={[
                {
                    group: 'Go to',
                    items: [
                        ...pagesOf(user.role).flatMap(({ label, pages }) =>
                            pages.map(page => ({
                                id: page.to,
                                label: page.label,
                                about: label,
                                open: () => go(page.to),
                            })),
                        ),
                        ...(all.includes('/jobs')
                            ? [
                                  {
                                      id: 'dead',
                                      label: 'Dead letters',
                                      about: 'Jobs that were given up',
                                      open: () => go('/jobs', { state: 'discarded' }),
                                  },
                              ]
                            : []),
                    ],
                },
                {
                    group: 'Do',
                    items: [
                        {
                            id: 'dashboard',
                            label: 'To the dashboard',
                            open: () => window.location.assign('/'),
                        },
                        {
                            id: 'light',
                            label: 'Light',
                            about: 'Appearance',
                            open: () => setColorScheme('light'),
                        },
                        {
                            id: 'dark',
                            label: 'Dark',
                            about: 'Appearance',
                            open: () => setColorScheme('dark'),
                        },
                        { id: 'out', label: 'Sign out', open: signOut },
                    ],
                },
            ]}
        />
    );
}
