import {
    IconActivityHeartbeat,
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

/** `needs`: the operation that the page cannot do without. */
export interface StaffPage extends NavPage {
    needs: Name;
}

export const kGroups: { label: string; pages: StaffPage[] }[] = [
    {
        label: 'Machinery',
        pages: [
            { to: '/jobs', label: 'Jobs', icon: IconStack2, needs: 'list_jobs' },
            { to: '/webhooks', label: 'Webhooks', icon: IconWebhook, needs: 'list_all_endpoints' },
            { to: '/mail', label: 'Mail', icon: IconMail, needs: 'list_mail' },
        ],
    },
];

export const kStaffPages = kGroups.flatMap(({ pages }) => pages);

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

export {
    IconActivityHeartbeat,
    IconBuildingCommunity,
    IconDevices,
    IconEye,
    IconHistory,
    IconUsers,
};
