// The map itself, without React: ground, heat, routes, assets that glide. One per element.

import * as maplibre from 'maplibre-gl';
import type { GeoJSONSource, Map as GlMap, MapGeoJSONFeature } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import type { FaceSight, HeatCell, LiveAsset, Trip } from '@mobilytics/api';
import { basemapStyle, kFirstLine } from './basemap_style';
import type { BasemapConfig } from './basemap_style';
import { heatColors, heatFeatures } from './heat';
import type { HeatSteps } from './heat';
import { AssetSign } from './markers';
import { Motion } from './motion';
import { loadOutlines } from './outlines';
import { Pin } from './pin';
import { drawSights } from './sights';
import { placeAt } from './place';
import type { Place } from './place';
import { kParkedSecondsFrom, routeParts } from './route_parts';

maplibre.setWorkerUrl(workerUrl);

export interface MapView extends Place {
    zoom: number;
}

export interface FleetMapOptions {
    element: HTMLElement;
    config: BasemapConfig;
    dark: boolean;
    view?: MapView | undefined;
    /** Without moving it by hand: a picture of now. */
    still?: boolean;
    /** A place is asked for: where it is clicked, while the assets are there to look at only. */
    onPick?: ((at: Place) => void) | undefined;
    onSelect?: (id: string | undefined) => void;
    onMoved?: (view: MapView, bbox: [number, number, number, number]) => void;
    onHover?: (cell: HoveredCell | undefined) => void;
}

export interface HoveredCell {
    x: number;
    y: number;
    visits: number;
    presence_s: number;
}

/** More assets than this are drawn as plain dots: elements would be too many. */
const kSignsMax = 400;
const kEmpty = { type: 'FeatureCollection' as const, features: [] };
const kFrameMs = 33;
const kPickLocale = { 'Map.Title': 'Map: arrow keys move it, plus and minus zoom' };
/** A place that is typed is shown among its streets. */
const kRevealZoom = 14;
/** Where to look before there is an asset: the middle of the built-in streets, or the world. */
const kWorld: MapView = { latitude: 25, longitude: -20, zoom: 1.4 };

export class FleetMap {
    private readonly map: GlMap;
    private readonly motion = new Motion(matchMedia('(prefers-reduced-motion: reduce)').matches);
    private assets = new Map<string, LiveAsset>();
    private signs = new Map<string, { sign: AssetSign; marker: maplibre.Marker }>();
    private selected: string | undefined;
    private ready = false;
    private gone = false;
    private drawnAt = 0;
    private dirty = true;
    private frame = 0;
    private dark: boolean;
    private fitted: boolean;
    private heat: { cells: readonly HeatCell[]; steps: HeatSteps } | undefined;
    private routes: readonly Trip[] | undefined;
    private sights: readonly FaceSight[] = [];
    private readonly pin: Pin | undefined;
    /** Assets are no buttons here, and no legend lies on the map. */
    private readonly plain: boolean;

    constructor(private readonly options: FleetMapOptions) {
        this.dark = options.dark;
        this.fitted = options.view !== undefined;
        this.plain = options.still === true || options.onPick !== undefined;
        const { bounds } = options.config;
        const start =
            options.view ??
            (bounds && {
                longitude: (bounds[0] + bounds[2]) / 2,
                latitude: (bounds[1] + bounds[3]) / 2,
                zoom: 11,
            }) ??
            kWorld;
        this.map = new maplibre.Map({
            container: options.element,
            style: options.config.style ?? basemapStyle(options.config, this.dark),
            center: [start.longitude, start.latitude],
            zoom: start.zoom,
            maxZoom: 18,
            minZoom: 1,
            interactive: !options.still,
            attributionControl: false,
            dragRotate: false,
            pitchWithRotate: false,
            touchPitch: false,
            fadeDuration: 120,
            // A form is scrolled across it.
            cooperativeGestures: options.onPick !== undefined,
            ...(options.onPick ? { locale: kPickLocale } : {}),
        });
        if (options.onPick) this.pin = new Pin(this.map, options.onPick);
        this.map.touchZoomRotate?.disableRotation();
        this.map.keyboard?.disableRotation();
        this.map.addControl(new maplibre.AttributionControl({ compact: false }), 'bottom-left');
        this.map.on('style.load', () => this.dress());
        this.map.on('moveend', () => this.moved());
        this.map.on('idle', () => (options.element.dataset['idle'] = 'true'));
        if (options.onPick) this.listenForPlace(options.onPick);
        else if (!options.still) this.listen();
        this.tick();
    }

