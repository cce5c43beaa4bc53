// The authenticator app: whether it is in force, its recovery codes, and the way out of it.

import { useState } from 'react';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import { Lines, Panel, Tag, Trouble, sessionQuery } from '@mobilytics/ui';
import { profileQuery } from '../../data/queries';
import { ProofDialog } from './proof_dialog';
import { RecoveryCodes, SetUpTotp } from './totp';

export function SecondFactor() {
    const profile = useQuery(profileQuery);
    const queries = useQueryClient();
    const [doing, setDoing] = useState<'set up' | 'remove' | 'codes'>();
    const again = () => {
        void queries.invalidateQueries({ queryKey: profileQuery.queryKey });
        void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
    };
    if (profile.error && !profile.data) {
        return (
            <Panel title="Authenticator app">
                <Trouble error={profile.error} retry={() => void profile.refetch()} />
            </Panel>
        );
    }
    const has = profile.data?.has_totp;
    const left = profile.data?.recovery_codes_left ?? 0;
    return (
        <Panel
            title="Authenticator app"
            about="A code of six digits at each sign-in, so that a stolen password is not enough"
            actions={
                profile.data && (
                    <span style={{ marginRight: 6 }}>
                        {has ? <Tag kind="good">In force</Tag> : <Tag kind="idle">Not set up</Tag>}
                    </span>
                )
            }
        >
            {!profile.data ? (
                <Lines count={2} />
            ) : has ? (
                <>
                    <p className="hint" style={{ marginTop: 0 }}>
                        {left === 0
                            ? 'No recovery code is left. Make new ones, or a lost phone locks you out.'
                            : `${left} recovery codes are left, each good once when the app is lost.`}
                    </p>
                    <div className="button-row">
                        <Button size="xs" variant="default" onClick={() => setDoing('codes')}>
                            New recovery codes
                        </Button>
                        <Button
                            size="xs"
                            variant="default"
                            c="var(--bad)"
                            onClick={() => setDoing('remove')}
                        >
                            Remove it
                        </Button>
                    </div>
                </>
            ) : (
                <Button size="xs" onClick={() => setDoing('set up')}>
                    Set it up
                </Button>
            )}
            {doing === 'set up' && (
                <SetUpTotp
                    close={() => {
                        setDoing(undefined);
                        again();
                    }}
                />
            )}
            {doing === 'codes' && (
                <RecoveryCodes
                    close={() => {
                        setDoing(undefined);
                        again();
                    }}
                />
            )}
            {doing === 'remove' && (
                <ProofDialog
                    title="Remove the authenticator app?"
                    means={[
                        'From now on your password alone lets you in, if your company allows that.',
                        'Your recovery codes open nothing any more.',
                    ]}
                    confirm="Remove it"
                    hasApp
                    run={body => client.call('remove_totp', { body })}
                    done="The second factor is removed."
                    close={() => {
                        setDoing(undefined);
                        again();
                    }}
                />
            )}
        </Panel>
    );
}
