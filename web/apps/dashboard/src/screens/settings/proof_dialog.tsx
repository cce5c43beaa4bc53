// Asked before something that makes the account weaker is done: what it means, and the proof that
// it is oneself.

import { Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Form, ProofFields, kProofPlaces, proofOf, useForm } from '@mobilytics/ui';

interface ProofDialogProps {
    title: string;
    means: string[];
    confirm: string;
    /** Whether a code of the app is asked too. */
    hasApp: boolean;
    run: (proof: { password: string; code?: string }) => Promise<unknown>;
    done: string;
    close: () => void;
}

export function ProofDialog({ hasApp, ...props }: ProofDialogProps) {
    const form = useForm({
        initial: { password: '', code: '' },
        send: values => props.run(proofOf(values)),
        done: () => {
            notifications.show({ message: props.done });
            props.close();
        },
        places: kProofPlaces,
    });
    const { password, code } = form.values;
    return (
        <Modal opened onClose={props.close} title={props.title}>
            <Form
                form={form}
                submit={props.confirm}
                color="red"
                disabled={!password || (hasApp && !code.trim())}
                others={
                    <Button variant="default" size="xs" onClick={props.close}>
                        Keep it
                    </Button>
                }
            >
                <ul className="means">
                    {props.means.map(line => (
                        <li key={line}>{line}</li>
                    ))}
                </ul>
                <ProofFields
                    password={{ ...form.text('password'), 'data-autofocus': true } as never}
                    code={hasApp ? form.text('code') : undefined}
                />
            </Form>
        </Modal>
    );
}
