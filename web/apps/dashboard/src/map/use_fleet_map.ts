// A FleetMap for a React element: made once, fed by the live store.

import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import { liveStore, useLive } from '../data/live_store';
import { loadBasemap } from './basemap_style';
import { FleetMap } from './fleet_map';
import type { FleetMapOptions } from './fleet_map';

type Chosen = Pick<
    FleetMapOptions,
    'view' | 'still' | 'onPick' | 'onSelect' | 'onMoved' | 'onHover'
>;

export function useFleetMap(box: RefObject<HTMLDivElement | null>, chosen: Chosen) {
    const [map, setMap] = useState<FleetMap>();
    const [failed, setFailed] = useState(false);
    const dark = useComputedColorScheme('light') === 'dark';
    const live = useLive();
    const latest = useRef({ ...chosen, dark });
    latest.current = { ...chosen, dark };

    useEffect(() => {
        let gone = false;
        let made: FleetMap | undefined;
        let watcher: ResizeObserver | undefined;
        void loadBasemap().then(config => {
            if (gone || !box.current) return;
            const { view, still, onPick } = latest.current;
            try {
                made = new FleetMap({
                    element: box.current,
                    config,
                    dark: latest.current.dark,
                    view,
                    ...(still ? { still } : {}),
                    onPick: onPick && (at => latest.current.onPick?.(at)),
                    onSelect: id => latest.current.onSelect?.(id),
                    onMoved: (to, bbox) => latest.current.onMoved?.(to, bbox),
                    onHover: cell => latest.current.onHover?.(cell),
                });
            } catch {
                // No WebGL: the list beside the map still tells everything.
                setFailed(true);
                return;
            }
            watcher = new ResizeObserver(() => made?.resize());
            watcher.observe(box.current);
            setMap(made);
        });
        return () => {
            gone = true;
            watcher?.disconnect();
            made?.destroy();
            setMap(undefined);
        };
    }, [box]);

    useEffect(() => map?.setDark(dark), [map, dark]);
    useEffect(() => map?.setAssets(live.items), [map, live.items]);
    useEffect(() => map && liveStore.onAsset(item => map.moveAsset(item)), [map]);
    return { map, failed };
}
