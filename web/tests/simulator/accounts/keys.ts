// Keys of the API.

import type { NewApiKey } from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { ago, id, paged } from '../lists';
import { Refusal, invalid } from '../refusal';
import { kDay, kHour } from './book';
import type { Book } from './book';

export function makeKey(book: Book, given: NewApiKey, days: number, used: number | undefined) {
    return {
        id: id('api_key'),
        company: book.company,
        name: given.name,
        prefix: `mk_${(++book.serial * 7919).toString(36).padStart(6, 'q')}`,
        role: given.role,
        scopes: given.scopes,
        networks: given.networks ?? [],
        added_at: ago(days * kDay),
        added_by: book.owner,
        ...(given.expires_at ? { expires_at: given.expires_at } : {}),
        ...(used ? { used_at: ago(used) } : {}),
    };
}

/** Keys of a company. */
export const keys = (book: Book): Record<string, Deed> => ({
    list_api_keys: asked => [
        200,
        paged(
            book.keys
                .filter(each => each.company === book.me(asked).company)
                .map(({ company: _, ...key }) => key),
            asked.query,
            {
                sorts: {
                    name: row => row.name,
                    added_at: row => row.added_at,
                    expires_at: row => row.expires_at,
                    used_at: row => row.used_at,
                },
            },
        ),
    ],
    add_api_key: asked => {
        const given = asked.body as NewApiKey;
        invalid({
            name: !given.name.trim() && 'must not be empty',
            networks:
                given.networks?.some(each => !/^[0-9a-f.:]+(\/\d{1,3})?$/i.test(each)) &&
                'an address, or a network as 203.0.113.0/24',
            expires_at:
                given.expires_at && Date.parse(given.expires_at) < Date.now() && 'is in the past',
        });
        const key = makeKey(book, given, 0, undefined);
        book.keys.unshift(key);
        const { company: _, ...shown } = key;
        book.log(book.me(asked).person, 'accounts.api_key_added', [
            { type: 'api_key', id: key.id, name: key.name },
        ]);
        return [201, { key: shown, secret: `${key.prefix}_synthetic0secret0of0the0stand0in` }];
    },
    revoke_api_key: ({ params }) => {
        const key = book.keys.find(each => each.id === params['api_key_id']);
        if (!key) throw new Refusal(404, 'no_such_api_key', params['api_key_id']!);
        key.revoked_at = new Date().toISOString();
        return [204, undefined];
    },
    rotate_api_key: ({ params, body }) => {
        const key = book.keys.find(each => each.id === params['api_key_id']);
        if (!key) throw new Refusal(404, 'no_such_api_key', params['api_key_id']!);
        const { overlap_hours } = body as { overlap_hours: number };
        key.previous_until = ago(-overlap_hours * kHour);
        const { company: _, ...shown } = key;
        return [200, { key: shown, secret: `${key.prefix}_another0synthetic0secret` }];
    },
});
