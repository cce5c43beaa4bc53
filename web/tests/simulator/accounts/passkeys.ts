// Passkeys: which there are, and signing in with one. What the authenticator signs is not looked at.

import type { NewPasskey, Passkey, PasskeyAnswer, Proof } from '../../../packages/api/src/types';
import type { Deed } from '../deeds';
import { id } from '../lists';
import { Refusal } from '../refusal';
import type { Book } from './book';
import { proof } from './passwords';

const kChallenge = 'c3ludGhldGljLWNoYWxsZW5nZQ';

const credentialOf = (credential: string) => (JSON.parse(credential) as { id: string }).id;

/** Those of whoever asks. */
export const passkeys = (book: Book): Record<string, Deed> => ({
    challenge_passkey: () => [
        200,
        {
            id: id('challenge'),
            options: JSON.stringify({
                challenge: kChallenge,
                rpId: 'localhost',
                userVerification: 'required',
                allowCredentials: [],
            }),
        },
    ],
    begin_session_by_passkey: ({ body }) => {
        const shown = credentialOf((body as PasskeyAnswer).credential);
        const passkey = book.passkeys.find(each => each.credential === shown);
        if (!passkey) throw new Refusal(401, 'wrong_passkey', 'this passkey opens nothing here');
        passkey.used_at = new Date().toISOString();
        const session = book.begin(passkey.person);
        session.needs = book.lacks(session, true);
        const cookie = book.cookie(session);
        return [201, book.view(session), cookie];
    },
    list_passkeys: asked => [
        200,
        {
            items: book.passkeys
                .filter(each => each.person === book.me(asked).person)
                .map(({ person: _, credential: __, ...passkey }) => passkey),
        },
    ],
    challenge_new_passkey: asked => {
        const account = book.account(book.me(asked).person);
        proof(account, asked.body as Proof);
        return [
            200,
            {
                id: id('challenge'),
                options: JSON.stringify({
                    rp: { id: 'localhost', name: 'Mobilytics' },
                    user: {
                        id: Buffer.from(account.id).toString('base64url'),
                        name: account.email,
                        displayName: account.name,
                    },
                    challenge: kChallenge,
                    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
                    authenticatorSelection: {
                        residentKey: 'required',
                        userVerification: 'required',
                    },
                    attestation: 'none',
                }),
            },
        ];
    },
    add_passkey: asked => {
        const mine = book.me(asked);
        const { credential, name } = asked.body as NewPasskey;
        const made: Passkey = {
            id: id('passkey'),
            name,
            added_at: new Date().toISOString(),
            backed_up: false,
        };
        book.passkeys.push({
            ...made,
            person: mine.person,
            credential: credentialOf(credential),
        });
        book.sessions = book.sessions.filter(each => each === mine || each.person !== mine.person);
        mine.needs = book.lacks(mine, true);
        return [201, made];
    },
    rename_passkey: asked => {
        const { person: _, credential: __, ...passkey } = own(book, asked.params['passkey_id']!);
        const { name } = asked.body as { name: string };
        own(book, passkey.id).name = name;
        return [200, { ...passkey, name }];
    },
    remove_passkey: asked => {
        const passkey = own(book, asked.params['passkey_id']!);
        proof(book.account(book.me(asked).person), asked.body as Proof);
        book.passkeys = book.passkeys.filter(each => each !== passkey);
        return [204, undefined];
    },
});

function own(book: Book, wanted: string) {
    const found = book.passkeys.find(each => each.id === wanted);
    if (!found) throw new Refusal(404, 'no_such_passkey', wanted);
    return found;
}
