// The pages and their order: those that everybody has, and the settings' own.

import {
    IconAdjustmentsHorizontal,
    IconBell,
    IconBuilding,
    IconBuildingCommunity,
    IconChartBar,
    IconAddressBook,
    IconHeartbeat,
    IconHistory,
    IconHome2,
    IconKey,
    IconLock,
    IconMap2,
    IconMapPin,
    IconRoute,
    IconSettings,
    IconScale,
    IconShieldLock,
    IconTargetArrow,
    IconUser,
    IconUsers,
    IconUsersGroup,
    IconWebhook,
} from '@tabler/icons-react';
import { operations } from '@mobilytics/api';
import type { Name, Session } from '@mobilytics/api';
import { inSight, may } from '@mobilytics/ui';
import type { NavGroup, NavPage } from '@mobilytics/ui';

/** `about`: of a range of time and some assets, with the filters that choose them. */
export interface PlacedPage extends NavPage {
    about?: boolean;
    /** The same, whatever kind of radio it was heard by. */
    allRadio?: boolean;
    /** What it cannot do without; everybody sees it, when left out. */
    needs?: Name;
    /** What another company has to share for it, where one sees that by its contract. */
    sees?: Name;
}

export const kPages: PlacedPage[] = [
    { to: '/', label: 'Overview', icon: IconHome2, about: true, exact: true, sees: 'overview' },
    {
        to: '/map',
        label: 'Live map',
        short: 'Map',
        icon: IconRoute,
        about: true,
        sees: 'live_assets',
    },
    { to: '/exposure', label: 'Exposure', icon: IconChartBar, about: true, sees: 'exposure' },
    {
        to: '/media-metrics',
        label: 'Metrics',
        icon: IconTargetArrow,
        about: true,
        sees: 'face_report',
    },
    { to: '/regions', label: 'Regions', icon: IconMap2, about: true, sees: 'region_report' },
    {
        to: '/quality',
        label: 'Quality',
        icon: IconHeartbeat,
        about: true,
        allRadio: true,
        sees: 'data_quality',
    },
    { to: '/assets', label: 'Assets', icon: IconMapPin, sees: 'list_assets' },
    { to: '/calibration', label: 'Calibration', icon: IconScale, sees: 'list_sites' },
    { to: '/settings', label: 'Settings', icon: IconSettings },
];

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
            { to: '/settings/profile', label: 'Profile', icon: IconUser, sees: 'find_profile' },
            {
                to: '/settings/security',
                label: 'Security',
                icon: IconShieldLock,
                sees: 'find_profile',
            },
            {
                to: '/settings/notices',
                label: 'Notices',
                icon: IconBell,
                needs: 'list_notices',
            },
        ],
    },
    {
        label: 'Company',
        pages: [
            {
                to: '/settings/company',
                label: 'Company',
                icon: IconBuilding,
                needs: 'find_company',
            },
            { to: '/settings/people', label: 'People', icon: IconUsers, needs: 'list_people' },
            {
                to: '/settings/contacts',
                label: 'Contacts',
                icon: IconAddressBook,
                needs: 'list_contacts',
            },
            {
                to: '/settings/markets',
                label: 'Markets',
                icon: IconUsersGroup,
                sees: 'list_markets',
            },
            {
                to: '/settings/companies',
                label: 'Companies below',
                icon: IconBuildingCommunity,
                needs: 'add_company',
            },
        ],
    },
    {
        label: 'Data and access',
        pages: [
            { to: '/settings/api-keys', label: 'API keys', icon: IconKey, needs: 'list_api_keys' },
            {
                to: '/settings/webhooks',
                label: 'Webhooks',
                icon: IconWebhook,
                needs: 'list_endpoints',
            },
            { to: '/settings/audit', label: 'Audit', icon: IconHistory, needs: 'list_audit' },
            { to: '/settings/privacy', label: 'Privacy', icon: IconLock, needs: 'data_map' },
        ],
    },
];

export const isSettings = (path: string) => path === '/settings' || path.startsWith('/settings/');

function shown(session: Session, { needs, sees }: PlacedPage): boolean {
    if (needs && !may(session, needs)) return false;
    return !sees || inSight(session, operations[sees].permission);
}

/** The pages that everybody has; of another company, those of what it shares. */
export function pagesOf(session: Session): PlacedPage[] {
    return kPages.filter(page => shown(session, page));
}

/** What somebody of this role sees. */
export function settingsOf(session: Session): NavGroup[] {
    return kSettings
        .map(({ label, pages }) => ({
            label,
            pages: pages.filter(page => shown(session, page)),
        }))
        .filter(({ pages }) => pages.length > 0);
}

/** Whether a page is among what another company shares; always, where it is one's own. */
export function isShown(session: Session, path: string): boolean {
    const page = pageAt(path);
    return !session.sight || !page || shown(session, page);
}

export function pageAt(path: string): PlacedPage | undefined {
    const all = [...kPages, ...kSettings.flatMap(({ pages }) => pages)];
    return (
        all.find(page => page.to === path) ??
        all.findLast(page => page.to !== '/' && path.startsWith(`${page.to}/`))
    );
}