    destroy() {
        this.gone = true;
        cancelAnimationFrame(this.frame);
        this.map.remove();
    }

    resize() {
        this.map.resize();
    }

    setDark(dark: boolean) {
        if (dark === this.dark) return;
        this.dark = dark;
        this.ready = false;
        this.map.setStyle(this.options.config.style ?? basemapStyle(this.options.config, dark), {
            diff: false,
        });
    }

    setAssets(items: readonly LiveAsset[]) {
        const known = new Set(items.map(item => item.asset_id));
        for (const id of this.assets.keys()) {
            if (known.has(id)) continue;
            this.assets.delete(id);
            this.motion.forget(id);
            this.removeSign(id);
        }
        for (const item of items) this.moveAsset(item);
        if (!this.fitted && items.some(item => item.latitude !== undefined)) {
            this.fitted = true;
            this.fit(false);
        }
    }

    moveAsset(item: LiveAsset) {
        const before = this.assets.get(item.asset_id);
        this.assets.set(item.asset_id, item);
        this.dirty = true;
        if (item.latitude === undefined || item.longitude === undefined) return;
        if (
            before?.latitude === item.latitude &&
            before.longitude === item.longitude &&
            before.heading_deg === item.heading_deg
        ) {
            return;
        }
        this.motion.move(
            item.asset_id,
            {
                latitude: item.latitude,
                longitude: item.longitude,
                heading: item.heading_deg ?? 0,
            },
            performance.now(),
        );
    }

    /** `covered`: of the map's height, how much a sheet from below hides. */
    select(id: string | undefined, go: boolean, covered = 0) {
        this.selected = id;
        this.dirty = true;
        if (this.ready) {
            this.map.setPaintProperty('routes-driving', 'line-opacity', this.routeOpacity());
        }
        if (!id || !go) return;
        const at = this.motion.at(id, performance.now());
        if (!at) return;
        this.fitted = true;
        this.map.easeTo({
            center: [at.longitude, at.latitude],
            zoom: Math.max(this.map.getZoom(), 14),
            offset: [0, (-covered * this.options.element.clientHeight) / 2],
            duration: 700,
        });
    }

    setHeat(cells: readonly HeatCell[] | undefined, steps: HeatSteps | undefined) {
        this.heat = cells && steps ? { cells, steps } : undefined;
        if (!this.ready) return;
        this.source('heat')?.setData(
            this.heat ? heatFeatures(this.heat.cells, this.heat.steps) : kEmpty,
        );
        if (!this.heat) return;
        const colors = heatColors(this.heat.steps.bounds.length, this.dark);
        this.map.setPaintProperty('heat', 'fill-color', [
            'match',
            ['get', 'step'],
            ...colors.flatMap((color, i) => [i, color]),
            colors[0],
        ] as never);
    }

    setRoutes(routes: readonly Trip[] | undefined) {
        this.routes = routes;
        if (!this.ready) return;
        const features = (routes ?? []).flatMap(route => {
            const { driving, parked } = routeParts(route);
            return [
                ...driving.map(coordinates => ({
                    type: 'Feature' as const,
                    properties: { asset: route.asset_id, kind: 'driving' },
                    geometry: { type: 'LineString' as const, coordinates },
                })),
                ...parked
                    .filter(({ seconds }) => seconds >= kParkedSecondsFrom)
                    .map(({ at, seconds }) => ({
                        type: 'Feature' as const,
                        properties: { asset: route.asset_id, kind: 'parked', seconds },
                        geometry: { type: 'Point' as const, coordinates: at },
                    })),
            ];
        });
        this.source('routes')?.setData({ type: 'FeatureCollection', features });
    }

    setSights(sights: readonly FaceSight[]) {
        this.sights = sights;
        if (this.ready) drawSights(this.map, sights, this.dark ? '#8ba4ff' : '#2f55e0');
    }

    /** All assets into view. */
    fit(animate = true) {
        const box = new maplibre.LngLatBounds();
        for (const item of this.assets.values()) {
            if (item.latitude !== undefined) box.extend([item.longitude!, item.latitude]);
        }
        if (box.isEmpty()) return;
        const { clientWidth: width, clientHeight: height } = this.options.element;
        const side = this.plain ? 34 : Math.min(72, width / 8, height / 8);
        // Below lies the legend.
        const bottom = this.plain ? side : Math.min(190, height / 4);
        this.map.fitBounds(box, {
            padding: { left: side, right: side, top: side, bottom },
            maxZoom: 14.5,
            duration: animate ? 700 : 0,
        });
    }

