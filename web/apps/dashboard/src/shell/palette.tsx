// Ctrl K: every page, every asset, every thing one can do.

import { useMantineColorScheme } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import type { SpotlightActionData, SpotlightActionGroupData } from '@mantine/spotlight';
import { useNavigate } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { assetsQuery } from '../data/queries';
import { kDefaultRange, kPresetLabels, kPresets } from '../time/ranges';
import { saveSheet, useOpenSheets } from './sheets';
import { useChangeSearch, useView } from './view';
import { useShareLink } from './layout';
import { useSignOut } from './sign_out';

export function Palette() {
    const navigate = useNavigate();
    const change = useChangeSearch();
    const view = useView();
    const sheets = useOpenSheets();
    const share = useShareLink();
    const signOut = useSignOut();
    const { setColorScheme } = useMantineColorScheme();
    const { data: assets = [] } = useQuery(assetsQuery);

    const action = (
        label: string,
        onClick: () => void,
        description?: string,
    ): SpotlightActionData => ({
        id: label + (description ?? ''),
        label,
        onClick,
        ...(description ? { description } : {}),
    });
    const go =
        (to: string, search: object = {}) =>
        () =>
            void navigate({ to, search: search as never });

    const groups: SpotlightActionGroupData[] = [
        {
            group: 'Go to',
            actions: [
                action('Overview', go('/')),
                action('Live map', go('/map')),
                action('Exposure', go('/exposure')),
                action('Assets', go('/assets')),
                action('Sensors', go('/assets', { tab: 'sensors' })),
                action('Settings', go('/settings')),
                action('How figures are computed', go('/definitions'), 'Definitions'),
            ],
        },
        {
            group: 'Do',
            actions: [
                action('Connect a sensor', go('/assets', { connect: 'new' })),
                action('Copy a link to this view', share),
                ...sheets.map(open =>
                    action(`Download: ${open.sheet.title}`, () => saveSheet(open, view), 'CSV'),
                ),
                action('Light', () => setColorScheme('light'), 'Appearance'),
                action('Dark', () => setColorScheme('dark'), 'Appearance'),
                action('As the system', () => setColorScheme('auto'), 'Appearance'),
                action('Sign out', signOut),
            ],
        },
        {
            group: 'Time',
            actions: [
                ...kPresets.map(name =>
                    action(kPresetLabels[name], () =>
                        change({
                            range: name === kDefaultRange ? undefined : name,
                            from: undefined,
                            to: undefined,
                        }),
                    ),
                ),
                action(view.compare ? 'Do not compare' : 'Compare with the time before', () =>
                    change({ compare: view.compare ? 'none' : undefined }),
                ),
            ],
        },
        {
            group: 'Assets',
            actions: assets.map(asset =>
                action(asset.name, go('/map', { asset: asset.id }), asset.code),
            ),
        },
    ];
    return (
        <Spotlight
            actions={groups}
            shortcut={['mod + K']}
            limit={9}
            nothingFound="Nothing is called that."
            highlightQuery
            scrollable
            maxHeight={420}
            overlayProps={{ backgroundOpacity: 0.28, blur: 0 }}
            searchProps={{
                leftSection: <IconSearch size={17} stroke={1.7} />,
                placeholder: 'Find a page, an asset or an action',
                'aria-label': 'Find anything',
            }}
        />
    );
}
