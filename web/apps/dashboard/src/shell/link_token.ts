// The token of a link in a mail. It stands behind the #, which no server and no log sees, and is
// taken out of the address bar before anything is shown; from then on only this page knows it.

import { redirect } from '@tanstack/react-router';

const taken = new Map<string, string>();

interface Place {
    pathname: string;
    hash: string;
    searchStr: string;
}

/** Before a page of a link is shown. */
export function takeToken({ location }: { location: Place }) {
    const token = new URLSearchParams(location.hash.replace(/^#/, '')).get('token');
    if (!token) return;
    taken.set(location.pathname, token);
    window.history.replaceState(window.history.state, '', location.pathname);
    throw redirect({ to: location.pathname, search: {}, hash: '', replace: true });
}

/** Empty where the link was cut off, or the page was loaded anew. */
export function tokenOf(pathname: string): string {
    return taken.get(pathname) ?? '';
}
