// A secret that is shown once: to be copied now, for nobody can show it again.

import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { copyText } from '../copy';

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
    const [copied, setCopied] = useState<boolean>();
    return (
        <Button
            size="compact-xs"
            variant="default"
            leftSection={copied ? <IconCheck size={13} /> : <IconCopy size={13} />}
            onClick={() => {
                void copyText(text).then(done => {
                    setCopied(done);
                    setTimeout(() => setCopied(undefined), 2500);
                });
            }}
            aria-live="polite"
        >
            {copied ? 'Copied' : copied === false ? 'Mark it and copy' : label}
        </Button>
    );
}

interface SecretProps {
    label: string;
    value: string;
    children?: ReactNode;
    testId?: string;
}

export function Secret({ label, value, children, testId }: SecretProps) {
    return (
        <div className="secret">
            <div className="command">
                <code aria-label={label} data-testid={testId ?? 'secret'}>
                    {value}
                </code>
                <CopyButton text={value} />
            </div>
            {children && <p className="hint">{children}</p>}
        </div>
    );
}
