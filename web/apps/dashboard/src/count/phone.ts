// What this phone keeps of counting until it is sent: see tally.ts.

import type { Keep } from './tally';

export const phone: Keep = {
    get length() {
        return localStorage.length;
    },
    key: index => localStorage.key(index),
    getItem: key => localStorage.getItem(key),
    setItem: (key, value) => localStorage.setItem(key, value),
    removeItem: key => localStorage.removeItem(key),
};
