// A RegionMap for a React element: made once, dressed as the page is.

import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import { loadBasemap } from './basemap_style';
import { RegionMap } from './region_map';
import type { RegionMapOptions } from './region_map';

type Chosen = Pick<RegionMapOptions, 'onSelect' | 'onHover' | 'onZoom' | 'onDraw'>;

export function useRegionMap(box: RefObject<HTMLDivElement | null>, chosen: Chosen) {
    const [map, setMap] = useState<RegionMap>();
    const [failed, setFailed] = useState(false);
    const dark = useComputedColorScheme('light') === 'dark';
    const latest = useRef({ ...chosen, dark });
    latest.current = { ...chosen, dark };

    useEffect(() => {
        let gone = false;
        let made: RegionMap | undefined;
        let watcher: ResizeObserver | undefined;
        void loadBasemap().then(config => {
            if (gone || !box.current) return;
            const draws = latest.current.onDraw !== undefined;
            try {
                made = new RegionMap({
                    element: box.current,
                    config,
                    dark: latest.current.dark,
                    onSelect: code => latest.current.onSelect?.(code),
                    onHover: at => latest.current.onHover?.(at),
                    onZoom: zoom => latest.current.onZoom?.(zoom),
                    ...(draws
                        ? { onDraw: (corners, closed) => latest.current.onDraw?.(corners, closed) }
                        : {}),
                });
            } catch {
                // No WebGL: the table beside the map still tells everything.
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
    return { map, failed };
}
