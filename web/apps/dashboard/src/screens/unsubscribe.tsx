// The link below a mail that one does not want any more: it works without signing in.

import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { pathOf } from '@mobilytics/api';
import { EntryBox } from '@mobilytics/ui';
import { tokenOf } from '../shell/link_token';

/** As mail programs do it themselves (RFC 8058). */
async function unsubscribed(token: string) {
    const reply = await fetch(pathOf('unsubscribe', { token }), {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Mobilytics': '1' },
        body: 'List-Unsubscribe=One-Click',
    });
    if (!reply.ok) throw new Error(`The server answered ${reply.status}.`);
}

export function Unsubscribe() {
    const token = tokenOf('/unsubscribe');
    const ending = useMutation({ mutationFn: () => unsubscribed(token) });
    const settings = (
        <div className="sign-in-links">
            <Link to="/settings/notices" className="quiet-link">
                Choose what you are told
            </Link>
        </div>
    );
    if (!token) {
        return (
            <EntryBox
                title="This link is not whole"
                about="Open it from the mail again, or sign in and choose what you are told."
            >
                {settings}
            </EntryBox>
        );
    }
    if (ending.isSuccess) {
        return (
            <EntryBox title="No more of these mails" about="Other mails still come.">
                {settings}
            </EntryBox>
        );
    }
    return (
        <EntryBox
            title="No more of these mails?"
            about="Mails of this kind stop. What is about the safety of your account still comes."
        >
            <Button size="md" fullWidth loading={ending.isPending} onClick={() => ending.mutate()}>
                Stop them
            </Button>
            {ending.error && (
                <p className="form-trouble" role="alert">
                    {ending.error.message} Try again in a moment.
                </p>
            )}
            {settings}
        </EntryBox>
    );
}