    zoomBy(step: number) {
        const pin = this.pin?.at();
        const around = pin && this.map.getBounds().contains(pin) ? { around: pin } : {};
        this.map.easeTo({ zoom: this.map.getZoom() + step, duration: 250, ...around });
    }

    setPin(at: Place | undefined) {
        this.pin?.put(at);
    }

    pickMiddle() {
        this.fitted = true;
        this.options.onPick?.(placeAt(this.map.getCenter().wrap()));
    }

    /** Goes there, if it is out of view. */
    reveal({ latitude, longitude }: Place) {
        this.fitted = true;
        if (this.map.getBounds().contains([longitude, latitude])) return;
        this.map.easeTo({
            center: [longitude, latitude],
            zoom: Math.max(this.map.getZoom(), kRevealZoom),
            duration: 700,
        });
    }

    /** Trips lie over each other and add up; those of the selected asset stand out. */
    private routeOpacity(): maplibre.ExpressionSpecification | number {
        if (!this.selected) return 0.34;
        return ['case', ['==', ['get', 'asset'], this.selected], 0.7, 0.1];
    }

    private source(name: string): GeoJSONSource | undefined {
        return this.map.getSource(name) as GeoJSONSource | undefined;
    }

    private listenForPlace(onPick: (at: Place) => void) {
        this.map.on('click', event => {
            // What was meant there is the pin, not the ground behind its head.
            if (this.pin?.has(event.originalEvent.target)) return;
            this.fitted = true;
            onPick(placeAt(event.lngLat.wrap()));
        });
    }

    private listen() {
        const at = (event: { point: maplibre.Point }): MapGeoJSONFeature | undefined => {
            if (!this.ready) return undefined;
            // A finger is wider than a point.
            const { x, y } = event.point;
            const box: [maplibre.PointLike, maplibre.PointLike] = [
                [x - 10, y - 10],
                [x + 10, y + 10],
            ];
            return this.map.queryRenderedFeatures(box, { layers: ['assets'] })[0];
        };
        this.map.on('click', event => {
            this.options.onSelect?.(at(event)?.properties['id'] as string | undefined);
        });
        this.map.on('mousemove', event => {
            if (!this.ready) return;
            const found = at(event);
            this.map.getCanvas().style.cursor = found ? 'pointer' : '';
            const cell = found
                ? undefined
                : this.map.queryRenderedFeatures(event.point, { layers: ['heat'] })[0];
            this.options.onHover?.(
                cell && {
                    x: event.point.x,
                    y: event.point.y,
                    visits: cell.properties['visits'] as number,
                    presence_s: cell.properties['presence_s'] as number,
                },
            );
        });
        this.map.on('mouseout', () => this.options.onHover?.(undefined));
    }

