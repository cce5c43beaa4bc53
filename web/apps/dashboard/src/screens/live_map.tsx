// Where everything is, where it was, and where it was seen.

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Switch, TextInput } from '@mantine/core';
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { IconSearch } from '@tabler/icons-react';
import { Message, Trouble, count, duration } from '@mobilytics/ui';
import { heatmapQuery, routesQuery } from '../data/queries';
import { liveStore, useLive } from '../data/live_store';
import { Controls } from '../map/controls';
import type { HoveredCell, MapView } from '../map/fleet_map';
import { heatSteps } from '../map/heat';
import { kMapLayers, layersOf, layersText } from '../map/layers';
import type { MapLayer } from '../map/layers';
import { MapLegend } from '../map/legend';
import { AssetList, AssetPanel } from '../map/asset_panel';
import { useFleetMap } from '../map/use_fleet_map';
import { mapSearch, parseView, viewText } from '../shell/search';
import type { MapSearch } from '../shell/search';
import { useSheet } from '../shell/sheets';
import { useChangeSearch, useView } from '../shell/view';
import type { Sheet } from '../figures/sheet';
import { isoText } from '@mobilytics/ui/zones';

type Bbox = [number, number, number, number];

/** Of the height, what the sheet takes on a narrow screen; as in app.css. */
const kSheetShare = 0.68;

/** Outwards to a grid, so that a small move asks nothing new. */
function snapped([west, south, east, north]: Bbox, zoom: number): string {
    const step = 360 / 2 ** (Math.floor(zoom) + 1);
    const low = (value: number, least: number) => Math.max(least, Math.floor(value / step) * step);
    const high = (value: number, most: number) => Math.min(most, Math.ceil(value / step) * step);
    return [low(west, -180), low(south, -85), high(east, 180), high(north, 85)]
        .map(value => value.toFixed(5))
        .join(',');
}

