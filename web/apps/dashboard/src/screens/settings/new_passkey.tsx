import { Modal, PasswordInput, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { client } from '@mobilytics/api';
import { Form, browserText, makePasskey, useForm } from '@mobilytics/ui';

export function NewPasskey({ close }: { close: () => void }) {
    const form = useForm({
        initial: { name: browserText(navigator.userAgent), password: '' },
        check: ({ name }) => ({ ...(name.trim() ? {} : { name: 'You tell them apart by it.' }) }),
        send: async ({ name, password }) => {
            const { id, options } = await client.call('challenge_new_passkey', {
                body: { password },
            });
            const credential = await makePasskey(options);
            if (!credential)
                throw new Error('The browser made none. Try again when you are ready.');
            return client.call('add_passkey', {
                body: { challenge_id: id, credential, name: name.trim() },
            });
        },
        done: () => {
            notifications.show({ message: 'You can sign in with it now.' });
            close();
        },
        places: { wrong_password: 'password' },
    });
    return (
        <Modal opened onClose={close} title="Add a passkey">
            <Form form={form} submit="Go on" disabled={!form.values.password}>
                <TextInput {...form.text('name')} label="Name" maxLength={100} />
                <PasswordInput
                    {...form.text('password')}
                    label="Your password"
                    description="Asked again. Then the browser asks for your finger, face or key."
                    autoComplete="current-password"
                    maxLength={256}
                    data-autofocus
                />
            </Form>
        </Modal>
    );
}