    private moved() {
        this.options.element.toggleAttribute('data-near', this.map.getZoom() >= 12.5);
        const centre = this.map.getCenter();
        const bounds = this.map.getBounds();
        this.options.onMoved?.(
            { latitude: centre.lat, longitude: centre.lng, zoom: this.map.getZoom() },
            [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
        );
    }

    /** Our layers on a ground that was just laid. */
    private dress() {
        if (this.gone) return;
        const accent = this.dark ? '#8ba4ff' : '#2f55e0';
        const ground = this.dark ? '#1a1b1f' : '#ffffff';
        const layers = this.map.getStyle().layers;
        const label = layers.find(layer => layer.type === 'symbol')?.id;
        const line = this.map.getLayer(kFirstLine) ? kFirstLine : label;
        for (const name of ['heat', 'routes', 'assets']) {
            this.map.addSource(name, { type: 'geojson', data: kEmpty });
        }
        this.map.addLayer(
            {
                id: 'heat',
                type: 'fill',
                source: 'heat',
                paint: {
                    'fill-color': accent,
                    'fill-opacity': this.dark ? 0.72 : 0.62,
                    'fill-outline-color': ground,
                },
            },
            line,
        );
        this.map.addLayer(
            {
                id: 'routes-driving',
                type: 'line',
                source: 'routes',
                filter: ['==', ['get', 'kind'], 'driving'],
                layout: { 'line-cap': 'round', 'line-join': 'round' },
                paint: {
                    'line-color': accent,
                    'line-opacity': this.routeOpacity(),
                    'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1, 15, 3.4],
                },
            },
            label,
        );
        this.map.addLayer({
            id: 'routes-parked',
            type: 'circle',
            source: 'routes',
            filter: ['==', ['get', 'kind'], 'parked'],
            paint: {
                'circle-radius': ['interpolate', ['linear'], ['get', 'seconds'], 120, 3, 7200, 9],
                'circle-color': ground,
                'circle-opacity': 0.85,
                'circle-stroke-color': accent,
                'circle-stroke-width': 1.8,
            },
        });
        this.map.addLayer({
            id: 'assets',
            type: 'circle',
            source: 'assets',
            paint: {
                'circle-radius': ['case', ['get', 'selected'], 7, 4.5],
                'circle-color': [
                    'match',
                    ['get', 'state'],
                    'live',
                    this.dark ? '#3fcf8e' : '#0b8a55',
                    'quiet',
                    this.dark ? '#efb757' : '#8a5800',
                    'silent',
                    this.dark ? '#ff9184' : '#b3261e',
                    '#74747f',
                ],
                'circle-stroke-color': ground,
                'circle-stroke-width': 1.5,
            },
        });
        this.ready = true;
        this.dirty = true;
        if (!this.options.config.style) {
            void loadOutlines().then(
                outlines => {
                    if (!this.gone) void this.source('land')?.setData(outlines);
                },
                // Without outlines there are still the streets.
                () => undefined,
            );
        }
        this.setHeat(this.heat?.cells, this.heat?.steps);
        this.setRoutes(this.routes);
        this.setSights(this.sights);
        this.moved();
    }

    private removeSign(id: string) {
        this.signs.get(id)?.marker.remove();
        this.signs.delete(id);
    }

    private signOf(item: LiveAsset, at: { longitude: number; latitude: number }) {
        let kept = this.signs.get(item.asset_id);
        if (!kept) {
            const sign = new AssetSign(this.plain, () => this.options.onSelect?.(item.asset_id));
            const marker = new maplibre.Marker({
                element: sign.element,
                subpixelPositioning: true,
                opacityWhenCovered: '1',
            });
            marker.setLngLat([at.longitude, at.latitude]).addTo(this.map);
            this.signs.set(item.asset_id, (kept = { sign, marker }));
        }
        kept.sign.show(item, item.asset_id === this.selected);
        return kept;
    }

    /** Draws assets where they are by now, some thirty times a second while anything moves. */
    private tick = () => {
        if (this.gone) return;
        this.frame = requestAnimationFrame(this.tick);
        const now = performance.now();
        if (!this.ready || document.hidden || now - this.drawnAt < kFrameMs) return;
        const moving = this.motion.moving(now);
        if (!moving && !this.dirty) return;
        if (this.assets.size > kSignsMax) {
            if (this.dirty && now - this.drawnAt > 1000) this.drawDots(now);
            return;
        }
        if (this.dirty && this.dots) this.clearDots();
        this.dirty = false;
        this.drawnAt = now;
        for (const item of this.assets.values()) {
            const at = this.motion.at(item.asset_id, now);
            if (!at) continue;
            const { sign, marker } = this.signOf(item, at);
            const { lng, lat } = marker.getLngLat();
            if (lng !== at.longitude || lat !== at.latitude) {
                marker.setLngLat([at.longitude, at.latitude]);
            }
            sign.turn(at.heading);
        }
    };

    private dots = false;

    private clearDots() {
        this.dots = false;
        this.source('assets')?.setData(kEmpty);
    }

    private drawDots(now: number) {
        this.dirty = false;
        this.drawnAt = now;
        this.dots = true;
        for (const id of this.signs.keys()) this.removeSign(id);
        const features = [];
        for (const item of this.assets.values()) {
            const at = this.motion.at(item.asset_id, now);
            if (!at) continue;
            features.push({
                type: 'Feature' as const,
                properties: {
                    id: item.asset_id,
                    state: item.state,
                    selected: item.asset_id === this.selected,
                },
                geometry: { type: 'Point' as const, coordinates: [at.longitude, at.latitude] },
            });
        }
        this.source('assets')?.setData({ type: 'FeatureCollection', features });
    }
}
