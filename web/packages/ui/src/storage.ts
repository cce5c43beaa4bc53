// What this browser remembers. Without storage (a private window, a policy) nothing is remembered.

export function recall<T>(key: string, fits: (value: unknown) => value is T): T | undefined {
    try {
        const text = localStorage.getItem(`mobilytics.${key}`);
        if (text === null) return undefined;
        const value: unknown = JSON.parse(text);
        return fits(value) ? value : undefined;
    } catch {
        return undefined;
    }
}

export function remember(key: string, value: unknown) {
    try {
        if (value === undefined) localStorage.removeItem(`mobilytics.${key}`);
        else localStorage.setItem(`mobilytics.${key}`, JSON.stringify(value));
    } catch {
        // It is asked for again next time.
    }
}
