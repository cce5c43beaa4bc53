// The signs of assets on the map: elements above the drawing, so that they glide without drawing
// the ground again, are reached by keyboard and have a name. Kind by outline: a disc goes, a board
// stands. State by what is in it, so that it reads without colour: solid is live, a ring is quiet,
// a cross is silent, a broken outline was never heard.

import type { AssetKind, LiveAsset, LiveState } from '@mobilytics/api';
import { kStateWords } from '@mobilytics/ui';

const kOutlines: Record<AssetKind, (grow: number) => string> = {
    vehicle: grow => `<circle r="${7.5 + grow}"`,
    billboard: grow => board(8.5 + grow, 6.5 + grow, 3 + grow / 2),
    screen: grow => board(6.5 + grow, 8.5 + grow, 3 + grow / 2),
};

function board(x: number, y: number, radius: number): string {
    return `<rect x="${-x}" y="${-y}" width="${2 * x}" height="${2 * y}" rx="${radius}"`;
}

/** The sign of a kind in a state, as SVG around its middle. Colours are tokens of the theme. */
export function signOf(kind: string, state: LiveState): string {
    const outline = kOutlines[kind as AssetKind] ?? kOutlines.billboard;
    const rim = `${outline(2)} fill="var(--surface)"/>`;
    const color = { live: '--live', quiet: '--warn', silent: '--bad', never: '--text-3' }[state];
    const ink = `var(${color})`;
    switch (state) {
        case 'live':
            return `${rim}${outline(0)} fill="${ink}"/>`;
        case 'quiet':
            return `${rim}${outline(-1)} fill="none" stroke="${ink}" stroke-width="2.2"/><circle r="2.4" fill="${ink}"/>`;
        case 'silent':
            return `${rim}${outline(0)} fill="${ink}"/><path d="M-2.7-2.7l5.4 5.4M2.7-2.7l-5.4 5.4" stroke="var(--surface)" stroke-width="2" stroke-linecap="round"/>`;
        case 'never':
            return `${rim}${outline(-1)} fill="none" stroke="${ink}" stroke-width="1.8" stroke-dasharray="3 2.6"/>`;
    }
}

const kArrow =
    '<path class="asset-arrow" d="M0-19L6.2-9.6Q0-12.6-6.2-9.6Z" fill="var(--live)" stroke="var(--surface)" stroke-width="2" stroke-linejoin="round" paint-order="stroke"/>';

/** One asset's element: kept, and changed only when what it shows has changed. */
export class AssetSign {
    readonly element: HTMLElement;
    private shown = '';

    constructor(still: boolean, onSelect: () => void) {
        this.element = document.createElement(still ? 'span' : 'button');
        this.element.className = 'asset-sign';
        if (this.element instanceof HTMLButtonElement) {
            this.element.type = 'button';
            this.element.addEventListener('click', event => {
                event.stopPropagation();
                onSelect();
            });
        }
    }

    show(item: LiveAsset, selected: boolean) {
        const moving = item.state === 'live' && (item.speed_m_s ?? 0) >= 1.5;
        const key = [item.kind, item.state, item.code, item.name, moving, selected].join('|');
        if (key === this.shown) return;
        this.shown = key;
        this.element.innerHTML = `<svg viewBox="-22 -22 44 44" width="44" height="44" aria-hidden="true">${
            moving ? kArrow : ''
        }${signOf(item.kind, item.state)}</svg><span aria-hidden="true"></span>`;
        this.element.querySelector('span')!.textContent = item.code;
        this.element.dataset['asset'] = item.asset_id;
        this.element.toggleAttribute('data-selected', selected);
        if (this.element instanceof HTMLButtonElement) {
            const state = kStateWords[item.state].word.toLowerCase();
            this.element.setAttribute('aria-label', `${item.name}, ${item.code}, ${state}`);
            this.element.setAttribute('aria-pressed', String(selected));
        }
    }

    turn(heading: number) {
        const arrow = this.element.querySelector<SVGElement>('.asset-arrow');
        if (arrow) arrow.style.transform = `rotate(${heading.toFixed(1)}deg)`;
    }
}
