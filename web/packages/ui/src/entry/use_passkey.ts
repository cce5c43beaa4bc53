// Signing in with a passkey: by a button, or from the field of the e-mail, where the browser offers
// those it has. One ceremony at a time: the button ends the one that waits.

import { useEffect, useRef } from 'react';
import { useMutation } from '@tanstack/react-query';
import { ApiError, client } from '@mobilytics/api';
import type { Session } from '@mobilytics/api';
import { passkeysAreOffered, passkeysWork, showPasskey } from './passkey';

/** A challenge is good for five minutes: the one that waits is renewed before. */
const kRenewMs = 4 * 60_000;

const kWords: Record<string, string> = {
    wrong_passkey: 'That passkey opens nothing here. It may have been removed.',
    unreachable: 'The server cannot be reached. Is it running?',
};

function inWords(error: unknown): never {
    const words = error instanceof ApiError && kWords[error.code];
    throw words ? new Error(words) : error;
}

async function signedIn(showing: { offered?: boolean; signal?: AbortSignal }) {
    const { id, options } = await client.call('challenge_passkey', { signal: showing.signal });
    const credential = await showPasskey(options, showing);
    if (!credential) return undefined;
    return client.call('begin_session_by_passkey', { body: { challenge_id: id, credential } });
}

interface PasskeyOptions {
    wanted: boolean;
    /** Also in the field of the e-mail. */
    offered?: boolean;
    done: (session: Session) => void;
}

export function usePasskey({ wanted, offered = false, done }: PasskeyOptions) {
    const works = wanted && passkeysWork();
    const waiting = useRef<AbortController>(undefined);
    const latest = useRef(done);
    useEffect(() => {
        latest.current = done;
    });
    const asking = useMutation({
        mutationFn: () => {
            waiting.current?.abort();
            return signedIn({}).catch(inWords);
        },
        onSuccess: session => session && latest.current(session),
    });
    const { isPending } = asking;
    useEffect(() => {
        if (!works || !offered || isPending) return;
        let ended = false;
        let round: AbortController | undefined;
        const offer = async () => {
            if (ended || !(await passkeysAreOffered())) return;
            while (!ended) {
                const here = new AbortController();
                waiting.current = round = here;
                const timer = setTimeout(() => here.abort(), kRenewMs);
                try {
                    const session = await signedIn({ offered: true, signal: here.signal });
                    if (session) return latest.current(session);
                    // Somebody has closed what the browser offered: not at once again.
                    if (!here.signal.aborted) return;
                } catch {
                    // It is only an offer: the button says what is wrong.
                    return;
                } finally {
                    clearTimeout(timer);
                }
            }
        };
        void offer();
        return () => {
            ended = true;
            round?.abort();
        };
    }, [works, offered, isPending]);
    return {
        works,
        ask: () => asking.mutate(),
        pending: asking.isPending,
        error: asking.error,
    };
}
