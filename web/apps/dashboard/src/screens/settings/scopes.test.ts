import { expect, test } from 'vitest';
import { scopesOf } from './scopes';

const flat = (role: Parameters<typeof scopesOf>[0]) =>
    scopesOf(role).flatMap(({ resource, verbs }) => verbs.map(verb => `${resource}:${verb}`));

test('a key is offered what its role may, and nothing of people in person', () => {
    expect(flat('viewer')).toContain('reports:read');
    expect(flat('viewer')).not.toContain('assets:write');
    expect(flat('operator')).toContain('assets:write');
    expect(flat('admin')).toContain('audit:export');
    for (const scope of flat('owner')) {
        expect(scope).not.toMatch(/^(password|second_factor|session|profile|ownership|backoffice)/);
    }
});