export function LiveMap() {
    const view = useView();
    const search = mapSearch(useSearch({ strict: false }));
    const change = useChangeSearch<MapSearch>();
    const live = useLive();
    const box = useRef<HTMLDivElement>(null);
    const narrow = useMediaQuery('(max-width: 900px)', false, { getInitialValueInEffect: false });
    const [find, setFind] = useState('');
    const [sheetOpen, setSheetOpen] = useState(false);
    const [hovered, setHovered] = useState<HoveredCell>();
    const [seen, setSeen] = useState<{ at: MapView; bbox: Bbox }>();
    const [asked] = useDebouncedValue(seen, 250);
    const layers = layersOf(search.show);
    const start = useRef(parseView(search.at)).current;
    const first = useRef(true);

    const onMoved = useCallback(
        (at: MapView, bbox: Bbox) => {
            setSeen({ at, bbox });
            // The first look is not yet a choice: a bare address stays bare.
            if (first.current) {
                first.current = false;
                return;
            }
            change({ at: viewText(at) }, true);
        },
        [change],
    );
    const onSelect = useCallback(
        (id: string | undefined) => {
            change({ asset: id });
            if (id) setSheetOpen(true);
        },
        [change],
    );
    const { map, failed } = useFleetMap(box, {
        view: start,
        onMoved,
        onSelect,
        onHover: setHovered,
    });

    // Cells are three steps finer than the zoom asked for. Tiles are 512 pixels wide here, so one
    // step more gives cells of 32 to 64 pixels.
    const zoom = Math.min(17, Math.max(0, Math.floor(asked?.at.zoom ?? 11) + 1));
    const heat = useQuery({
        ...heatmapQuery(view.ask(view.range), asked ? snapped(asked.bbox, zoom) : '', zoom),
        enabled: layers.has('heat') && asked !== undefined,
    });
    const routes = useQuery({
        ...routesQuery(view.ask(view.range)),
        enabled: layers.has('routes'),
    });
    const cells = layers.has('heat') ? heat.data?.cells : undefined;
    const steps = useMemo(() => cells && heatSteps(cells), [cells]);

    useEffect(() => map?.setHeat(cells, steps), [map, cells, steps]);
    useEffect(
        () => map?.setRoutes(layers.has('routes') ? routes.data?.items : undefined),
        [map, routes.data, layers],
    );
    const located = live.items.some(
        item => item.asset_id === search.asset && item.latitude !== undefined,
    );
    useEffect(
        () => map?.select(search.asset, located && !start, narrow ? kSheetShare : 0),
        [map, search.asset, located, start, narrow],
    );

    const sheet = useMemo<Sheet>(
        () => ({
            name: 'assets-now',
            title: 'Assets now',
            columns: [
                { key: 'code', label: 'Code' },
                { key: 'name', label: 'Asset' },
                { key: 'kind', label: 'Kind' },
                { key: 'state', label: 'State' },
                { key: 'last_heard', label: 'Last heard' },
                { key: 'latitude', label: 'Latitude' },
                { key: 'longitude', label: 'Longitude' },
            ],
            rows: live.items.map(item => ({
                code: item.code,
                name: item.name,
                kind: item.kind,
                state: item.state,
                last_heard: item.last_heard_at
                    ? isoText(Date.parse(item.last_heard_at), view.zone)
                    : undefined,
                latitude: item.latitude?.toFixed(6),
                longitude: item.longitude?.toFixed(6),
            })),
        }),
        [live.items, view.zone],
    );
    useSheet(sheet, heat.data);
    const cellSheet = useMemo<Sheet | undefined>(
        () =>
            cells && {
                name: 'cells',
                title: 'Cells of the heatmap in view',
                columns: [
                    { key: 'cell', label: 'Cell' },
                    { key: 'latitude', label: 'Latitude' },
                    { key: 'longitude', label: 'Longitude' },
                    { key: 'visits', label: 'Visits', digits: 0 },
                    { key: 'presence', label: 'Presence', unit: 'device-seconds', digits: 0 },
                ],
                rows: cells.map(cell => ({
                    cell: cell.cell,
                    latitude: cell.latitude.toFixed(6),
                    longitude: cell.longitude.toFixed(6),
                    visits: cell.visits,
                    presence: cell.presence_s,
                })),
            },
        [cells],
    );
    useSheet(cellSheet, heat.data);

    const toggle = (layer: MapLayer) => {
        const next = new Set(layers);
        if (!next.delete(layer)) next.add(layer);
        change({ show: layersText(next) });
    };
    const shown = live.items.filter(item =>
        `${item.code} ${item.name}`.toLowerCase().includes(find.toLowerCase()),
    );
    const chosen = live.items.find(item => item.asset_id === search.asset);
    const open = !narrow || sheetOpen || chosen !== undefined;
    const states = { live: 0, quiet: 0, silent: 0, never: 0 };
    for (const item of live.items) ++states[item.state];

    return (
        <div className="map-page">
            <div className="map-area">
                <div
                    ref={box}
                    className="map-box"
                    role="application"
                    aria-label="Map of the assets. The same as a list is beside it."
                    data-testid="map"
                />
                {failed && (
                    <div className="map-failed">
                        <Message center title="This browser cannot draw the map">
                            It needs WebGL. The list of assets and all figures work without it.
                        </Message>
                    </div>
                )}
                <div className="map-layers" role="group" aria-label="Layers">
                    {kMapLayers.map(layer => (
                        <Switch
                            key={layer.id}
                            size="xs"
                            label={layer.label}
                            checked={layers.has(layer.id)}
                            onChange={() => toggle(layer.id)}
                        />
                    ))}
                </div>
                <MapLegend
                    heat={layers.has('heat') ? heat : undefined}
                    steps={steps}
                    routes={layers.has('routes') ? routes : undefined}
                />
                {hovered && !narrow && (
                    <div
                        className="map-tip"
                        style={{ transform: `translate(${hovered.x + 14}px, ${hovered.y + 14}px)` }}
                    >
                        <b>{count(hovered.visits)}</b> visits
                        <span className="muted">
                            {' '}
                            · {duration(hovered.presence_s).value}{' '}
                            {duration(hovered.presence_s).unit} of presence
                        </span>
                    </div>
                )}
                <Controls zoomBy={step => map?.zoomBy(step)} fit={() => map?.fit()} />
            </div>
            <aside
                className="map-side"
                data-open={open || undefined}
                aria-label={chosen ? chosen.name : 'Assets'}
            >
                {narrow && (
                    <button
                        type="button"
                        className="map-grip"
                        aria-expanded={open}
                        onClick={() => {
                            if (chosen) change({ asset: undefined });
                            setSheetOpen(!open);
                        }}
                    >
                        <i />
                        {!open && (
                            <span>
                                <b>{states.live}</b> live · <b>{states.quiet}</b> quiet ·{' '}
                                <b>{states.silent + states.never}</b> silent
                            </span>
                        )}
                    </button>
                )}
                {open &&
                    (chosen ? (
                        <AssetPanel
                            key={chosen.asset_id}
                            item={chosen}
                            serverNow={live.serverNow}
                            close={() => change({ asset: undefined })}
                        />
                    ) : live.error && !live.loaded ? (
                        <Trouble
                            error={live.error}
                            what="The assets"
                            retry={() => void liveStore.reload()}
                        />
                    ) : (
                        <>
                            <TextInput
                                size="xs"
                                placeholder="Find an asset"
                                aria-label="Find an asset"
                                leftSection={<IconSearch size={14} stroke={1.8} />}
                                value={find}
                                onChange={event => setFind(event.currentTarget.value)}
                                className="map-find"
                            />
                            <AssetList
                                items={shown}
                                loaded={live.loaded}
                                serverNow={live.serverNow}
                                onSelect={id => {
                                    change({ asset: id });
                                    map?.select(id, true, narrow ? kSheetShare : 0);
                                }}
                            />
                        </>
                    ))}
            </aside>
        </div>
    );
}
