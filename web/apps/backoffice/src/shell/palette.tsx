// Ctrl K: every page, and what the server finds of a name.

import { useMantineColorScheme } from '@mantine/core';
import { CommandPalette, useSession, useSignOut } from '@mobilytics/ui';
import { pagesOf } from './pages';

interface PaletteProps {
    go: (to: string, search?: object) => void;
}

export function Palette({ go }: PaletteProps) {
    const { user } = useSession();
    const signOut = useSignOut();
    const { setColorScheme } = useMantineColorScheme();
    return (
        <CommandPalette
            placeholder="Find a page, a company, a person"
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
                        {
                            id: 'dead',
                            label: 'Dead letters',
                            about: 'Jobs that were given up',
                            open: () => go('/jobs', { state: 'discarded' }),
                        },
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
