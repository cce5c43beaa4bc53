// Ctrl K: every page, every asset, every thing one can do.

import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import { CommandPalette, useMay, useSignOut } from '@mobilytics/ui';
import type { Found, FoundGroup } from '@mobilytics/ui';
import { assetsQuery } from '../data/queries';
import { kDefaultRange, kPresetLabels, kPresets } from '../time/ranges';
import { pagesOf, settingsOf } from './pages';
import { saveSheet, useOpenSheets } from './sheets';
import { useChangeSearch, useView } from './view';
import { useShareLink } from './layout';

const kFoundMost = 5;

export function Palette() {
    const navigate = useNavigate();
    const change = useChangeSearch();
    const view = useView();
    const sheets = useOpenSheets();
    const share = useShareLink();
    const signOut = useSignOut();
    const { setColorScheme } = useMantineColorScheme();
    const { data: assets = [] } = useQuery(assetsQuery);

    const found = (label: string, open: () => void, about?: string): Found => ({
        id: label + (about ?? ''),
        label,
        open,
        ...(about ? { about } : {}),
    });
    const go =
        (to: string, search: object = {}) =>
        () =>
            void navigate({ to, search: search as never });

    const groups: FoundGroup[] = [
        {
            group: 'Go to',
            items: [
                ...pagesOf(view.session).map(page => found(page.label, go(page.to))),
                found('Sensors', go('/assets', { tab: 'sensors' })),
                found('How figures are computed', go('/definitions'), 'Definitions'),
                ...settingsOf(view.session).flatMap(({ label, pages }) =>
                    pages.map(page => found(page.label, go(page.to), `Settings: ${label}`)),
                ),
            ],
        },
        {
            group: 'Do',
            items: [
                found('Connect a sensor', go('/assets', { connect: 'new' })),
                found('Copy a link to this view', share),
                ...sheets.map(open =>
                    found(`Download: ${open.sheet.title}`, () => saveSheet(open, view), 'CSV'),
                ),
                found('Light', () => setColorScheme('light'), 'Appearance'),
                found('Dark', () => setColorScheme('dark'), 'Appearance'),
                found('As the system', () => setColorScheme('auto'), 'Appearance'),
                found('Sign out', signOut),
            ],
        },
        {
            group: 'Time',
            items: [
                ...kPresets.map(name =>
                    found(kPresetLabels[name], () =>
                        change({
                            range: name === kDefaultRange ? undefined : name,
                            from: undefined,
                            to: undefined,
                        }),
                    ),
                ),
                found(view.compare ? 'Do not compare' : 'Compare with the time before', () =>
                    change({ compare: view.compare ? 'none' : undefined }),
                ),
            ],
        },
        {
            group: 'Assets',
            items: assets.map(asset =>
                found(asset.name, go('/map', { asset: asset.id }), asset.code),
            ),
        },
    ];
    const mayPeople = useMay('list_people');
    const mayContacts = useMay('list_contacts');
    const find = async (q: string, signal: AbortSignal): Promise<FoundGroup[]> => {
        const query = { q, limit: kFoundMost };
        const none = { items: [] };
        const [people, contacts] = await Promise.all([
            mayPeople ? client.call('list_people', { query, signal }) : none,
            mayContacts ? client.call('list_contacts', { query, signal }) : none,
        ]);
        return [
            {
                group: 'People',
                items: people.items.map(({ id, name, email }) => ({
                    id,
                    label: name,
                    about: email,
                    open: go('/settings/people', { q: email }),
                })),
            },
            {
                group: 'Contacts',
                items: contacts.items.map(({ id, name, title }) => ({
                    id,
                    label: name,
                    about: title || 'Contact',
                    open: go('/settings/contacts', { q: name }),
                })),
            },
        ];
    };
    return (
        <CommandPalette
            groups={groups}
            find={find}
            placeholder="Find a page, an asset or an action"
        />
    );
}
