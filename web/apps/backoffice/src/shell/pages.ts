// The pages of the backoffice, and what each cannot do without.

import {
    IconActivityHeartbeat,
    IconAddressBook,
    IconBuildingCommunity,
    IconDevices,
    IconEye,
    IconHistory,
    IconMail,
    IconStack2,
    IconUsers,
    IconWebhook,
} from '@tabler/icons-react';
import { operations } from '@mobilytics/api';
import type { Name, Role } from '@mobilytics/api';
import type { NavPage } from '@mobilytics/ui';

export interface StaffPage extends NavPage {
    needs: Name;
}

const kGroups: { label: string; pages: StaffPage[] }[] = [
    {
        label: 'Customers',
        pages: [
            {
                to: '/companies',
                label: 'Companies',
                icon: IconBuildingCommunity,
                needs: 'staff_list_companies',
            },
            { to: '/people', label: 'People', icon: IconUsers, needs: 'staff_list_people' },
            {
                to: '/contacts',
                label: 'Contacts',
                icon: IconAddressBook,
                needs: 'staff_list_contacts',
            },
            { to: '/sessions', label: 'Sessions', icon: IconDevices, needs: 'staff_list_sessions' },
            {
                to: '/impersonations',
                label: 'Impersonations',
                icon: IconEye,
                needs: 'staff_list_impersonations',
            },
        ],
    },
    {
        label: 'Machinery',
        pages: [
            {
                to: '/health',
                label: 'Health',
                icon: IconActivityHeartbeat,
                needs: 'find_health',
            },
            { to: '/jobs', label: 'Jobs', icon: IconStack2, needs: 'list_jobs' },
            { to: '/webhooks', label: 'Webhooks', icon: IconWebhook, needs: 'list_all_endpoints' },
            { to: '/mail', label: 'Mail', icon: IconMail, needs: 'list_mail' },
            { to: '/audit', label: 'Audit', icon: IconHistory, needs: 'list_backoffice_audit' },
        ],
    },
];

export const kStaffPages = kGroups.flatMap(({ pages }) => pages);

/** On a narrow screen these are a thumb away; the others are in the palette. */
export const kBottom = ['/companies', '/people', '/jobs', '/health', '/audit'];

export function pagesOf(role: Role) {
    return kGroups
        .map(({ label, pages }) => ({
            label,
            pages: pages.filter(({ needs }) =>
                (operations[needs].roles as readonly string[]).includes(role),
            ),
        }))
        .filter(({ pages }) => pages.length > 0);
}
