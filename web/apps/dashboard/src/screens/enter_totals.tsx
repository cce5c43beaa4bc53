// How many people were there, quarter by quarter, typed in from a list.

import { useRef, useState } from 'react';
import { Button, Group, NumberInput, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { ApiError, freshKey } from '@mobilytics/api';
import { sentence } from '@mobilytics/ui';
import { minuteText } from '@mobilytics/ui/zones';
import { client } from '../data/client';
import { faultsOfRows, totalsFrom } from '../figures/calibrations';

const kRows = 8;
const kQuarterMs = 900_000;

interface EnterTotalsProps {
    assetId: string;
    zone: string;
    done: () => void;
}

export function EnterTotals({ assetId, zone, done }: EnterTotalsProps) {
    const [start, setStart] = useState('');
    const [people, setPeople] = useState<(number | undefined)[]>(
        Array.from({ length: kRows }, () => undefined),
    );
    const totals = totalsFrom(start, people, zone) ?? [];
    const from = totalsFrom(start, [0], zone)?.[0]?.from;
    // Tried again after a fault, it is the same count.
    const clientId = useRef(freshKey());
    const save = useMutation({
        mutationFn: async () => {
            const made = await client.call('begin_count', {
                body: { asset_id: assetId, way: 'totals', client_id: clientId.current },
            });
            return client.call('set_totals', { params: { count_id: made.id }, body: { totals } });
        },
        onSuccess: done,
    });
    const faults = faultsOfRows(
        save.error instanceof ApiError ? save.error.faults : [],
        people.map(value => value !== undefined),
    );
    const isOfRows = faults.some(Boolean);
    return (
        <form
            onSubmit={event => {
                event.preventDefault();
                save.mutate();
            }}
        >
            <TextInput
                type="datetime-local"
                step={900}
                label={`Counted from, ${zone}`}
                value={start}
                onChange={event => setStart(event.currentTarget.value)}
                maw={260}
            />
            <table className="rows wrapping" style={{ marginTop: 12 }}>
                <caption className="muted">People present, on average of each quarter</caption>
                <tbody>
                    {people.map((value, i) => {
                        const at = from && minuteText(Date.parse(from) + i * kQuarterMs, zone);
                        const name = at ? at.slice(11) : `Quarter ${i + 1}`;
                        return (
                            <tr key={i}>
                                <th scope="row" style={{ textAlign: 'left', paddingRight: 16 }}>
                                    {name}
                                </th>
                                <td>
                                    <NumberInput
                                        size="xs"
                                        aria-label={`People, ${name}`}
                                        min={0}
                                        max={100000}
                                        value={value ?? ''}
                                        error={faults[i]}
                                        onChange={given =>
                                            setPeople(
                                                people.map((each, at_) =>
                                                    at_ !== i
                                                        ? each
                                                        : given === ''
                                                          ? undefined
                                                          : Number(given),
                                                ),
                                            )
                                        }
                                        maw={120}
                                    />
                                </td>
                            </tr>
                        );
                    })}
                </tbody>
            </table>
            {save.error && (
                <Text size="sm" c="var(--bad)" role="alert">
                    {sentence(save.error.message)} {isOfRows && 'See beside the quarters.'}
                </Text>
            )}
            <Group mt="sm">
                <Button
                    size="xs"
                    variant="default"
                    onClick={() =>
                        setPeople([...people, ...Array.from({ length: 4 }, () => undefined)])
                    }
                >
                    An hour more
                </Button>
                <Button
                    type="submit"
                    size="xs"
                    loading={save.isPending}
                    disabled={totals.length === 0}
                >
                    Enter {totals.length} quarters
                </Button>
            </Group>
        </form>
    );
}
