// What is drawn beside the assets, as the address has it: "heat", "routes", both, or "none".

export type MapLayer = 'heat' | 'routes';

export const kMapLayers: { id: MapLayer; label: string }[] = [
    { id: 'heat', label: 'Heatmap' },
    { id: 'routes', label: 'Routes' },
];

const cache = new Map<string, ReadonlySet<MapLayer>>();

/** The same set for the same text, so that effects do not run again. */
export function layersOf(text: string | undefined): ReadonlySet<MapLayer> {
    const key = text ?? 'heat';
    let made = cache.get(key);
    if (!made) {
        const words = key.split(',');
        made = new Set(kMapLayers.map(layer => layer.id).filter(id => words.includes(id)));
        cache.set(key, made);
    }
    return made;
}

export function layersText(layers: ReadonlySet<MapLayer>): string | undefined {
    const text = [...layers].toSorted().join(',') || 'none';
    return text === 'heat' ? undefined : text;
}
