// In, for another company, and out again.

import type { PasswordChange, SignIn } from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { Refusal } from '../refusal';
import { kCode } from './book';
import type { Book } from './book';
import { passwordRefused } from './passwords';

/** What one does to get in. */
export const signingIn = (book: Book): Record<string, Deed> => ({
    begin_session: ({ body }) => {
        const { email, password } = body as SignIn;
        if (book.wrong >= 5) {
            throw new Refusal(429, 'too_many_attempts', 'Too many attempts.', {
                'Retry-After': '30',
            });
        }
        const account = book.accounts.find(each => each.email === email.trim().toLowerCase());
        if (!account || password !== account.password) {
            ++book.wrong;
            throw new Refusal(401, 'wrong_password', 'this is not the password');
        }
        book.wrong = 0;
        const session = book.begin(account.id);
        const cookie = book.cookie(session);
        return [201, book.view(session), cookie];
    },
    find_session: asked => [200, book.view(book.me(asked))],
    end_session: ({ who }) => {
        book.sessions = book.sessions.filter(each => each.token !== who.token);
        return [204, undefined];
    },
    show_second_factor: asked => {
        const session = book.me(asked);
        const account = book.account(session.person);
        const { code } = asked.body as { code: string };
        if (code !== kCode && !account.recovery.includes(code)) {
            throw new Refusal(401, 'wrong_code', 'this is not the code');
        }
        account.recovery = account.recovery.filter(each => each !== code);
        session.needs = book.lacks(session, true);
        const cookie = book.cookie(session);
        return [200, book.view(session), cookie];
    },
    sign_in_ways: () => [200, { password: true, passkey: true, oidc: 'Lakeshore SSO' }],
    choose_company: asked => {
        const session = book.me(asked);
        const { company_id } = asked.body as { company_id: string };
        const own = session.sight ?? session.company;
        const below = book.companies.find(each => each.id === company_id && each.parent_id === own);
        if (book.belongings(session.person).some(each => each.company_id === company_id)) {
            delete session.sight;
        } else if (below && book.sharesOf(company_id).some(share => share !== 'profile')) {
            session.sight = own;
        } else {
            throw new Refusal(404, 'no_such_company', company_id);
        }
        session.company = company_id;
        if (!session.sight) session.needs = book.lacks(session, true);
        const cookie = book.cookie(session);
        return [200, book.view(session), cookie];
    },
    change_password: asked => {
        const session = book.me(asked);
        const account = book.account(session.person);
        const { current, next } = asked.body as PasswordChange;
        if (current !== account.password) {
            throw new Refusal(401, 'wrong_password', 'this is not the password');
        }
        passwordRefused(next, 'next');
        account.password = next;
        account.oneTime = false;
        session.needs = book.lacks(session, true);
        book.sessions = book.sessions.filter(
            each => each === session || each.person !== session.person,
        );
        const cookie = book.cookie(session);
        book.log(account.id, 'accounts.password_changed', [
            { type: 'person', id: account.id, name: account.name },
        ]);
        return [200, book.view(session), cookie];
    },
    ask_password_reset: ({ body }) => {
        const { email } = body as { email: string };
        const account = book.accounts.find(each => each.email === email.trim().toLowerCase());
        if (account) {
            const token = `reset-${++book.serial}`;
            book.resets.set(token, account.id);
            book.write(email, 'password_reset', 'Choose a new password', `/redeem#token=${token}`);
        }
        return [202, { accepted: true }];
    },
    redeem_password_reset: ({ body }) => {
        const { token, password } = body as { token: string; password: string };
        const person = book.resets.get(token);
        if (!person) throw new Refusal(404, 'no_such_link', 'this link opens nothing any more');
        passwordRefused(password, 'password');
        book.account(person).password = password;
        book.resets.delete(token);
        book.sessions = book.sessions.filter(each => each.person !== person);
        return [204, undefined];
    },
    end_impersonation: asked => {
        const session = book.me(asked);
        const running = book.impersonations.find(each => each.id === session.impersonation);
        if (!running || !session.home)
            throw new Refusal(409, 'not_impersonating', 'you are yourself');
        running.state = 'ended';
        running.ended_at = new Date().toISOString();
        Object.assign(session, session.home);
        delete session.impersonation;
        delete session.home;
        const cookie = book.cookie(session);
        return [200, book.view(session), cookie];
    },
});
