// What a key can be let do: the permissions of the contract, of the operations that its role may.

import { operations } from '@mobilytics/api';
import type { Role } from '@mobilytics/api';

export interface ScopeGroup {
    resource: string;
    verbs: string[];
}

const kVerbs = ['read', 'write', 'export'];
/** Of people, in person: a program has none of these. */
const kOfPeople = ['session', 'sessions', 'profile', 'password', 'second_factor', 'ownership'];

export function scopesOf(role: Role): ScopeGroup[] {
    const found = new Map<string, Set<string>>();
    for (const { roles, permission } of Object.values(operations)) {
        const [resource = '', verb = ''] = permission.split(':');
        if (!(roles as readonly string[]).includes(role) || kOfPeople.includes(resource)) continue;
        found.set(resource, (found.get(resource) ?? new Set()).add(verb));
    }
    return [...found]
        .map(([resource, verbs]) => ({
            resource,
            verbs: kVerbs.filter(verb => verbs.has(verb)),
        }))
        .sort((a, b) => a.resource.localeCompare(b.resource));
}
