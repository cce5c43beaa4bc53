// A map of regions, without React: ground, classes, flows, and a zone that is being drawn.

import * as maplibre from 'maplibre-gl';
import type { GeoJSONSource, Map as GlMap } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { FeatureCollection } from 'geojson';
import { basemapStyle, kFirstLine } from './basemap_style';
import type { BasemapConfig } from './basemap_style';
import { classColors } from './choropleth';
import { closes, rounded, sketchOf } from './drawing';
import type { Corner } from './drawing';
import { loadOutlines } from './outlines';

maplibre.setWorkerUrl(workerUrl);

const kEmpty: FeatureCollection = { type: 'FeatureCollection', features: [] };
const kHatch = 'held-back';
const kLocale = { 'Map.Title': 'Map: arrow keys move it, plus and minus zoom' };

export interface RegionMapOptions {
    element: HTMLElement;
    config: BasemapConfig;
    dark: boolean;
    onSelect?: (code: string | undefined) => void;
    onHover?: (at: { x: number; y: number; code: string } | undefined) => void;
    onZoom?: (zoom: number) => void;
    /** A zone is drawn here: its corners, and whether it is closed. */
    onDraw?: (corners: Corner[], closed: boolean) => void;
}

/** Lines from corner to corner, for what is held back: told without colour. */
function hatched(dark: boolean): { width: number; height: number; data: Uint8Array } {
    const size = 8;
    const data = new Uint8Array(size * size * 4);
    for (let y = 0; y < size; ++y) {
        for (let x = 0; x < size; ++x) {
            const on = (x + y) % size < 2;
            const ink = dark ? 150 : 110;
            data.set([ink, ink, ink, on ? 190 : 26], (y * size + x) * 4);
        }
    }
    return { width: size, height: size, data };
}

export class RegionMap {
    private readonly map: GlMap;
    private dark: boolean;
    private ready = false;
    private gone = false;
    private data = new Map<string, FeatureCollection>();
    private selected = '';
    private corners: Corner[] = [];
    private closed = false;

    constructor(private readonly options: RegionMapOptions) {
        this.dark = options.dark;
        const { bounds } = options.config;
        this.map = new maplibre.Map({
            container: options.element,
            style: options.config.style ?? basemapStyle(options.config, this.dark),
            center: bounds ? [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2] : [-20, 25],
            zoom: bounds ? 10 : 1.4,
            minZoom: 1,
            maxZoom: 18,
            attributionControl: false,
            dragRotate: false,
            pitchWithRotate: false,
            touchPitch: false,
            doubleClickZoom: !options.onDraw,
            fadeDuration: 120,
            cooperativeGestures: options.onDraw === undefined,
            locale: kLocale,
        });
        this.map.touchZoomRotate?.disableRotation();
        this.map.keyboard?.disableRotation();
        this.map.addControl(new maplibre.AttributionControl({ compact: false }), 'bottom-left');
        this.map.on('style.load', () => this.dress());
        this.map.on('idle', () => (options.element.dataset['idle'] = 'true'));
        this.map.on('moveend', () => options.onZoom?.(this.map.getZoom()));
        if (options.onDraw) this.listenForCorners();
        else this.listen();
    }

    destroy() {
        this.gone = true;
        this.map.remove();
    }

    resize() {
        this.map.resize();
    }

    zoomBy(step: number) {
        this.map.easeTo({ zoom: this.map.getZoom() + step, duration: 250 });
    }

    fit(box: [number, number, number, number] | undefined, animated = true) {
        if (!box) return;
        this.map.fitBounds(box, { padding: 28, maxZoom: 14, animate: animated, duration: 500 });
    }

    setDark(dark: boolean) {
        if (dark === this.dark) return;
        this.dark = dark;
        this.ready = false;
        this.map.setStyle(this.options.config.style ?? basemapStyle(this.options.config, dark), {
            diff: false,
        });
    }

    setRegions(regions: FeatureCollection) {
        this.set('regions', regions);
    }
    setFlows(flows: FeatureCollection) {
        this.set('flows', flows);
    }

    /** Where nobody is counted: hatched, above all else. */
    setSensitive(places: FeatureCollection) {
        this.set('sensitive', places);
    }

    select(code: string | undefined) {
        this.selected = code ?? '';
        if (this.ready) {
            this.map.setFilter('region-selected', ['==', ['get', 'code'], this.selected]);
        }
    }

    /** A corner where the middle of the map is, for who draws by keys. */
    addMiddle() {
        const { lng, lat } = this.map.getCenter().wrap();
        this.add([lng, lat]);
    }
    undo() {
        if (this.closed) this.closed = false;
        else this.corners = this.corners.slice(0, -1);
        this.drawn();
    }
    close() {
        if (this.corners.length < 3) return;
        this.closed = true;
        this.drawn();
    }

    private add(corner: Corner) {
        if (this.closed) return;
        this.corners = [...this.corners, rounded(corner)];
        this.drawn();
    }

    private drawn() {
        this.set('sketch', sketchOf(this.corners, this.closed));
        this.options.onDraw?.(this.corners, this.closed);
    }

    private set(source: string, data: FeatureCollection) {
        this.data.set(source, data);
        if (this.ready) void (this.map.getSource(source) as GeoJSONSource).setData(data);
    }

