// The way in: a password, then what is still needed. What went wrong is said beside
// its field.

import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Session } from '@mobilytics/api';
import { CodeStep } from './code_step';
import { EnrolStep } from './enrol_step';
import { NewPasswordStep } from './new_password_step';
import { PasswordStep } from './password_step';
import { sessionQuery, signInWaysQuery } from './session';

interface SignInFlowProps {
    title: string;
    /** `first`: it was a one-time password, so somebody is here for the first time. */
    done: (session: Session, first: boolean) => void;
    forgotten: ReactNode;
    trouble?: string | undefined;
    /** The page that was wanted: single sign-on brings back to it. */
    next?: string | undefined;
}

/** All steps. Whoever has got half way and comes back goes on from there. */
export function SignInFlow({ title, done, forgotten, trouble, next }: SignInFlowProps) {
    const queries = useQueryClient();
    const known = queries.getQueryData(sessionQuery.queryKey);
    const [session, setSession] = useState(known && known.needs !== 'nothing' ? known : undefined);
    const ways = useQuery(signInWaysQuery);
    const [password, setPassword] = useState('');
    const [first, setFirst] = useState(session?.needs === 'new_password');
    const step = (next: Session) => {
        queries.setQueryData(sessionQuery.queryKey, next);
        if (next.needs === 'new_password') setFirst(true);
        if (next.needs === 'nothing') done(next, first || next.user.has_one_time_password);
        else setSession(next);
    };
    const leave = () => {
        void client
            .call('end_session')
            .catch(() => undefined)
            .then(() => {
                queries.removeQueries({ queryKey: sessionQuery.queryKey });
                setSession(undefined);
                setPassword('');
                setFirst(false);
            });
    };
    if (session?.needs === 'second_factor') {
        return <CodeStep session={session} done={step} leave={leave} />;
    }
    if (session?.needs === 'enrol_second_factor') {
        return (
            <EnrolStep
                session={session}
                password={password}
                passkeys={ways.data?.passkey ?? false}
                done={step}
                leave={leave}
            />
        );
    }
    if (session?.needs === 'new_password') {
        return (
            <NewPasswordStep
                current={password}
                leave={leave}
                done={(next, given) => {
                    setPassword(given);
                    step(next);
                }}
            />
        );
    }
    return (
        <PasswordStep
            title={title}
            trouble={trouble}
            next={next}
            forgotten={forgotten}
            done={(begun, given) => {
                setPassword(given);
                step(begun);
            }}
        />
    );
}
