// A new password: what it must be is said before, not after.

import { PasswordInput } from '@mantine/core';
import type { PasswordInputProps } from '@mantine/core';

export const kPasswordMin = 12;

export function passwordFault(password: string): string | undefined {
    if (password.length >= kPasswordMin) return undefined;
    return `At least ${kPasswordMin} characters.`;
}

export function NewPassword(props: PasswordInputProps) {
    return (
        <PasswordInput
            label="New password"
            description={`${kPasswordMin} characters or more. A sentence is good; one that was ever stolen elsewhere is refused.`}
            autoComplete="new-password"
            maxLength={256}
            {...props}
        />
    );
}
