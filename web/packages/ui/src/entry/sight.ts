// What a contract lets a company see of one below it.

import type { Session, Share } from '@mobilytics/api';

/** The permissions that each share brings; all of them are for looking. */
export const kSightScopes: Record<Share, string[]> = {
    profile: [],
    people: ['people:read', 'company:read'],
    assets: ['assets:read', 'devices:read'],
    reports: ['reports:read'],
};

/** What it is called where one sees it. */
export const kShareWords: Record<Share, string> = {
    profile: 'name and settings',
    people: 'people',
    assets: 'assets',
    reports: 'figures',
};

/** Whether this session may ask for what takes this permission, as far as a contract limits it. */
export function inSight({ sight }: Session, permission: string): boolean {
    return !sight || sight.shares.some(share => kSightScopes[share].includes(permission));
}

/** What one sees of it; that it has a name goes without saying. */
export function seenWords(shares: Share[]): string[] {
    return shares.filter(share => share !== 'profile').map(share => kShareWords[share]);
}
