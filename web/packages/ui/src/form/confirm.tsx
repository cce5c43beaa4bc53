// Asked before what cannot be undone, or touches others: what it does and to how many, and where
// it is to be remembered, why.

import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Group, Modal, TextInput, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { sentence } from './use_form';

interface ConfirmProps {
    title: string;
    /** What happens, each in a line; the number of those it touches among them. */
    means: ReactNode[];
    confirm: string;
    keep?: string;
    /** Asked why; it goes into the audit. */
    reason?: boolean;
    /** Has to be typed. */
    word?: string;
    harmless?: boolean;
    run: (reason: string) => Promise<unknown>;
    done?: string;
    close: () => void;
    children?: ReactNode;
}

const kReasonMin = 5;

export function ConfirmDialog(props: ConfirmProps) {
    const { title, means, confirm, keep = 'Cancel', reason, word, harmless } = props;
    const [why, setWhy] = useState('');
    const [typed, setTyped] = useState('');
    const running = useMutation({
        mutationFn: () => props.run(why.trim()),
        onSuccess: () => {
            if (props.done) notifications.show({ message: props.done });
            props.close();
        },
    });
    const ready = (!reason || why.trim().length >= kReasonMin) && (!word || typed.trim() === word);
    return (
        <Modal opened onClose={props.close} title={title}>
            <form
                className="form"
                onSubmit={event => {
                    event.preventDefault();
                    if (ready) running.mutate();
                }}
            >
                <ul className="means">
                    {means.filter(Boolean).map((line, i) => (
                        <li key={i}>{line}</li>
                    ))}
                </ul>
                {props.children}
                {reason && (
                    <Textarea
                        label="Why"
                        description="Kept in the audit, where the company sees it."
                        autosize
                        minRows={2}
                        maxRows={5}
                        maxLength={500}
                        value={why}
                        onChange={event => setWhy(event.currentTarget.value)}
                        required
                        data-autofocus
                    />
                )}
                {word && (
                    <TextInput
                        label={`Type ${word} to go on`}
                        value={typed}
                        autoComplete="off"
                        onChange={event => setTyped(event.currentTarget.value)}
                        {...(reason ? {} : { 'data-autofocus': true })}
                    />
                )}
                {running.error && (
                    <p className="form-trouble" role="alert">
                        {sentence(running.error.message)}
                    </p>
                )}
                <Group justify="flex-end" gap="xs" mt="xs">
                    <Button
                        variant="default"
                        size="xs"
                        onClick={props.close}
                        {...(reason || word ? {} : { 'data-autofocus': true })}
                    >
                        {keep}
                    </Button>
                    <Button
                        type="submit"
                        size="xs"
                        {...(harmless ? {} : { color: 'red' })}
                        loading={running.isPending}
                        disabled={!ready}
                    >
                        {running.error ? 'Try again' : confirm}
                    </Button>
                </Group>
            </form>
        </Modal>
    );
}
