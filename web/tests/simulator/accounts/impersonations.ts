// Our staff in the place of somebody.

import type { Impersonation, NewImpersonation } from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { ago, id, paged } from '../lists';
import { Refusal, invalid } from '../refusal';
import { kCode } from './book';
import type { Book } from './book';

/** Who looks in, as whom and how long. */
export const impersonations = (book: Book): Record<string, Deed> => ({
    staff_list_impersonations: ({ query }) => [
        200,
        paged(book.impersonations, query, {
            sorts: { begun_at: row => row.begun_at },
            sorted: '-begun_at',
            filters: { company_id: (row, value) => row.company_id === value },
        }),
    ],
    begin_impersonation: asked => {
        const session = book.me(asked);
        const given = asked.body as NewImpersonation;
        invalid({
            reason: given.reason.length < 10 && 'needs at least 10 characters',
            ticket: !given.ticket && 'must not be empty',
            minutes: (given.minutes < 1 || given.minutes > 60) && 'is between 1 and 60',
        });
        if (given.code !== kCode) throw new Refusal(401, 'wrong_code', 'this is not the code');
        book.membership(given.person_id, given.company_id);
        const made: Impersonation = {
            id: id('impersonation'),
            company_id: given.company_id,
            company_name: book.companyOf(given.company_id).name,
            person_id: given.person_id,
            person_name: book.account(given.person_id).name,
            staff_id: session.person,
            staff_name: book.account(session.person).name,
            reason: given.reason,
            ticket: given.ticket,
            may_write: false,
            state: 'running',
            begun_at: new Date().toISOString(),
            expires_at: ago(-given.minutes * 60),
        };
        book.impersonations.unshift(made);
        session.home = { person: session.person, company: session.company };
        session.person = given.person_id;
        session.company = given.company_id;
        session.impersonation = made.id;
        const cookie = book.cookie(session);
        return [201, book.view(session), cookie];
    },
    grant_impersonation_write: asked => {
        const found = book.impersonations.find(
            each => each.id === asked.params['impersonation_id'],
        );
        if (!found) throw new Refusal(404, 'no_such_impersonation', 'it is over');
        if (found.staff_id === asked.who.person) {
            throw new Refusal(403, 'not_ones_own', 'somebody else has to grant it');
        }
        found.may_write = true;
        return [200, found];
    },
    staff_end_impersonation: ({ params }) => {
        const found = book.impersonations.find(each => each.id === params['impersonation_id']);
        if (!found) throw new Refusal(404, 'no_such_impersonation', 'it is over');
        found.state = 'ended';
        found.ended_at = new Date().toISOString();
        return [204, undefined];
    },
});
