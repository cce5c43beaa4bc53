// Keeps the page for when there is no network, and the screen awake while somebody counts.

import { useEffect, useState } from 'react';

/** What this page was made of: itself, and what it has loaded from its server. */
function parts(): string[] {
    const loaded = performance
        .getEntriesByType('resource')
        .map(entry => new URL(entry.name))
        .filter(url => url.origin === location.origin && !url.pathname.startsWith('/api/'))
        .map(url => url.pathname);
    return [...new Set(['/count', ...loaded])];
}

/** Whether the page would open without a network. */
export function useKeptForOffline(): boolean {
    const [kept, setKept] = useState(false);
    useEffect(() => {
        // Without a secure context there is none: the open page goes on, but cannot be reloaded.
        if (!('serviceWorker' in navigator)) return;
        const told = (event: MessageEvent<{ kind: string }>) => {
            if (event.data.kind === 'kept') setKept(true);
        };
        navigator.serviceWorker.addEventListener('message', told);
        if (navigator.onLine) {
            void navigator.serviceWorker
                .register('/count_worker.js', { scope: '/count' })
                .then(() => navigator.serviceWorker.ready)
                .then(({ active }) => active?.postMessage({ kind: 'keep', urls: parts() }))
                .catch(() => undefined);
        } else if (navigator.serviceWorker.controller) {
            setKept(true);
        }
        return () => navigator.serviceWorker.removeEventListener('message', told);
    }, []);
    return kept;
}

/** Where the browser can: else the screen goes dark as it always does. */
export function useScreenAwake(wanted: boolean) {
    useEffect(() => {
        if (!wanted || !('wakeLock' in navigator)) return;
        let lock: WakeLockSentinel | undefined;
        let gone = false;
        const hold = () => {
            if (document.visibilityState !== 'visible') return;
            navigator.wakeLock.request('screen').then(
                given => {
                    if (gone) void given.release();
                    else lock = given;
                },
                () => undefined,
            );
        };
        hold();
        document.addEventListener('visibilitychange', hold);
        return () => {
            gone = true;
            document.removeEventListener('visibilitychange', hold);
            void lock?.release();
        };
    }, [wanted]);
}

export function useNow(everyMs = 1000): number {
    const [now, setNow] = useState(Date.now);
    useEffect(() => {
        const timer = setInterval(() => setNow(Date.now()), everyMs);
        return () => clearInterval(timer);
    }, [everyMs]);
    return now;
}
