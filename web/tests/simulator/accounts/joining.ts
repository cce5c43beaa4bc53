// How people come to a company, and go.

import type { InvitationAnswer, NewInvitation, Role } from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { ago, id, paged } from '../lists';
import { Refusal, invalid } from '../refusal';
import { kDay } from './book';
import type { Book } from './book';
import { passwordRefused } from './passwords';
import { lastOwner } from './people';

export function makeInvitation(book: Book, email: string, role: Role, seconds: number) {
    return {
        id: id('invitation'),
        company: book.company,
        email,
        role,
        invited_at: ago(seconds),
        expires_at: ago(seconds - 7 * kDay),
        invited_by: book.owner,
        token: `invite-${++book.serial}`,
    };
}

function open(book: Book, token: string) {
    const found = book.invitations.find(each => each.token === token);
    if (!found) throw new Refusal(404, 'no_such_invitation', 'this invitation is over');
    return found;
}

/** Invitations, from both sides. */
export const joining = (book: Book): Record<string, Deed> => ({
    look_at_invitation: ({ body }) => {
        const invitation = open(book, (body as { token: string }).token);
        return [
            200,
            {
                email: invitation.email,
                company_name: book.companyOf(invitation.company).name,
                role: invitation.role,
                needs_password: !book.accounts.some(each => each.email === invitation.email),
            },
        ];
    },
    accept_invitation: ({ body }) => {
        const { token, name, password } = body as InvitationAnswer;
        const invitation = open(book, token);
        let account = book.accounts.find(each => each.email === invitation.email);
        if (!account) {
            invalid({ name: !name?.trim() && 'must not be empty' });
            passwordRefused(password ?? '', 'password');
            const person = id('person');
            book.addPerson(person, name!.trim(), invitation.email);
            account = book.account(person);
            account.password = password!;
        }
        book.join(account.id, invitation.company, invitation.role, 0);
        book.invitations = book.invitations.filter(each => each !== invitation);
        book.log(account.id, 'accounts.joined', [
            { type: 'person', id: account.id, name: account.name },
        ]);
        return [200, { accepted: true }];
    },
    leave: asked => {
        const session = book.me(asked);
        lastOwner(book, session.company, session.person);
        book.memberships = book.memberships.filter(
            each => each.person !== session.person || each.company !== session.company,
        );
        book.sessions = book.sessions.filter(each => each !== session);
        return [204, undefined];
    },
    list_invitations: asked => [
        200,
        paged(
            book.invitations
                .filter(each => each.company === book.me(asked).company)
                .map(({ token: _, company: __, ...rest }) => rest),
            asked.query,
            {
                sorts: {
                    email: row => row.email,
                    invited_at: row => row.invited_at,
                    expires_at: row => row.expires_at,
                },
            },
        ),
    ],
    invite: asked => {
        const { email, role } = asked.body as NewInvitation;
        invalid({ email: !/^\S+@\S+$/.test(email) && 'is no e-mail address' });
        const company = book.me(asked).company;
        const known = book.accounts.find(each => each.email === email);
        if (
            known &&
            book.memberships.some(each => each.person === known.id && each.company === company)
        ) {
            throw new Refusal(409, 'already_member', 'they belong to the company already');
        }
        const made = makeInvitation(book, email, role, 0);
        book.invitations.push(made);
        book.write(
            email,
            'invitation',
            `Join ${book.companyOf(company).name}`,
            `/accept#token=${made.token}`,
        );
        const { token: _, company: __, ...rest } = made;
        return [201, rest];
    },
    withdraw_invitation: ({ params }) => {
        book.invitations = book.invitations.filter(each => each.id !== params['invitation_id']);
        return [204, undefined];
    },
});
