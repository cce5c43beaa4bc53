// How long each kind is kept.

import { useState } from 'react';
import { Button, NumberInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { Retention } from '@mobilytics/api';
import {
    ConfirmDialog,
    Lines,
    Trouble,
    When,
    count,
    kNothing,
    useMay,
    useSession,
} from '@mobilytics/ui';

function daysText(days: number): string {
    if (days % 365 === 0) return days === 365 ? '1 year' : `${days / 365} years`;
    return days === 1 ? '1 day' : `${count(days)} days`;
}

const keptText = ({ kept_days, kept_minutes }: Retention) =>
    kept_minutes === undefined ? daysText(kept_days) : `${kept_minutes} minutes at most`;

function SetRetention({ retention, close }: { retention: Retention; close: () => void }) {
    const queries = useQueryClient();
    const [days, setDays] = useState<number | string>(retention.kept_days);
    const next = Number(days);
    const shorter = next < retention.kept_days;
    return (
        <ConfirmDialog
            title={`How long: ${retention.what}`}
            means={[
                shorter
                    ? `What is older than ${daysText(next)} goes within the hour. It cannot be undone.`
                    : `What is kept now stays until it is ${daysText(next)} old.`,
                'It holds for the whole company, and stands in the audit.',
            ]}
            confirm="Set it"
            harmless={!shorter}
            run={async () => {
                const reply = await client.call('set_retention', {
                    body: { kind: retention.kind, kept_days: next },
                });
                queries.setQueryData(['retention'], reply);
            }}
            done="It is set."
            close={close}
        >
            <NumberInput
                label="Days"
                description={`${count(retention.least_days)} to ${count(retention.most_days)}.`}
                value={days}
                onChange={setDays}
                min={retention.least_days}
                max={retention.most_days}
                clampBehavior="strict"
                allowDecimal={false}
                maw={200}
            />
        </ConfirmDialog>
    );
}

export function RetentionPart() {
    const { company } = useSession();
    const maySet = useMay('set_retention');
    const [setting, setSetting] = useState<Retention>();
    const found = useQuery({
        queryKey: ['retention'],
        queryFn: ({ signal }) => client.call('list_retention', { signal }),
    });
    if (found.error && !found.data) {
        return <Trouble error={found.error} what="Retention" retry={() => void found.refetch()} />;
    }
    if (!found.data) return <Lines count={6} />;
    return (
        <>
            <div className="data-table">
                <table className="rows wrapping">
                    <caption className="hidden">How long each kind is kept</caption>
                    <thead>
                        <tr>
                            <th scope="col">Data</th>
                            <th scope="col">Kept for</th>
                            <th scope="col">Last round</th>
                            <th scope="col" className="number">
                                Went then
                            </th>
                            <th scope="col">
                                <span className="hidden">Actions</span>
                            </th>
                        </tr>
                    </thead>
                    <tbody>
                        {found.data.items.map((row: Retention) => (
                            <tr key={row.kind}>
                                <td data-label="">{row.what}</td>
                                <td data-label="Kept for">{keptText(row)}</td>
                                <td data-label="Last round">
                                    <When
                                        at={row.last_enforced_at}
                                        zone={company.time_zone}
                                        relative
                                        nothing="not yet"
                                    />
                                </td>
                                <td data-label="Went then" className="number">
                                    {row.last_gone === undefined ? kNothing : count(row.last_gone)}
                                </td>
                                <td data-label="" className="row-end">
                                    {row.settable ? (
                                        <Button
                                            size="compact-xs"
                                            variant="default"
                                            disabled={!maySet}
                                            aria-label={`Change ${row.what}`}
                                            onClick={() => setSetting(row)}
                                        >
                                            Change
                                        </Button>
                                    ) : (
                                        <span className="muted">the same for all</span>
                                    )}
                                </td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
            {!maySet && <p className="hint">Only an owner changes it.</p>}
            {setting && <SetRetention retention={setting} close={() => setSetting(undefined)} />}
        </>
    );
}
