// The frame of every page that one sees without being signed in, and the words for what went wrong
// there: never who is known here and who is not.

import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { ApiError } from '@mobilytics/api';

const kWords: Record<string, string> = {
    wrong_password: 'That e-mail or password is not right.',
    wrong_credentials: 'That e-mail or password is not right.',
    wrong_code: 'That code is not right. Codes change every 30 seconds.',
    unreachable: 'The server cannot be reached. Is it running?',
};

/** The same words for whoever is not known here, and for what the server says by its code. */
export function entryError(error: unknown): never {
    if (error instanceof ApiError && kWords[error.code]) {
        throw new ApiError(
            error.status,
            error.code,
            kWords[error.code]!,
            error.faults,
            error.retryAfterSeconds,
        );
    }
    throw error;
}

interface BoxProps {
    title: string;
    about?: ReactNode;
    wide?: boolean;
    children: ReactNode;
}

export function EntryBox({ title, about, wide, children }: BoxProps) {
    useEffect(() => {
        document.title = `${title} · Mobilytics`;
    }, [title]);
    return (
        <main className="sign-in">
            <div className="sign-in-box" data-wide={wide || undefined}>
                <img src="/mark.svg" alt="" width="36" height="36" />
                <h1>{title}</h1>
                {about && <p>{about}</p>}
                {children}
            </div>
        </main>
    );
}
