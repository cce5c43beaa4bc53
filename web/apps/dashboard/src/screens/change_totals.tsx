// Totals that were wrong, mended interval by interval; one that is emptied counts no more.

import { useState } from 'react';
import { Button, NumberInput, Textarea } from '@mantine/core';
import type { Count, Total } from '@mobilytics/api';
import { ApiError } from '@mobilytics/api';
import { Form, useForm } from '@mobilytics/ui';
import { minuteText } from '@mobilytics/ui/zones';
import { faultsOfRows } from '../figures/calibrations';
import { client } from '../data/client';
import { useCalibrationChanged } from '../data/calibration_queries';

interface ChangeTotalsProps {
    count: Count;
    totals: Total[];
    zone: string;
    close: () => void;
}

export function ChangeTotals({ count, totals, zone, close }: ChangeTotalsProps) {
    const changed = useCalibrationChanged();
    const [rows, setRows] = useState<(number | undefined)[]>(() =>
        totals.map(({ people }) => people),
    );
    const kept = totals.flatMap((total, i) =>
        rows[i] === undefined ? [] : [{ ...total, people: rows[i] }],
    );
    const form = useForm({
        // The totals are held beside it: their faults stand in their rows.
        initial: { reason: '', totals: '' },
        check: ({ reason }) => (reason.trim() ? {} : { reason: 'What was wrong?' }),
        send: ({ reason }) =>
            client.call('set_totals', {
                params: { count_id: count.id },
                body: { totals: kept, reason: reason.trim() },
            }),
        done: () => {
            void changed();
            close();
        },
    });
    const faults = faultsOfRows(
        form.error instanceof ApiError ? form.error.faults : [],
        rows.map(value => value !== undefined),
    );
    return (
        <Form
            form={form}
            submit="Save the totals"
            label="Change totals"
            disabled={kept.length === 0}
            others={
                <Button size="xs" variant="default" onClick={close}>
                    Cancel
                </Button>
            }
        >
            <div className="rows-scroll">
                <table className="rows">
                    <caption className="hidden">
                        People present, on average of each interval
                    </caption>
                    <thead>
                        <tr>
                            <th scope="col">From</th>
                            <th scope="col">Until</th>
                            <th scope="col">People on average</th>
                        </tr>
                    </thead>
                    <tbody>
                        {totals.map((total, i) => {
                            const from = minuteText(Date.parse(total.from), zone).replace('T', ' ');
                            return (
                                <tr key={total.from}>
                                    <td>{from}</td>
                                    <td>{minuteText(Date.parse(total.to), zone).slice(11)}</td>
                                    <td>
                                        <NumberInput
                                            size="xs"
                                            aria-label={`People from ${from}`}
                                            min={0}
                                            max={100_000}
                                            maw={130}
                                            value={rows[i] ?? ''}
                                            error={faults[i]}
                                            onChange={value =>
                                                setRows(
                                                    rows.map((each, at) =>
                                                        at !== i
                                                            ? each
                                                            : value === ''
                                                              ? undefined
                                                              : Number(value),
                                                    ),
                                                )
                                            }
                                        />
                                    </td>
                                </tr>
                            );
                        })}
                    </tbody>
                </table>
            </div>
            <p className="hint">An interval that is emptied counts no more.</p>
            <Textarea
                {...form.text('reason')}
                label="What was wrong"
                placeholder="The list of the south door was missing"
                autosize
                minRows={1}
                maxRows={4}
                maxLength={200}
            />
        </Form>
    );
}
