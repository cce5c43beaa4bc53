// What the address bar holds of a page's state: plain words, nothing that is the default. A link
// shows the same to whoever opens it.

export type Raw = Record<string, unknown>;

export const word = (value: unknown) => (typeof value === 'string' && value ? value : undefined);

export function parseSearch(text: string): Record<string, string> {
    return Object.fromEntries(new URLSearchParams(text));
}

export function stringifySearch(search: Raw): string {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(search)) {
        if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
    }
    // Commas and colons read better as they are, and are allowed in a query.
    const text = params
        .toString()
        .replaceAll('%2C', ',')
        .replaceAll('%3A', ':')
        .replaceAll('%2F', '/');
    return text ? `?${text}` : '';
}

/** Where to go after signing in: only to pages of our own. */
export function nextPath(raw: Raw): string | undefined {
    const next = word(raw['next']);
    return next && /^\/(?![/\\])/.test(next) ? next : undefined;
}
