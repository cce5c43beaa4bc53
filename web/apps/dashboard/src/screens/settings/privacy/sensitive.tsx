// Where nobody is counted: the list, the map, one drawn, many imported, one removed.

import { Suspense, lazy, useState } from 'react';
import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { SensitivePlace } from '@mobilytics/api';
import {
    ConfirmDialog,
    Lines,
    Message,
    Trouble,
    When,
    count,
    useMay,
    useSession,
} from '@mobilytics/ui';
import { client } from '../../../data/client';
import { kReport } from '../../../data/queries';
import {
    kSensitive,
    kindText,
    sensitivePlacesQuery,
    sensitiveShapesQuery,
} from '../../../data/sensitive_queries';
import { DrawSensitive } from './sensitive_draw';
import { ImportSensitive } from './sensitive_import';

const SensitiveMap = lazy(() => import('./sensitive_map'));

export function SensitivePlaces() {
    const { company } = useSession();
    const queries = useQueryClient();
    const may = useMay('put_sensitive_place');
    const places = useQuery(sensitivePlacesQuery);
    const shapes = useQuery(sensitiveShapesQuery);
    const [opened, setOpened] = useState<'draw' | 'import'>();
    const [removing, setRemoving] = useState<SensitivePlace>();
    const changed = () => {
        setOpened(undefined);
        void queries.invalidateQueries({ queryKey: [kSensitive] });
        void queries.invalidateQueries({ queryKey: [kReport] });
    };
    if (places.error && !places.data) {
        return (
            <Trouble
                error={places.error}
                what="Sensitive places"
                retry={() => void places.refetch()}
            />
        );
    }
    if (!places.data) return <Lines count={6} />;
    const actions = may && (
        <Group gap="xs">
            <Button size="xs" onClick={() => setOpened('draw')}>
                Mark a place
            </Button>
            <Button size="xs" variant="default" onClick={() => setOpened('import')}>
                Import GeoJSON
            </Button>
        </Group>
    );
    return (
        <Stack gap="sm">
            <p className="page-about" style={{ margin: 0 }}>
                At hospitals, places of worship, shelters, schools and courts nobody is counted:
                what is heard in a cell of the map that touches one is not kept, and in no figure.
            </p>
            {places.data.length === 0 ? (
                <Message center title="No sensitive place is marked" actions={actions}>
                    {may
                        ? 'Draw one, or import many. What was heard there is then deleted for good.'
                        : 'An admin or owner marks them.'}
                </Message>
            ) : (
                <>
                    {actions}
                    {!may && <p className="hint">Only an admin or owner changes them.</p>}
                    {shapes.error && !shapes.data ? (
                        <Trouble
                            error={shapes.error}
                            what="The map of sensitive places"
                            retry={() => void shapes.refetch()}
                        />
                    ) : (
                        <Suspense fallback={<Skeleton height={320} />}>
                            {shapes.data ? (
                                <SensitiveMap shapes={shapes.data} />
                            ) : (
                                <Skeleton height={320} />
                            )}
                        </Suspense>
                    )}
                    <div className="data-table" data-testid="sensitive-table">
                        <table className="rows wrapping">
                            <caption className="hidden">Sensitive places</caption>
                            <thead>
                                <tr>
                                    <th scope="col">Place</th>
                                    <th scope="col">Kind</th>
                                    <th scope="col" className="number">
                                        Cells of the map
                                    </th>
                                    <th scope="col">Marked</th>
                                    <th scope="col">
                                        <span className="hidden">Actions</span>
                                    </th>
                                </tr>
                            </thead>
                            <tbody>
                                {places.data.map(place => (
                                    <tr key={place.code}>
                                        <td data-label="">{place.name}</td>
                                        <td data-label="Kind">{kindText(place.kind)}</td>
                                        <td data-label="Cells of the map" className="number">
                                            {count(place.cells)}
                                        </td>
                                        <td data-label="Marked">
                                            <When at={place.marked_at} zone={company.time_zone} />
                                        </td>
                                        <td data-label="" className="row-end">
                                            {may && (
                                                <Button
                                                    size="compact-xs"
                                                    variant="default"
                                                    aria-label={`Remove ${place.name}`}
                                                    onClick={() => setRemoving(place)}
                                                >
                                                    Remove
                                                </Button>
                                            )}
                                        </td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    </div>
                </>
            )}
            {opened === 'draw' && (
                <DrawSensitive done={changed} close={() => setOpened(undefined)} />
            )}
            {opened === 'import' && (
                <ImportSensitive done={changed} close={() => setOpened(undefined)} />
            )}
            {removing && (
                <ConfirmDialog
                    title={`Remove ${removing.name}`}
                    means={[
                        'Who is heard there is counted from then on.',
                        'What was deleted does not come again.',
                        'It stands in the audit.',
                    ]}
                    confirm="Remove it"
                    run={async () => {
                        await client.call('remove_sensitive_place', {
                            body: { code: removing.code },
                        });
                        changed();
                    }}
                    done={`${removing.name} is removed.`}
                    close={() => setRemoving(undefined)}
                />
            )}
        </Stack>
    );
}
