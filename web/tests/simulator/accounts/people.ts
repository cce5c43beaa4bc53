// Who belongs to a company, as what.

import type { Member, MemberChange } from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { paged } from '../lists';
import { Refusal } from '../refusal';
import type { Book, Membership } from './book';

function member(book: Book, membership: Membership): Member {
    const account = book.account(membership.person);
    return {
        id: account.id,
        name: account.name,
        email: account.email,
        role: membership.role,
        state: membership.state,
        joined_at: membership.joined_at,
        has_second_factor: book.factorsOf(account).length > 0,
        ...(account.seen_at ? { seen_at: account.seen_at } : {}),
    };
}

export function lastOwner(book: Book, company: string, person: string) {
    const others = book.memberships.some(
        each =>
            each.company === company &&
            each.person !== person &&
            each.role === 'owner' &&
            each.state === 'active',
    );
    if (!others && book.membership(person, company).role === 'owner') {
        throw new Refusal(409, 'last_owner', 'a company has an owner: hand it on first');
    }
}

/** What is done with the people of a company. */
export const people = (book: Book): Record<string, Deed> => ({
    list_people: asked => [
        200,
        paged(
            book.memberships
                .filter(each => each.company === book.me(asked).company)
                .map(each => member(book, each)),
            asked.query,
            {
                finds: row => [row.name, row.email],
                sorts: {
                    name: row => row.name,
                    email: row => row.email,
                    role: row => row.role,
                    joined_at: row => row.joined_at,
                },
                filters: {
                    role: (row, value) => row.role === value,
                    state: (row, value) => row.state === value,
                },
            },
        ),
    ],
    find_member: asked => [
        200,
        member(book, book.membership(asked.params['person_id']!, book.me(asked).company)),
    ],
    change_member: asked => {
        const { company, person } = book.me(asked);
        const membership = book.membership(asked.params['person_id']!, company);
        const change = asked.body as MemberChange;
        const mine = book.membership(person, company).role;
        if (mine !== 'owner' && (change.role === 'owner' || membership.role === 'owner')) {
            throw new Refusal(403, 'role_not_enough', 'only an owner may do this to an owner');
        }
        if (membership.role === 'owner') lastOwner(book, company, membership.person);
        const before = { role: membership.role, state: membership.state };
        Object.assign(membership, change);
        const target = book.account(membership.person);
        book.log(
            person,
            change.role ? 'accounts.role_changed' : 'accounts.member_state_changed',
            [{ type: 'person', id: target.id, name: target.name }],
            Object.entries(change).map(([field, after]) => ({
                field,
                before: JSON.stringify(before[field as keyof typeof before]),
                after: JSON.stringify(after),
            })),
        );
        return [200, member(book, membership)];
    },
    remove_member: asked => {
        const { company } = book.me(asked);
        const person = asked.params['person_id']!;
        lastOwner(book, company, person);
        book.memberships = book.memberships.filter(
            each => each.person !== person || each.company !== company,
        );
        return [204, undefined];
    },
    end_sessions_of: asked => {
        const mine = book.me(asked);
        book.sessions = book.sessions.filter(
            each => each === mine || each.person !== asked.params['person_id'],
        );
        return [204, undefined];
    },
    transfer_ownership: asked => {
        const session = book.me(asked);
        const { person_id } = asked.body as { person_id: string };
        book.membership(person_id, session.company).role = 'owner';
        book.membership(session.person, session.company).role = 'admin';
        return [204, undefined];
    },
});
