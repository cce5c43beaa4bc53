// What has been done, for the audit of the stand-in. Synthetic.

import type { AuditRecord } from '../../../packages/api/src/types';
import { id, paged } from '../lists';
import { kDay } from './book';
import type { Book } from './book';

export function fillTrail(book: Book) {
    const ada = book.owner;
    const marcus = id('person', 10);
    const some: [
        number,
        string,
        string,
        AuditRecord['targets'],
        AuditRecord['changes'],
        Partial<AuditRecord>,
    ][] = [
        [
            240,
            ada,
            'accounts.api_key_added',
            [{ type: 'api_key', id: book.keys[1]!.id, name: 'Booking system' }],
            [
                { field: 'scopes', after: '["assets:read","assets:write","reports:read"]' },
                { field: 'networks', after: '["203.0.113.0/24"]' },
            ],
            {},
        ],
        [
            3100,
            marcus,
            'accounts.role_changed',
            [{ type: 'person', id: id('person', 12), name: 'Tomasz Zielinski' }],
            [{ field: 'role', before: '"viewer"', after: '"operator"' }],
            { reason: 'Joins the field crew' },
        ],
        [
            5400,
            id('person', 13),
            'accounts.second_factor_failed',
            [{ type: 'person', id: id('person', 13), name: 'Priya Raman' }],
            [],
            { outcome: 'failure' },
        ],
        [
            9000,
            '',
            'webhooks.endpoint_disabled',
            [{ type: 'endpoint', id: id('endpoint', 3), name: 'old.lakeshore.example' }],
            [{ field: 'state', before: '"enabled"', after: '"disabled_by_receiver"' }],
            { actor: { kind: 'system', id: 'webhooks' } },
        ],
        [
            22_000,
            marcus,
            'assets.asset_retired',
            [{ type: 'asset', id: id('asset', 12), name: 'Logan Square board' }],
            [{ field: 'state', before: '"in_service"', after: '"retired"' }],
            {},
        ],
        [
            40_000,
            id('person', 13),
            'accounts.invite',
            [{ type: 'company', id: book.company, name: 'Lakeshore Outdoor' }],
            [],
            { outcome: 'denied', reason: 'role_not_enough' },
        ],
        [
            12 * kDay,
            marcus,
            'reports.exposure_read',
            [{ type: 'report', id: 'exposure' }],
            [],
            {
                actor: { kind: 'person', id: marcus, impersonator: id('person', 40) },
                reason: 'SUP-1042',
            },
        ],
        [
            13 * kDay,
            ada,
            'accounts.company_changed',
            [{ type: 'company', id: book.company, name: 'Lakeshore Outdoor' }],
            [
                { field: 'brand.accent_color', before: '"#2f55e0"', after: '"#0b7a75"' },
                { field: 'name', before: '"Lakeshore"', after: '"Lakeshore Outdoor"' },
            ],
            {},
        ],
    ];
    for (const [seconds, actor, action, targets, changes, more] of some) {
        book.trail.push(book.record(seconds, actor, action, targets, changes, more));
    }
    for (let i = 0; i < 140; ++i) {
        book.trail.push(
            book.record(50_000 + i * 3000, i % 3 ? marcus : ada, 'assets.asset_moved', [
                { type: 'asset', id: id('asset', 20 + (i % 9)), name: `Board ${20 + (i % 9)}` },
            ]),
        );
    }
    book.trail.sort((a, b) => (a.occurred_at < b.occurred_at ? 1 : -1));
    book.trail.forEach((each, i) => (each.position = book.trail.length - i));
}

export function history(rows: AuditRecord[], query: URLSearchParams) {
    const at = (text: string) => Date.parse(text);
    return paged(rows, query, {
        finds: row => [JSON.stringify(row)],
        filters: {
            company: (row, value) => row.company_id === value,
            actor: (row, value) => row.actor.id === value || row.actor.impersonator === value,
            action: (row, value) => row.action === value || row.action.startsWith(`${value}.`),
            target: (row, value) => row.targets.some(target => target.id === value),
            outcome: (row, value) => row.outcome === value,
            from: (row, value) => at(row.occurred_at) >= at(value),
            to: (row, value) => at(row.occurred_at) < at(value),
        },
    });
}
