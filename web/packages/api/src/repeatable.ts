// What creates, sent so that it may be sent again: one key for each thing that somebody wants done.

import type { Name, Reply, Given } from './client';
import { ApiError } from './problem';

export type Creating =
    | 'register_asset'
    | 'attach_device'
    | 'create_claim'
    | 'create_endpoint'
    | 'add_company'
    | 'invite'
    | 'add_contact'
    | 'add_face'
    | 'add_market'
    | 'request_export'
    | 'request_erasure'
    | 'record_consent'
    | 'make_annotation'
    | 'add_class'
    | 'fit_model';

/** A UUID. crypto.randomUUID is missing where a page came by plain HTTP from another machine. */
export function freshKey(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** It is not known whether it was done, or it is being done: asking again needs the same key. */
const isOpen = (error: unknown) =>
    error instanceof ApiError && (error.passing || error.code === 'still_running');

type Call = <N extends Name>(name: N, sent: Given<N>) => Promise<Reply<N>>;

/**
 * `call` for one form. The same request has the same key until it was answered, so that a second
 * click, or another try after a broken connection, creates nothing twice. Other content, or the
 * same after an answer, is another request and has another key.
 */
export function repeatable(call: Call) {
    const open = new Map<Creating, { content: string; key: string }>();
    return async <N extends Creating>(name: N, sent: Omit<Given<N>, 'key'>): Promise<Reply<N>> => {
        const content = JSON.stringify([sent.params, sent.body]);
        let asked = open.get(name);
        if (asked?.content !== content) open.set(name, (asked = { content, key: freshKey() }));
        const answered = () => {
            if (open.get(name) === asked) open.delete(name);
        };
        try {
            const reply = await call(name, { ...sent, key: asked.key } as Given<N>);
            answered();
            return reply;
        } catch (error) {
            if (!isOpen(error)) answered();
            throw error;
        }
    };
}
