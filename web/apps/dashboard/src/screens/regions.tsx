// Figures by region: a map in classes beside a table, one region over time; and where moving assets
// were.

import { useMemo, useState } from 'react';
import { Button, Menu, SegmentedControl, Select } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { RegionSet } from '@mobilytics/api';
import { ConfirmDialog, Lines, Message, Trouble, useMay } from '@mobilytics/ui';
import { client } from '../data/client';
import { regionSetsQuery } from '../data/region_queries';
import { regionsSearch } from '../shell/region_search';
import type { RegionsSearch } from '../shell/region_search';
import { useChangeSearch, useView } from '../shell/view';
import { ByRegion } from './regions_by';
import { DrawZone } from './regions_draw';
import { ImportRegions } from './regions_import';
import { MovingZones } from './regions_moving';
import '../regions.css';

type Open = 'import' | 'new' | 'draw' | 'remove';

function Dialogs({
    open,
    set,
    close,
}: {
    open: Open | undefined;
    set: RegionSet | undefined;
    close: () => void;
}) {
    const queries = useQueryClient();
    const change = useChangeSearch<RegionsSearch>();
    const changed = (id?: string) => {
        void queries.invalidateQueries({ queryKey: ['region_sets'] });
        void queries.invalidateQueries({ queryKey: ['report'] });
        change({ set: id, region: undefined });
        close();
    };
    if (open === 'import' || open === 'new') {
        return (
            <ImportRegions
                into={open === 'import' ? set : undefined}
                done={changed}
                close={close}
            />
        );
    }
    if (open === 'draw') return <DrawZone into={set} done={changed} close={close} />;
    if (open === 'remove' && set) {
        return (
            <ConfirmDialog
                title={`Remove ${set.name}?`}
                means={[
                    `Its ${set.regions} regions and their history are forgotten.`,
                    'What was measured stays; it can be looked at by other regions.',
                ]}
                confirm="Remove the set"
                done={`${set.name} was removed.`}
                run={() => client.call('remove_region_set', { params: { set_id: set.id } })}
                close={() => changed()}
            />
        );
    }
    return null;
}

export function Regions() {
    const view = useView();
    const search = regionsSearch(useSearch({ strict: false }));
    const change = useChangeSearch<RegionsSearch>();
    const sets = useQuery(regionSetsQuery);
    const mayChange = useMay('make_region_set');
    const [open, setOpen] = useState<Open>();
    const set = useMemo(
        () => sets.data?.find(each => each.id === search.set) ?? sets.data?.[0],
        [sets.data, search.set],
    );
    const dialogs = <Dialogs open={open} set={set} close={() => setOpen(undefined)} />;
    if (sets.error && !sets.data) {
        return (
            <Trouble center error={sets.error} what="Regions" retry={() => void sets.refetch()} />
        );
    }
    if (sets.isPending) {
        return (
            <div className="page" aria-busy aria-label="Loading">
                <Lines count={6} />
            </div>
        );
    }
    if (!set) {
        return (
            <>
                <Message
                    center
                    title="No regions yet"
                    actions={
                        mayChange && (
                            <>
                                <Button onClick={() => setOpen('new')}>Add regions</Button>
                                <Button variant="default" onClick={() => setOpen('draw')}>
                                    Draw a zone
                                </Button>
                            </>
                        )
                    }
                >
                    {mayChange
                        ? 'Add the states of the USA, a GeoJSON file of your own, or draw a zone: then figures are told by them.'
                        : 'Who may change assets adds them: states, counties, markets or zones of your own.'}
                </Message>
                {dialogs}
            </>
        );
    }
    const tab = search.tab ?? 'figures';
    return (
        <div className="page regions">
            <div className="regions-bar">
                <Select
                    size="xs"
                    w={230}
                    aria-label="Set of regions"
                    allowDeselect={false}
                    data={sets.data.map(each => ({ value: each.id, label: each.name }))}
                    value={set.id}
                    onChange={value => change({ set: value ?? undefined, region: undefined })}
                />
                <SegmentedControl
                    size="xs"
                    aria-label="What is told"
                    value={tab}
                    data={[
                        { value: 'figures', label: 'Figures' },
                        { value: 'moving', label: 'Moving assets' },
                    ]}
                    onChange={value => change({ tab: value === 'moving' ? 'moving' : undefined })}
                />
                {mayChange && (
                    <Menu position="bottom-end">
                        <Menu.Target>
                            <Button
                                size="xs"
                                variant="default"
                                rightSection={<IconChevronDown size={14} />}
                            >
                                Manage
                            </Button>
                        </Menu.Target>
                        <Menu.Dropdown>
                            <Menu.Item onClick={() => setOpen('new')}>Add regions</Menu.Item>
                            <Menu.Item onClick={() => setOpen('import')}>
                                Replace {set.name} from a file
                            </Menu.Item>
                            <Menu.Item onClick={() => setOpen('draw')}>
                                Draw or paste a zone
                            </Menu.Item>
                            <Menu.Divider />
                            <Menu.Item color="red" onClick={() => setOpen('remove')}>
                                Remove {set.name}
                            </Menu.Item>
                        </Menu.Dropdown>
                    </Menu>
                )}
            </div>
            {set.version === 0 ? (
                <Message
                    title={`Nothing is in ${set.name} yet`}
                    actions={
                        mayChange && (
                            <Button size="xs" onClick={() => setOpen('import')}>
                                Add a file
                            </Button>
                        )
                    }
                >
                    A GeoJSON file fills it, or a zone that is drawn.
                </Message>
            ) : tab === 'moving' ? (
                <MovingZones view={view} set={set} />
            ) : (
                <ByRegion view={view} set={set} />
            )}
            {dialogs}
        </div>
    );
}
