// What a password must be, and that it is shown again before what matters.

import { Refusal } from '../refusal';
import { kCode } from './book';
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

interface Proof {
    password: string;
    code?: string;
}

export function proof(account: Account, { password, code }: Proof) {
    if (password !== account.password) {
        throw new Refusal(401, 'wrong_password', 'this is not the password', {}, [
            { pointer: '/password', detail: 'is not your password' },
        ]);
    }
    if (!account.totp) return;
    if (!code) throw new Refusal(403, 'code_needed', 'a code of your app is needed too');
    if (code !== kCode && !account.recovery.includes(code)) {
        throw new Refusal(401, 'wrong_code', 'this is not the code');
    }
}
