// The link that went to a new e-mail: with it, the e-mail is changed.

import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ApiError, client } from '@mobilytics/api';
import { EntryBox, sentence } from '@mobilytics/ui';
import { tokenOf } from '../shell/link_token';

const kOn = (
    <div className="sign-in-links">
        <Link to="/" className="quiet-link">
            To the overview
        </Link>
    </div>
);

export function ConfirmEmail() {
    const token = tokenOf('/confirm-email');
    const queries = useQueryClient();
    const confirming = useMutation({
        mutationFn: () => client.call('confirm_email', { body: { token } }),
        onSuccess: () => queries.clear(),
    });
    const over = confirming.error instanceof ApiError && confirming.error.status === 401;
    if (!token || over) {
        return (
            <EntryBox
                title="This link opens nothing"
                about={
                    over
                        ? 'It may have been used, or be too old. Ask for another in your profile.'
                        : 'Open it from the mail again, or copy all of it.'
                }
            >
                {kOn}
            </EntryBox>
        );
    }
    if (confirming.isSuccess) {
        return (
            <EntryBox
                title="Your e-mail is changed"
                about="From now on you sign in with it, and mail goes there."
            >
                {kOn}
            </EntryBox>
        );
    }
    return (
        <EntryBox
            title="Is this your e-mail?"
            about="You have asked that mail for your account here goes to this address. If it was not you, close this page: nothing changes then."
        >
            <Button
                size="md"
                fullWidth
                loading={confirming.isPending}
                onClick={() => confirming.mutate()}
            >
                Yes, use it
            </Button>
            {confirming.error && (
                <p className="form-trouble" role="alert">
                    {sentence(confirming.error.message)}
                </p>
            )}
        </EntryBox>
    );
}
