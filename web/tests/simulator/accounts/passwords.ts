// What a password must be, and that it is shown again before what matters.

import { Refusal } from '../refusal';
import type { Account } from './book';

export const kTaken = ['password12345', 'correcthorsebattery'];

export function passwordRefused(password: string, field: string) {
    if (password.length < 12) {
        throw new Refusal(422, 'password_too_short', 'needs 12 characters', {}, [
            { pointer: `/${field}`, detail: 'needs at least 12 characters' },
        ]);
    }
    if (kTaken.includes(password)) {
        throw new Refusal(422, 'password_common', 'was stolen elsewhere', {}, [
            {
                pointer: `/${field}`,
                detail: 'is among those that were stolen elsewhere: choose another',
            },
        ]);
    }
}

export function proof(account: Account, password: string) {
    if (password !== account.password) {
        throw new Refusal(401, 'wrong_password', 'this is not the password', {}, [
            { pointer: '/password', detail: 'is not your password' },
        ]);
    }
}
