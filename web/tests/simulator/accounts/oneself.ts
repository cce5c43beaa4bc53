// One's own name, sessions and second factor.

import type { EmailChange, OwnSession, Profile, Proof } from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { ago } from '../lists';
import { Refusal, invalid } from '../refusal';
import { kCode, kDay } from './book';
import type { Account, Book } from './book';
import { proof } from './passwords';

function profile(book: Book, account: Account): Profile {
    return {
        id: account.id,
        name: account.name,
        email: account.email,
        has_password: true,
        has_one_time_password: account.oneTime,
        has_totp: account.totp,
        recovery_codes_left: account.recovery.length,
        passkeys: book.passkeys.filter(each => each.person === account.id).length,
        added_at: account.added_at,
    };
}

function freshCodes(account: Account): string[] {
    account.recovery = Array.from(
        { length: 10 },
        (_, i) =>
            `${'ABCDEFGHJK'[i]}7KQ-${(2000 + i * 613).toString(36).toUpperCase().padStart(4, 'X')}-9MTC`,
    );
    return account.recovery;
}

/** What one does with oneself, whoever one is. */
export const oneself = (book: Book): Record<string, Deed> => ({
    find_profile: asked => [200, profile(book, book.account(book.me(asked).person))],
    change_profile: asked => {
        const account = book.account(book.me(asked).person);
        const { name } = asked.body as { name?: string };
        if (name !== undefined) {
            invalid({ name: !name.trim() && 'must not be empty' });
            account.name = name.trim();
        }
        return [200, profile(book, account)];
    },
    change_email: asked => {
        const account = book.account(book.me(asked).person);
        const { email, ...given } = asked.body as EmailChange;
        proof(account, given);
        invalid({ email: !/^\S+@\S+\.\S+$/.test(email.trim()) && 'is no e-mail address' });
        const token = `email-${++book.serial}`;
        book.emails.set(token, { person: account.id, email: email.trim().toLowerCase() });
        book.write(email, 'email_change', 'Confirm your e-mail', `/confirm-email#token=${token}`);
        return [202, { accepted: true }];
    },
    confirm_email: ({ body }) => {
        const { token } = body as { token: string };
        const found = book.emails.get(token);
        if (!found) throw new Refusal(401, 'token_unknown', 'this link opens nothing any more');
        book.account(found.person).email = found.email;
        book.emails.delete(token);
        return [204, undefined];
    },
    list_own_sessions: asked => {
        const mine = book.me(asked);
        const items: OwnSession[] = book.sessions
            .filter(each => each.person === mine.person)
            .map(each => ({
                id: each.id,
                begun_at: each.begun_at,
                seen_at: each.seen_at,
                expires_at: ago(-30 * kDay),
                address: each.address,
                user_agent: each.user_agent,
                company_name: book.companyOf(each.company).name,
                current: each === mine,
            }))
            .sort((a, b) => (a.seen_at < b.seen_at ? 1 : -1));
        return [200, { items }];
    },
    end_other_sessions: asked => {
        const mine = book.me(asked);
        book.sessions = book.sessions.filter(each => each === mine || each.person !== mine.person);
        return [204, undefined];
    },
    end_own_session: asked => {
        const mine = book.me(asked);
        const wanted = asked.params['session_id'];
        const found = book.sessions.find(each => each.id === wanted && each.person === mine.person);
        if (!found) throw new Refusal(404, 'no_session', 'it has ended already');
        book.sessions = book.sessions.filter(each => each !== found);
        return [204, undefined];
    },
    begin_totp: asked => {
        const account = book.account(book.me(asked).person);
        proof(account, asked.body as Proof);
        const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
        return [
            200,
            {
                secret,
                uri: `otpauth://totp/Mobilytics:${encodeURIComponent(account.email)}?secret=${secret}&issuer=Mobilytics`,
            },
        ];
    },
    confirm_totp: asked => {
        const account = book.account(book.me(asked).person);
        if ((asked.body as { code: string }).code !== kCode) {
            throw new Refusal(401, 'wrong_code', 'this is not the code');
        }
        account.totp = true;
        const mine = book.me(asked);
        mine.needs = book.lacks(mine, true);
        book.log(account.id, 'accounts.second_factor_added', [
            { type: 'person', id: account.id, name: account.name },
        ]);
        return [200, { codes: freshCodes(account) }];
    },
    remove_totp: asked => {
        const account = book.account(book.me(asked).person);
        proof(account, asked.body as Proof);
        account.totp = false;
        account.recovery = [];
        return [204, undefined];
    },
    renew_recovery_codes: asked => {
        const account = book.account(book.me(asked).person);
        if ((asked.body as { code: string }).code !== kCode) {
            throw new Refusal(401, 'wrong_code', 'this is not the code');
        }
        return [200, { codes: freshCodes(account) }];
    },
});
