// The pin that says where something stands: dragged, or moved by arrow keys.

import * as maplibre from 'maplibre-gl';
import { placeAt } from './place';
import type { Place } from './place';

const kSteps: Record<string, [number, number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
};

export class Pin {
    private readonly element = document.createElement('button');
    private readonly marker: maplibre.Marker;
    private shown = false;

    constructor(
        private readonly map: maplibre.Map,
        onMoved: (at: Place) => void,
    ) {
        this.element.type = 'button';
        this.element.className = 'place-pin';
        this.element.setAttribute('aria-label', 'Pin: drag it, or move it by arrow keys');
        this.element.innerHTML =
            '<svg viewBox="-22 -42 44 44" width="44" height="44" aria-hidden="true"><path d="M0 0C-4.5-6-13-14.5-13-25A13 13 0 0 1 13-25C13-14.5 4.5-6 0 0Z"/><circle cy="-25" r="4.8"/></svg>';
        this.marker = new maplibre.Marker({
            element: this.element,
            anchor: 'bottom',
            // The tip is two pixels above the lower edge.
            offset: [0, 2],
            draggable: true,
            subpixelPositioning: true,
            opacityWhenCovered: '1',
        });
        this.marker.on('dragend', () => onMoved(placeAt(this.marker.getLngLat().wrap())));
        this.element.addEventListener('keydown', event => {
            const step = kSteps[event.key];
            if (!step) return;
            event.preventDefault();
            // Else the map moves too.
            event.stopPropagation();
            const pixels = event.shiftKey ? 20 : 2;
            const { x, y } = map.project(this.marker.getLngLat());
            const to = map.unproject([x + step[0] * pixels, y + step[1] * pixels]);
            onMoved(placeAt(to.wrap()));
        });
    }

    has(target: EventTarget | null): boolean {
        return target instanceof Node && this.element.contains(target);
    }

    at(): maplibre.LngLat | undefined {
        return this.shown ? this.marker.getLngLat() : undefined;
    }

    put(at: Place | undefined) {
        if (at) this.marker.setLngLat([at.longitude, at.latitude]);
        if (this.shown === (at !== undefined)) return;
        this.shown = at !== undefined;
        if (this.shown) this.marker.addTo(this.map);
        else this.marker.remove();
    }
}
