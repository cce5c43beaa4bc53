// From where faces are seen: sectors before them, on the map.

import type { GeoJSONSource, Map } from 'maplibre-gl';
import type { FaceSight } from '@mobilytics/api';

const kSource = 'sights';

/** Draws them, in place of those before. */
export function drawSights(map: Map, sights: readonly FaceSight[], color: string) {
    const data = { type: 'FeatureCollection', features: sights } as unknown as Parameters<
        GeoJSONSource['setData']
    >[0];
    const source = map.getSource<GeoJSONSource>(kSource);
    if (source) return void source.setData(data);
    map.addSource(kSource, { type: 'geojson', data });
    map.addLayer({
        id: 'sights-fill',
        type: 'fill',
        source: kSource,
        paint: { 'fill-color': color, 'fill-opacity': 0.22 },
    });
    map.addLayer({
        id: 'sights-line',
        type: 'line',
        source: kSource,
        paint: { 'line-color': color, 'line-width': 1.4 },
    });
}
