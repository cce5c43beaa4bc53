// What each role may do, in the words that people choose by.

import type { Role } from '@mobilytics/api';

export const kRoles: Record<Role, { word: string; means: string }> = {
    viewer: { word: 'Viewer', means: 'sees figures, the map and assets; changes nothing.' },
    analyst: {
        word: 'Analyst',
        means: 'sees all of it, and makes what others see of the figures.',
    },
    admin: {
        word: 'Admin',
        means: 'changes assets and sensors, invites people, makes keys and webhooks, reads the audit.',
    },
    owner: {
        word: 'Owner',
        means: 'does all that an admin does, hands on the company, decides what the company above it may see.',
    },
    operator: {
        word: 'Operator',
        means: 'does the fleet’s work: assets and sensors; sees what a viewer sees.',
    },
    support: { word: 'Support', means: 'our staff: helps customers.' },
    fulfillment: { word: 'Fulfillment', means: 'our staff: builds and ships devices.' },
    finance: { word: 'Finance', means: 'our staff: invoices and payment.' },
    engineer: { word: 'Engineer', means: 'our staff: keeps the machinery running.' },
    superuser: { word: 'Superuser', means: 'our staff: whatever any other of them may.' },
};

export const kCustomerRoles: Role[] = ['viewer', 'analyst', 'operator', 'admin', 'owner'];
export const kStaffRoles: Role[] = ['support', 'fulfillment', 'finance', 'engineer', 'superuser'];
