// What our staff see across companies.

import type {
    Company,
    StaffCompany,
    StaffPerson,
    StaffProof,
    StaffSession,
} from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { ago, paged } from '../lists';
import { Refusal, invalid } from '../refusal';
import { kCode, kDay } from './book';
import type { Account, Book, Signed } from './book';
import { history } from './trail';

const staffCompany = (book: Book, company: Company): StaffCompany => ({
    id: company.id,
    name: company.name,
    kind: company.kind,
    state: company.state,
    time_zone: company.time_zone,
    currency: company.currency,
    privacy_mode: company.privacy_mode,
    people: book.memberships.filter(each => each.company === company.id).length,
    added_at: company.added_at,
    ...(company.parent_id
        ? { parent_id: company.parent_id, parent_name: book.companyOf(company.parent_id).name }
        : {}),
});

const staffPerson = (book: Book, account: Account): StaffPerson => ({
    id: account.id,
    name: account.name,
    email: account.email,
    has_second_factor: book.factorsOf(account).length > 0,
    added_at: account.added_at,
    ...(account.seen_at ? { seen_at: account.seen_at } : {}),
    companies: book.belongings(account.id),
});

const staffSession = (book: Book, session: Signed): StaffSession => ({
    id: session.id,
    person_id: session.person,
    person_name: book.account(session.person).name,
    company_id: session.company,
    company_name: book.companyOf(session.company).name,
    begun_at: session.begun_at,
    seen_at: session.seen_at,
    expires_at: ago(-30 * kDay),
    address: session.address,
    user_agent: session.user_agent,
});

/** What our staff do across companies. */
export const staff = (book: Book): Record<string, Deed> => ({
    staff_list_companies: ({ query }) => [
        200,
        paged(
            book.companies.map(each => staffCompany(book, each)),
            query,
            {
                finds: row => [row.name],
                sorts: {
                    name: row => row.name,
                    kind: row => row.kind,
                    state: row => row.state,
                    added_at: row => row.added_at,
                },
                filters: {
                    kind: (row, value) => row.kind === value,
                    state: (row, value) => row.state === value,
                },
            },
        ),
    ],
    staff_find_company: ({ params }) => [
        200,
        staffCompany(book, book.companyOf(params['company_id']!)),
    ],
    staff_change_company: asked => {
        const company = book.companyOf(asked.params['company_id']!);
        const { state, reason, ticket } = asked.body as {
            state: Company['state'];
            reason: string;
            ticket: string;
        };
        invalid({
            reason: reason.length < 10 && 'needs at least 10 characters',
            ticket: !ticket && 'must not be empty',
        });
        const before = company.state;
        company.state = state;
        book.log(
            asked.who.person,
            'accounts.company_state_changed',
            [{ type: 'company', id: company.id, name: company.name }],
            [{ field: 'state', before: JSON.stringify(before), after: JSON.stringify(state) }],
            { reason: `${reason} (${ticket})`, company_id: company.id },
        );
        return [200, staffCompany(book, company)];
    },
    staff_list_people: ({ query }) => [
        200,
        paged(
            book.accounts.map(each => staffPerson(book, each)),
            query,
            {
                finds: row => [row.name, row.email],
                sorts: {
                    name: row => row.name,
                    email: row => row.email,
                    added_at: row => row.added_at,
                },
                filters: {
                    company_id: (row, value) =>
                        book.memberships.some(
                            each => each.person === row.id && each.company === value,
                        ),
                },
            },
        ),
    ],
    staff_reset_password: ({ params }) => {
        book.account(params['person_id']!);
        return [202, { accepted: true }];
    },
    staff_reset_second_factor: ({ params, body }) => {
        const person = book.account(params['person_id']!);
        const { code } = body as StaffProof;
        if (code !== kCode) throw new Refusal(401, 'wrong_code', 'this is not the code');
        person.totp = false;
        person.recovery = [];
        book.passkeys = book.passkeys.filter(each => each.person !== person.id);
        book.sessions = book.sessions.filter(each => each.person !== person.id);
        return [200, { accepted: true }];
    },
    staff_list_sessions: ({ query }) => [
        200,
        paged(
            book.sessions.map(each => staffSession(book, each)),
            query,
            {
                sorts: { begun_at: row => row.begun_at, seen_at: row => row.seen_at },
                sorted: '-seen_at',
                filters: {
                    person_id: (row, value) => row.person_id === value,
                    company_id: (row, value) => row.company_id === value,
                },
            },
        ),
    ],
    staff_end_session: ({ params }) => {
        book.sessions = book.sessions.filter(each => each.id !== params['session_id']);
        return [204, undefined];
    },
    staff_list_contacts: ({ query }) => [
        200,
        paged(
            book.contacts.map(({ company, note: _, ...contact }) => ({
                ...contact,
                company_id: company,
                company_name: book.companyOf(company).name,
            })),
            query,
            {
                finds: row => [row.name, row.email],
                sorts: {
                    name: row => row.name,
                    email: row => row.email,
                    added_at: row => row.added_at,
                },
                filters: { company_id: (row, value) => row.company_id === value },
            },
        ),
    ],
    list_backoffice_audit: ({ query }) => [200, history(book.trail, query)],
});
