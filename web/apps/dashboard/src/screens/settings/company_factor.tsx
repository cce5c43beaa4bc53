// Whether everybody of the company needs a second factor, and who has none yet.

import { useState } from 'react';
import { SegmentedControl } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ApiError, client } from '@mobilytics/api';
import type { Company, SecondFactorRule } from '@mobilytics/api';
import { ConfirmDialog, Lines, Panel, Trouble, useMay, useSession } from '@mobilytics/ui';
import { membersQuery } from '../../data/queries';
import { useSaved } from './use_saved';

const kRules: Record<SecondFactorRule, string> = {
    optional: 'Each person decides',
    required: 'Everybody needs one',
};
const kShownMost = 6;

function Lacking({ demanded }: { demanded: boolean }) {
    const members = useQuery(membersQuery);
    const [all, setAll] = useState(false);
    if (members.error && !members.data) {
        return (
            <Trouble error={members.error} what="The list" retry={() => void members.refetch()} />
        );
    }
    if (!members.data) return <Lines count={3} />;
    const active = members.data.filter(each => each.state === 'active');
    const without = active.filter(each => !each.has_second_factor);
    if (without.length === 0) {
        return (
            <p className="hint">
                Everybody has one: {active.length} of {active.length}.
            </p>
        );
    }
    const shown = all ? without : without.slice(0, kShownMost);
    return (
        <>
            <p className="hint" data-testid="factor-lacking">
                {without.length} of {active.length} have none yet.
                {demanded && ' They set one up before they see anything else.'}
            </p>
            <ul className="plain-list tight">
                {shown.map(each => (
                    <li key={each.id}>
                        <div>
                            <b>{each.name}</b>
                            <span className="muted">{each.email}</span>
                        </div>
                    </li>
                ))}
            </ul>
            {without.length > kShownMost && (
                <button
                    type="button"
                    className="link-button"
                    aria-expanded={all}
                    onClick={() => setAll(!all)}
                >
                    {all ? 'Show fewer' : `Show all ${without.length}`}
                </button>
            )}
        </>
    );
}

export function DemandedFactor({ company }: { company: Company }) {
    const saved = useSaved();
    const { user } = useSession();
    const mayChange = useMay('change_company');
    const members = useQuery(membersQuery);
    const [asking, setAsking] = useState(false);
    const change = (second_factor: SecondFactorRule) =>
        client.call('change_company', { body: { second_factor } }).then(saved);
    const changing = useMutation({
        mutationFn: change,
        onError: error => notifications.show({ color: 'red', message: error.message }),
    });
    const demanded = company.second_factor === 'required';
    const lacking = members.data?.filter(
        each => each.state === 'active' && !each.has_second_factor,
    ).length;
    return (
        <Panel
            title="Second factor"
            about="A code of an app or a passkey, so that a stolen password alone opens nothing"
            testId="demanded-factor"
        >
            <SegmentedControl
                aria-label="Who needs a second factor"
                size="xs"
                className="wrapping-control"
                value={company.second_factor}
                disabled={!mayChange || changing.isPending}
                onChange={value => {
                    if (value === 'required') setAsking(true);
                    else changing.mutate('optional');
                }}
                data={Object.entries(kRules).map(([value, label]) => ({ value, label }))}
            />
            <Lacking demanded={demanded} />
            {asking && (
                <ConfirmDialog
                    title="Ask everybody for a second factor?"
                    means={[
                        lacking === 0
                            ? 'Everybody has one already.'
                            : `${lacking ?? 'Some'} of you have none yet. Each sets one up before going on; it takes a minute.`,
                        'Whoever is invited from now on sets one up when they first sign in.',
                        'API keys and webhooks go on as they are.',
                        !user.has_second_factor && (
                            <>
                                You have none yourself.{' '}
                                <Link to="/settings/security" className="quiet-link">
                                    Set one up first
                                </Link>
                                , so that you do not lock yourself out.
                            </>
                        ),
                    ]}
                    confirm="Ask everybody"
                    harmless
                    run={() => change('required').catch(firstOnesOwn)}
                    close={() => setAsking(false)}
                />
            )}
        </Panel>
    );
}

function firstOnesOwn(error: unknown): never {
    if (error instanceof ApiError && error.code === 'second_factor_first') {
        throw new Error('Set up a second factor of your own first, under Security.');
    }
    throw error;
}
