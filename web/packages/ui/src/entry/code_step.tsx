// The second factor: six digits of an app, one of the codes for when it is lost, or a passkey.

import { useState } from 'react';
import { Button, TextInput } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { client } from '@mobilytics/api';
import type { Session } from '@mobilytics/api';
import { Form } from '../form/form';
import { sentence, useForm } from '../form/use_form';
import { EntryBox, entryError } from './entry_box';
import type { StepProps } from './steps';
import { usePasskey } from './use_passkey';

export function CodeStep({ session, done, leave }: StepProps & { session: Session }) {
    const [recovery, setRecovery] = useState(false);
    const ways = session.second_factors ?? ['totp'];
    const hasApp = ways.includes('totp');
    const passkey = usePasskey({ wanted: ways.includes('passkey'), done });
    const form = useForm({
        initial: { code: '' },
        send: ({ code }) =>
            client
                .call('show_second_factor', { body: { code: code.replaceAll(/\s/g, '') } })
                .catch(entryError),
        done,
        places: { wrong_code: 'code' },
    });
    const { reset } = form;
    const about = !hasApp
        ? passkey.works
            ? 'You have a passkey: show it to go on.'
            : 'You have a passkey, but this browser cannot use it here. Take the device that you made it on.'
        : recovery
          ? 'One of the recovery codes that you have kept. Each is good once.'
          : 'The six digits that your authenticator app shows now.';
    return (
        <EntryBox title="Second factor" about={about}>
            {hasApp && (
                <Form
                    key={String(recovery)}
                    form={form}
                    submit="Go on"
                    size="md"
                    full
                    disabled={!form.values.code.trim()}
                >
                    <TextInput
                        {...form.text('code')}
                        label={recovery ? 'Recovery code' : 'Code'}
                        size="md"
                        autoFocus
                        autoComplete="one-time-code"
                        inputMode={recovery ? 'text' : 'numeric'}
                        maxLength={64}
                    />
                </Form>
            )}
            {passkey.works && (
                <>
                    {hasApp && <span className="or">or</span>}
                    <Button
                        variant={hasApp ? 'default' : 'filled'}
                        size="md"
                        fullWidth
                        leftSection={<IconFingerprint size={18} stroke={1.6} aria-hidden />}
                        loading={passkey.pending}
                        onClick={passkey.ask}
                    >
                        Use a passkey
                    </Button>
                    {passkey.error && (
                        <p className="form-trouble" role="alert">
                            {sentence(passkey.error.message)}
                        </p>
                    )}
                </>
            )}
            <div className="sign-in-links">
                {hasApp && (
                    <button
                        type="button"
                        className="link-button"
                        onClick={() => {
                            reset();
                            setRecovery(before => !before);
                        }}
                    >
                        {recovery ? 'Use the app instead' : 'I have lost the app'}
                    </button>
                )}
                <button type="button" className="link-button" onClick={leave}>
                    Somebody else
                </button>
            </div>
        </EntryBox>
    );
}
