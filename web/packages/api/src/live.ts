// The stream of live events, kept open. Says when it has gone stale, because a map that stands
// still looks just like a street without traffic.

import type { LiveAsset } from './types';

export type StreamState = 'connecting' | 'open' | 'stale' | 'down';

export interface StreamHandlers {
    asset(item: LiveAsset): void;
    figures(asOf: string): void;
    state(state: StreamState): void;
}

/** The server sends a heartbeat every 15 s; two missed ones are too many. */
export const kStaleAfterMs = 35_000;
const kRetryMinMs = 1_000;
const kRetryMaxMs = 30_000;

/** Opens the stream and reopens it with growing pauses. Returns what closes it. */
export function openLive(url: string, handlers: StreamHandlers): () => void {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let silence: ReturnType<typeof setTimeout> | undefined;
    let pause = kRetryMinMs;
    let closed = false;

    const heard = () => {
        pause = kRetryMinMs;
        handlers.state('open');
        clearTimeout(silence);
        silence = setTimeout(() => handlers.state('stale'), kStaleAfterMs);
    };
    const parsed = <R>(event: MessageEvent): R | undefined => {
        try {
            return JSON.parse(String(event.data)) as R;
        } catch {
            return undefined;
        }
    };

    const open = () => {
        if (closed) return;
        source = new EventSource(url);
        source.onopen = heard;
        source.addEventListener('heartbeat', heard);
        source.addEventListener('asset', event => {
            heard();
            const item = parsed<LiveAsset>(event);
            if (item) handlers.asset(item);
        });
        source.addEventListener('figures', event => {
            heard();
            const item = parsed<{ as_of: string }>(event);
            if (item) handlers.figures(item.as_of);
        });
        source.onerror = () => {
            source?.close();
            clearTimeout(silence);
            handlers.state('down');
            clearTimeout(retry);
            retry = setTimeout(open, pause);
            pause = Math.min(pause * 2, kRetryMaxMs);
        };
    };

    handlers.state('connecting');
    open();
    return () => {
        closed = true;
        source?.close();
        clearTimeout(retry);
        clearTimeout(silence);
    };
}
