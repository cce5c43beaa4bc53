// The company asks for a second factor and this person has none: an app or a passkey, now.

import { useState } from 'react';
import { PasswordInput, UnstyledButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconDeviceMobile, IconFingerprint } from '@tabler/icons-react';
import { ApiError, client } from '@mobilytics/api';
import type { Session, TotpSecret } from '@mobilytics/api';
import { browserText } from '../browser';
import { sentence } from '../form/use_form';
import { EntryBox, entryError } from './entry_box';
import { makePasskey, passkeysWork } from './passkey';
import type { StepProps } from './steps';
import { RecoveryCodeSheet, ScanTotp } from './totp';

interface EnrolStepProps extends StepProps {
    session: Session;
    /** As it was typed a moment ago; empty where this page was loaded anew. */
    password: string;
    /** Whether this installation has passkeys. */
    passkeys: boolean;
}

async function madePasskey(password: string) {
    const { id, options } = await client.call('challenge_new_passkey', { body: { password } });
    const credential = await makePasskey(options);
    if (!credential) throw new Error('No passkey was made. Try again, or take the app.');
    const name = browserText(navigator.userAgent);
    return client.call('add_passkey', { body: { challenge_id: id, credential, name } });
}

/** The server knows the session as finished from now on. */
const finished = () => client.call('find_session');

export function EnrolStep({ session, password: known, passkeys, done, leave }: EnrolStepProps) {
    const [password, setPassword] = useState(known);
    const [asksPassword] = useState(!known);
    const [secret, setSecret] = useState<TotpSecret>();
    const [codes, setCodes] = useState<string[]>();
    const app = useMutation({
        mutationFn: () => client.call('begin_totp', { body: { password } }).catch(entryError),
        onSuccess: setSecret,
    });
    const passkey = useMutation({
        mutationFn: () => madePasskey(password).catch(entryError).then(finished),
        onSuccess: done,
    });
    const going = useMutation({
        mutationFn: (company_id: string) => client.call('choose_company', { body: { company_id } }),
        onSuccess: done,
    });
    const ending = useMutation({ mutationFn: finished, onSuccess: done });
    if (codes) {
        return (
            <EntryBox title="Recovery codes" wide>
                <RecoveryCodeSheet
                    codes={codes}
                    of={session.user.email}
                    size="md"
                    close={() => ending.mutate()}
                />
            </EntryBox>
        );
    }
    if (secret) {
        return (
            <EntryBox title="Authenticator app" wide>
                <ScanTotp secret={secret} done={setCodes} size="md" />
                <div className="sign-in-links">
                    <button
                        type="button"
                        className="link-button"
                        onClick={() => setSecret(undefined)}
                    >
                        Take something else
                    </button>
                </div>
            </EntryBox>
        );
    }
    const error = app.error ?? passkey.error ?? going.error;
    const wrongPassword = error instanceof ApiError && error.code === 'wrong_password';
    const others = session.companies.filter(each => each.company_id !== session.company.id);
    const busy = app.isPending || passkey.isPending;
    const begin = (way: typeof app | typeof passkey) => {
        app.reset();
        passkey.reset();
        way.mutate();
    };
    return (
        <EntryBox
            title="Set up a second factor"
            about={
                <>
                    {session.company.name} asks everybody for one. With it, a stolen password alone
                    lets nobody in.
                </>
            }
        >
            {asksPassword && (
                <PasswordInput
                    label="Your password"
                    description="Asked again. Then choose one of these."
                    size="md"
                    autoFocus
                    autoComplete="current-password"
                    maxLength={256}
                    value={password}
                    error={wrongPassword ? 'That is not your password.' : undefined}
                    onChange={event => setPassword(event.currentTarget.value)}
                />
            )}
            <div className="ways">
                <UnstyledButton
                    className="way"
                    disabled={!password || busy}
                    onClick={() => begin(app)}
                >
                    <IconDeviceMobile size={22} stroke={1.5} aria-hidden />
                    <span>
                        <b>Authenticator app</b>
                        <span>An app on your phone shows six digits.</span>
                    </span>
                </UnstyledButton>
                {passkeys && passkeysWork() && (
                    <UnstyledButton
                        className="way"
                        disabled={!password || busy}
                        onClick={() => begin(passkey)}
                    >
                        <IconFingerprint size={22} stroke={1.5} aria-hidden />
                        <span>
                            <b>Passkey</b>
                            <span>Your finger, your face or a key. Nothing to type.</span>
                        </span>
                    </UnstyledButton>
                )}
            </div>
            {error && !(wrongPassword && asksPassword) && (
                <p className="form-trouble" role="alert">
                    {sentence(error.message)}
                </p>
            )}
            <div className="sign-in-links wrapping">
                {others.slice(0, 3).map(each => (
                    <button
                        key={each.company_id}
                        type="button"
                        className="link-button"
                        onClick={() => going.mutate(each.company_id)}
                    >
                        Go to {each.company_name}
                    </button>
                ))}
                <button type="button" className="link-button" onClick={leave}>
                    Somebody else
                </button>
            </div>
        </EntryBox>
    );
}
