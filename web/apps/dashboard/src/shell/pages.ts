// The pages and their order: the five that everybody has, and the settings' own.

import {
    IconAdjustmentsHorizontal,
    IconBell,
    IconBuilding,
    IconBuildingCommunity,
    IconChartBar,
    IconAddressBook,
    IconHistory,
    IconHome2,
    IconKey,
    IconLock,
    IconMapPin,
    IconRoute,
    IconSettings,
    IconShieldLock,
    IconUser,
    IconUsers,
    IconWebhook,
} from '@tabler/icons-react';
import type { Role } from '@mobilytics/api';
import type { NavGroup, NavPage } from '@mobilytics/ui';

/** `about`: of a range of time and some assets, with the filters that choose them. */
export interface PlacedPage extends NavPage {
    about?: boolean;
    /** The roles that may see it; everybody, when left out. */
    roles?: readonly Role[];
}

export const kPages: PlacedPage[] = [
    { to: '/', label: 'Overview', icon: IconHome2, about: true, exact: true },
    { to: '/map', label: 'Live map', short: 'Map', icon: IconRoute, about: true },
    { to: '/exposure', label: 'Exposure', icon: IconChartBar, about: true },
    { to: '/assets', label: 'Assets', icon: IconMapPin },
    { to: '/settings', label: 'Settings', icon: IconSettings },
];

const kAdmins: readonly Role[] = ['admin', 'owner'];

export const kSettings: { label: string; pages: PlacedPage[] }[] = [
    {
        label: 'You',
        pages: [
            {
                to: '/settings',
                label: 'Appearance and time',
                icon: IconAdjustmentsHorizontal,
                exact: true,
            },
            { to: '/settings/profile', label: 'Profile', icon: IconUser },
            { to: '/settings/security', label: 'Security', icon: IconShieldLock },
            { to: '/settings/notifications', label: 'Notifications', icon: IconBell },
        ],
    },
    {
        label: 'Company',
        pages: [
            { to: '/settings/company', label: 'Company', icon: IconBuilding },
            { to: '/settings/people', label: 'People', icon: IconUsers },
            { to: '/settings/contacts', label: 'Contacts', icon: IconAddressBook },
            {
                to: '/settings/companies',
                label: 'Companies below',
                icon: IconBuildingCommunity,
                roles: kAdmins,
            },
        ],
    },
    {
        label: 'Data and access',
        pages: [
            { to: '/settings/api-keys', label: 'API keys', icon: IconKey, roles: kAdmins },
            { to: '/settings/webhooks', label: 'Webhooks', icon: IconWebhook, roles: kAdmins },
            { to: '/settings/audit', label: 'Audit', icon: IconHistory, roles: kAdmins },
            { to: '/settings/privacy', label: 'Privacy', icon: IconLock, roles: kAdmins },
        ],
    },
];

export const isSettings = (path: string) => path === '/settings' || path.startsWith('/settings/');

/** What somebody of this role sees. */
export function settingsOf(role: Role): NavGroup[] {
    return kSettings
        .map(({ label, pages }) => ({
            label,
            pages: pages.filter(page => !page.roles || page.roles.includes(role)),
        }))
        .filter(({ pages }) => pages.length > 0);
}

export function pageAt(path: string): PlacedPage | undefined {
    const all = [...kPages, ...kSettings.flatMap(({ pages }) => pages)];
    return all.findLast(page => page.to === path);
}
