// Moving assets in zones: how long and where they stopped; from which zone to which they went.

import { Suspense, lazy, useMemo, useState } from 'react';
import { NumberInput, SegmentedControl, Select, Skeleton, Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { FlowGrouping, RegionSet } from '@mobilytics/api';
import { Message, Panel, Trouble, count } from '@mobilytics/ui';
import { assetsQuery } from '../data/queries';
import {
    geometryQuery,
    regionsQuery,
    zoneFlowsQuery,
    zoneReportQuery,
} from '../data/region_queries';
import { SheetTable } from '../figures/sheet_panel';
import { flowLines, flowSheet, kOutside, matrixOf, zoneSheet } from '../figures/zones';
import { regionsSearch } from '../shell/region_search';
import type { RegionsSearch } from '../shell/region_search';
import { useSheet } from '../shell/sheets';
import { assetName, useChangeSearch } from '../shell/view';
import type { View } from '../shell/view';
import { spanText } from '../time/ranges';

const RegionsMap = lazy(() => import('./regions_map'));

interface MovingProps {
    view: View;
    set: RegionSet;
}

function TimeInZones({ view, set }: MovingProps) {
    const assets = useQuery(assetsQuery);
    const [stopMinutes, setStopMinutes] = useState(3);
    const query = useQuery(zoneReportQuery(view.ask(view.range), set.id, stopMinutes));
    const report = query.data;
    const sheet = useMemo(
        () => report && zoneSheet(report, id => assetName(assets.data, id)),
        [report, assets.data],
    );
    useSheet(sheet, report);
    return (
        <Panel
            title="How long were assets in zones?"
            about={`${spanText(view.range, view.zone)}, ${set.name}${report ? `, ${count(report.trips)} trips` : ''}`}
            testId="panel-time-in-zones"
            actions={
                <NumberInput
                    size="xs"
                    w={150}
                    aria-label="A stop is so many minutes"
                    suffix=" min is a stop"
                    min={1}
                    max={1440}
                    value={stopMinutes}
                    onChange={value => Number(value) >= 1 && setStopMinutes(Number(value))}
                />
            }
        >
            {query.error && !report ? (
                <Trouble
                    error={query.error}
                    what="Time in zones"
                    retry={() => void query.refetch()}
                />
            ) : !sheet || !report ? (
                <Skeleton height={240} radius={6} aria-label="Loading" />
            ) : sheet.rows.length === 0 ? (
                <Message title="No moving asset was in a zone">
                    Vehicles with a sensor that knows its position are told here. Choose another
                    range, or zones where they drive.
                </Message>
            ) : (
                <>
                    <SheetTable sheet={sheet} height={340} />
                    <p className="foot-note">
                        Borders are crossed at an interpolated moment. Between trips nobody saw
                        where an asset was: “Not seen” is the time between a trip that ended in the
                        zone and the next that began in it, and is not counted as inside.
                        {report.truncated && ' There were more trips or passages than are told.'}
                    </p>
                </>
            )}
        </Panel>
    );
}

function FromZoneToZone({ view, set }: MovingProps) {
    const search = regionsSearch(useSearch({ strict: false }));
    const change = useChangeSearch<RegionsSearch>();
    const kind = search.flow ?? 'trips';
    const [group, setGroup] = useState<FlowGrouping>('none');
    const [slot, setSlot] = useState<string | null>(null);
    const [drawn, setDrawn] = useState(true);
    const query = useQuery(zoneFlowsQuery(view.ask(view.range), set.id, kind, group));
    const regions = useQuery(regionsQuery(set.id, set.version));
    const shapes = useQuery(geometryQuery(set.id, set.version, 12));
    const flows = query.data;
    const names = useMemo(
        () => new Map(regions.data?.map(({ code, name }) => [code, name])),
        [regions.data],
    );
    const nameOf = (code: string) => (code === kOutside ? 'outside' : (names.get(code) ?? code));
    const slots = useMemo(() => [...new Set(flows?.items.map(each => each.slot))], [flows]);
    const at = slot !== null && slots.includes(slot) ? slot : undefined;
    const items = useMemo(
        () => flows?.items.filter(each => at === undefined || each.slot === at) ?? [],
        [flows, at],
    );
    const matrix = useMemo(() => matrixOf(items), [items]);
    const lines = useMemo(() => flowLines(items, shapes.data), [items, shapes.data]);
    const sheet = useMemo(
        () => flows && flowSheet({ ...flows, items }, nameOf),
        [flows, items, names],
    );
    useSheet(sheet, flows);
    const nothing = useMemo(() => [], []);
    return (
        <Panel
            title="From which zone to which?"
            about="Rows are where they came from, columns where they went"
            testId="panel-zone-flows"
            actions={
                <div className="panel-controls">
                    <SegmentedControl
                        size="xs"
                        aria-label="What is counted"
                        value={kind}
                        data={[
                            { value: 'trips', label: 'Trips' },
                            { value: 'passages', label: 'Zone after zone' },
                        ]}
                        onChange={value =>
                            change({ flow: value === 'passages' ? 'passages' : undefined })
                        }
                    />
                    <Select
                        size="xs"
                        w={110}
                        aria-label="By"
                        allowDeselect={false}
                        value={group}
                        data={[
                            { value: 'none', label: 'All together' },
                            { value: 'hour', label: 'By hour' },
                            { value: 'day', label: 'By day' },
                        ]}
                        onChange={value => {
                            setGroup((value ?? 'none') as FlowGrouping);
                            setSlot(null);
                        }}
                    />
                    {group !== 'none' && (
                        <Select
                            size="xs"
                            w={120}
                            aria-label={group === 'hour' ? 'Hour' : 'Day'}
                            clearable
                            placeholder="all"
                            value={at ?? null}
                            data={slots.map(value => ({
                                value,
                                label: group === 'hour' ? `${value}:00` : value,
                            }))}
                            onChange={setSlot}
                        />
                    )}
                    <Switch
                        size="xs"
                        label="Map"
                        checked={drawn}
                        onChange={event => setDrawn(event.currentTarget.checked)}
                    />
                </div>
            }
        >
            {query.error && !flows ? (
                <Trouble
                    error={query.error}
                    what="Ways between zones"
                    retry={() => void query.refetch()}
                />
            ) : !flows ? (
                <Skeleton height={240} radius={6} aria-label="Loading" />
            ) : items.length === 0 ? (
                <Message title="No way between zones was seen">
                    Trips of vehicles appear here with the zones where they began and ended.
                </Message>
            ) : (
                <div className={drawn ? 'regions-beside-each-other' : undefined}>
                    {drawn && (
                        <Suspense fallback={<Skeleton height={420} radius={6} />}>
                            <RegionsMap
                                key={set.id}
                                shapes={shapes.data}
                                values={nothing}
                                title="Ways between zones"
                                text={count}
                                selected={undefined}
                                onSelect={() => undefined}
                                onZoom={() => undefined}
                                flows={lines}
                            />
                        </Suspense>
                    )}
                    <div className="rows-scroll" tabIndex={0} role="region" aria-label="Matrix">
                        <table className="rows regions-matrix" data-testid="zone-matrix">
                            <caption className="hidden">Ways from zone to zone</caption>
                            <thead>
                                <tr>
                                    <th scope="col">From ↓ to →</th>
                                    {matrix.codes.map(code => (
                                        <th key={code} scope="col" className="number">
                                            {nameOf(code)}
                                        </th>
                                    ))}
                                </tr>
                            </thead>
                            <tbody>
                                {matrix.codes.map((from, i) => (
                                    <tr key={from}>
                                        <th scope="row">{nameOf(from)}</th>
                                        {matrix.codes.map((to, j) => {
                                            const trips = matrix.trips[i]![j]!;
                                            const share = matrix.most ? trips / matrix.most : 0;
                                            return (
                                                <td
                                                    key={to}
                                                    className="number"
                                                    style={{
                                                        background: `color-mix(in srgb, var(--accent) ${Math.round(share * 45)}%, transparent)`,
                                                    }}
                                                >
                                                    {trips === 0 ? '·' : count(trips)}
                                                </td>
                                            );
                                        })}
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    </div>
                </div>
            )}
        </Panel>
    );
}

export function MovingZones(props: MovingProps) {
    return (
        <>
            <TimeInZones {...props} />
            <FromZoneToZone {...props} />
        </>
    );
}