    private listenForCorners() {
        this.map.on('click', event => {
            const { lng, lat } = event.lngLat.wrap();
            const first = this.corners[0];
            const away = first
                ? this.map.project(first).dist(this.map.project([lng, lat]))
                : Infinity;
            if (closes(this.corners, away)) this.close();
            else this.add([lng, lat]);
        });
        this.map.getCanvas().style.cursor = 'crosshair';
    }

    private listen() {
        const codeAt = (point: maplibre.Point): string | undefined =>
            this.ready
                ? (this.map.queryRenderedFeatures(point, { layers: ['region-fill'] })[0]
                      ?.properties['code'] as string | undefined)
                : undefined;
        this.map.on('click', event => this.options.onSelect?.(codeAt(event.point)));
        this.map.on('mousemove', event => {
            const code = codeAt(event.point);
            this.map.getCanvas().style.cursor = code ? 'pointer' : '';
            this.options.onHover?.(
                code === undefined ? undefined : { x: event.point.x, y: event.point.y, code },
            );
        });
        this.map.on('mouseout', () => this.options.onHover?.(undefined));
    }

    /** Our layers on a ground that was just laid. */
    private dress() {
        if (this.gone) return;
        const { map } = this;
        const colors = classColors(this.dark);
        const accent = this.dark ? '#a9bcff' : '#2f55e0';
        const line = this.dark ? '#0f1013' : '#ffffff';
        const ink = this.dark ? '#f2f3f7' : '#17181c';
        const label = map.getStyle().layers.find(layer => layer.type === 'symbol')?.id;
        const above = map.getLayer(kFirstLine) ? kFirstLine : label;
        if (!map.hasImage(kHatch)) map.addImage(kHatch, hatched(this.dark));
        for (const name of ['regions', 'sensitive', 'flows', 'sketch']) {
            map.addSource(name, { type: 'geojson', data: this.data.get(name) ?? kEmpty });
        }
        map.addLayer(
            {
                id: 'region-fill',
                type: 'fill',
                source: 'regions',
                paint: {
                    'fill-color': [
                        'match',
                        ['get', 'state'],
                        ...colors.flatMap((color, i) => [i, color]),
                        this.dark ? '#24262c' : '#e9e9e6',
                    ] as never,
                    'fill-opacity': ['case', ['<', ['get', 'state'], 0], 0.35, 0.8],
                },
            },
            above,
        );
        map.addLayer(
            {
                id: 'region-held-back',
                type: 'fill',
                source: 'regions',
                filter: ['==', ['get', 'state'], -1],
                paint: { 'fill-pattern': kHatch },
            },
            above,
        );
        map.addLayer(
            {
                id: 'region-border',
                type: 'line',
                source: 'regions',
                paint: {
                    'line-color': ['case', ['<', ['get', 'state'], 0], ink, line],
                    'line-opacity': ['case', ['<', ['get', 'state'], 0], 0.22, 0.9],
                    'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.4, 9, 1.4],
                },
            },
            label,
        );
        map.addLayer(
            {
                id: 'region-selected',
                type: 'line',
                source: 'regions',
                filter: ['==', ['get', 'code'], this.selected],
                paint: { 'line-color': ink, 'line-width': 2.4 },
            },
            label,
        );
        map.addLayer({
            id: 'sensitive-fill',
            type: 'fill',
            source: 'sensitive',
            paint: { 'fill-pattern': kHatch },
        });
        map.addLayer({
            id: 'sensitive-border',
            type: 'line',
            source: 'sensitive',
            paint: { 'line-color': ink, 'line-width': 1.4, 'line-dasharray': [3, 2] },
        });
        map.addLayer({
            id: 'flows',
            type: 'line',
            source: 'flows',
            layout: { 'line-cap': 'round' },
            paint: {
                'line-color': accent,
                'line-opacity': 0.75,
                'line-width': ['interpolate', ['linear'], ['get', 'share'], 0, 1.2, 1, 9],
            },
        });
        map.addLayer({
            id: 'sketch-fill',
            type: 'fill',
            source: 'sketch',
            filter: ['==', ['geometry-type'], 'Polygon'],
            paint: { 'fill-color': accent, 'fill-opacity': 0.25 },
        });
        map.addLayer({
            id: 'sketch-edge',
            type: 'line',
            source: 'sketch',
            filter: ['==', ['get', 'kind'], 'edge'],
            paint: { 'line-color': accent, 'line-width': 2 },
        });
        map.addLayer({
            id: 'sketch-corner',
            type: 'circle',
            source: 'sketch',
            filter: ['==', ['get', 'kind'], 'corner'],
            paint: {
                'circle-radius': ['case', ['get', 'first'], 7, 5],
                'circle-color': line,
                'circle-stroke-color': accent,
                'circle-stroke-width': 2,
            },
        });
        this.ready = true;
        if (!this.options.config.style) {
            void loadOutlines().then(
                outlines => {
                    if (this.gone) return;
                    void (this.map.getSource('land') as GeoJSONSource | undefined)?.setData(
                        outlines,
                    );
                },
                // Without outlines there are still the regions.
                () => undefined,
            );
        }
        this.options.onZoom?.(this.map.getZoom());
    }
}
