// Companies, people, sessions, keys and what staff see of them, of the stand-in. Synthetic.

import type { Role } from '../../packages/api/src/types';
import { Book, kDay } from './accounts/book';
import type { Signed } from './accounts/book';
import { company } from './accounts/company';
import { contacts } from './accounts/contacts';
import { impersonations } from './accounts/impersonations';
import { joining } from './accounts/joining';
import { keys } from './accounts/keys';
import { oneself } from './accounts/oneself';
import { passkeys } from './accounts/passkeys';
import { people } from './accounts/people';
import { fill } from './accounts/seed';
import { signingIn } from './accounts/signing_in';
import { staff } from './accounts/staff';
import type { Deed } from './deeds';
import type { Machinery } from './machinery';

export { kCode, kRecovery } from './accounts/book';

export interface AccountsOptions {
    password: string;
    /** As a fresh installation: one owner with a one-time password, nothing else. */
    fresh: boolean;
    machinery: () => Machinery;
}

export class Accounts {
    readonly book: Book;
    readonly deeds: Record<string, Deed>;

    constructor({ password, fresh, machinery }: AccountsOptions) {
        const book = new Book({ password, write: (...letter) => machinery().write(...letter) });
        book.addCompany(book.house, 'Mobilytics house', 'house', undefined);
        book.addCompany(book.company, 'Lakeshore Outdoor', 'operator', undefined);
        book.addPerson(book.owner, fresh ? 'Owner' : 'Ada Okafor', 'owner@localhost', {
            oneTime: fresh,
        });
        book.join(book.owner, book.company, 'owner', 420 * kDay);
        book.join(book.owner, book.house, 'superuser', 420 * kDay);
        if (!fresh) fill(book);
        this.book = book;
        this.deeds = {
            ...signingIn(book),
            ...oneself(book),
            ...passkeys(book),
            ...joining(book),
            ...people(book),
            ...company(book),
            ...contacts(book),
            ...keys(book),
            ...staff(book),
            ...impersonations(book),
        };
    }

    get company(): string {
        return this.book.company;
    }

    get trail() {
        return this.book.trail;
    }

    get resets() {
        return this.book.resets;
    }

    signed(token: string): Signed | undefined {
        return this.book.signed(token);
    }

    roleOf(session: Signed): Role {
        return this.book.roleOf(session);
    }

    /** Tokens of open invitations, for tests: the mail has them. */
    tokenFor(email: string): string | undefined {
        return this.book.invitations.find(each => each.email === email)?.token;
    }
}
