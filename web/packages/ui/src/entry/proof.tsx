// Shown again before what matters most: the password, and a code of whoever has an app.

import { PasswordInput, TextInput } from '@mantine/core';
import type { PasswordInputProps, TextInputProps } from '@mantine/core';

/** Where a form puts what the server says of a proof. */
export const kProofPlaces = {
    wrong_password: 'password',
    wrong_code: 'code',
    code_needed: 'code',
} as const;

/** As it is sent: a code without the blanks that people put into it, and none where none was asked. */
export function proofOf({ password, code }: { password: string; code: string }) {
    const digits = code.replaceAll(/\s/g, '');
    return { password, ...(digits ? { code: digits } : {}) };
}

interface ProofFieldsProps {
    password: PasswordInputProps;
    /** Left out where they have no app. */
    code?: TextInputProps | undefined;
    about?: string;
}

export function ProofFields({ password, code, about }: ProofFieldsProps) {
    return (
        <>
            <PasswordInput
                label="Your password"
                description={
                    about ?? 'Asked again, so that nobody does this at your unlocked screen.'
                }
                autoComplete="current-password"
                maxLength={256}
                {...password}
            />
            {code && (
                <TextInput
                    label="A code of your app"
                    description="Or one of your recovery codes."
                    autoComplete="one-time-code"
                    maxLength={64}
                    {...code}
                />
            )}
        </>
    );
}
