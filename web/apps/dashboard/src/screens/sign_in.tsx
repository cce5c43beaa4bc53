// The way in: one field. What went wrong is said beside it, and what to do about it.

import { useEffect, useState } from 'react';
import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ApiError } from '@mobilytics/api';
import { client } from '../data/client';
import { sessionQuery } from '../data/queries';
import { nextPath } from '@mobilytics/ui/address';

function trouble(error: Error | null, wait: number): string | undefined {
    if (!error) return undefined;
    if (!(error instanceof ApiError)) return 'Something went wrong. Try again.';
    if (error.status === 429) {
        return wait > 0
            ? `Too many attempts. Try again in ${wait} s.`
            : 'Too many attempts. You can try again now.';
    }
    if (error.status === 401) return 'That password is not right.';
    if (error.status === 422) return error.message;
    if (error.status === 0) return 'The server cannot be reached. Is it running?';
    return `The server could not sign you in: ${error.message}`;
}

export function SignIn() {
    const next = nextPath(useSearch({ strict: false }));
    const navigate = useNavigate();
    const queries = useQueryClient();
    const [password, setPassword] = useState('');
    const [wait, setWait] = useState(0);
    const signIn = useMutation({
        mutationFn: (given: string) => client.call('begin_session', { body: { password: given } }),
        onSuccess: session => {
            queries.setQueryData(sessionQuery.queryKey, session);
            void navigate({ href: next ?? '/', replace: true });
        },
        onError: error => {
            if (error instanceof ApiError && error.status === 429) {
                setWait(error.retryAfterSeconds ?? 60);
            }
        },
    });
    useEffect(() => {
        document.title = 'Sign in · Mobilytics';
    }, []);
    useEffect(() => {
        if (wait <= 0) return;
        const timer = setTimeout(() => setWait(wait - 1), 1000);
        return () => clearTimeout(timer);
    }, [wait]);

    return (
        <main className="sign-in">
            <form
                onSubmit={event => {
                    event.preventDefault();
                    if (password && wait === 0) signIn.mutate(password);
                }}
            >
                <img src="/mark.svg" alt="" width="36" height="36" />
                <h1>Sign in to Mobilytics</h1>
                <p>
                    The first start of the server printed a one-time password. If you have changed
                    it since, use yours.
                </p>
                <input
                    type="text"
                    name="username"
                    value="owner"
                    autoComplete="username"
                    readOnly
                    hidden
                />
                <PasswordInput
                    label="Password"
                    name="password"
                    size="md"
                    autoFocus
                    autoComplete="current-password"
                    value={password}
                    maxLength={256}
                    onChange={event => setPassword(event.currentTarget.value)}
                    error={trouble(signIn.error, wait)}
                    errorProps={{ role: 'alert' }}
                />
                <Button
                    type="submit"
                    size="md"
                    fullWidth
                    loading={signIn.isPending}
                    disabled={!password || wait > 0}
                >
                    Sign in
                </Button>
            </form>
        </main>
    );
}
