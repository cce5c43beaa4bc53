// What is kept about whom, where, what for and how long.

import { useState } from 'react';
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { client } from '@mobilytics/api';
import type { About, DataMapEntry, OnErasure } from '@mobilytics/api';
import { Lines, Trouble, kNothing } from '@mobilytics/ui';

const kAbouts: Record<About, string> = {
    nobody: 'Nobody',
    people: 'People who sign in',
    contacts: 'Contacts',
    passers_by: 'Passers-by, as pseudonyms',
};

const kOnErasure: Record<OnErasure, string> = {
    nothing_personal: 'nothing personal in it',
    erased: 'erased',
    kept_by_law: 'kept, as the law asks',
    kept_as_audit: 'kept in the audit, without the name',
    ends_by_itself: 'ends by itself',
};

export function DataMapPart() {
    const found = useQuery({
        queryKey: ['data_map'],
        queryFn: ({ signal }) => client.call('data_map', { signal }),
        staleTime: 600_000,
    });
    const [about, setAbout] = useState<About | 'anybody' | 'all'>('anybody');
    if (found.error) {
        return (
            <Trouble error={found.error} what="The data map" retry={() => void found.refetch()} />
        );
    }
    if (!found.data) return <Lines count={8} />;
    const shown = found.data.items.filter(
        (entry: DataMapEntry) =>
            about === 'all' ||
            (about === 'anybody' ? entry.about !== 'nobody' : entry.about === about),
    );
    return (
        <>
            <Select
                size="xs"
                mb="sm"
                w={240}
                aria-label="About whom"
                allowDeselect={false}
                data={[
                    { value: 'anybody', label: 'About somebody' },
                    ...Object.entries(kAbouts).map(([value, label]) => ({ value, label })),
                    { value: 'all', label: 'All that is kept' },
                ]}
                value={about}
                onChange={value => setAbout(value as typeof about)}
            />
            <div className="data-table">
                <table className="rows wrapping">
                    <caption className="hidden">What is kept</caption>
                    <thead>
                        <tr>
                            <th scope="col">Where</th>
                            <th scope="col">About</th>
                            <th scope="col">What</th>
                            <th scope="col">What for</th>
                            <th scope="col">How long</th>
                            <th scope="col">On erasure</th>
                        </tr>
                    </thead>
                    <tbody>
                        {shown.map((entry: DataMapEntry) => (
                            <tr key={entry.place}>
                                <td data-label="">
                                    <span className="code place-name">{entry.place}</span>
                                </td>
                                <td data-label="About">{kAbouts[entry.about]}</td>
                                <td data-label="What">
                                    {entry.data || <span className="muted">{kNothing}</span>}
                                </td>
                                <td data-label="What for">{entry.purpose}</td>
                                <td data-label="How long">{entry.kept}</td>
                                <td data-label="On erasure">{kOnErasure[entry.on_erasure]}</td>
                            </tr>
                        ))}
                    </tbody>
                </table>
            </div>
        </>
    );
}
