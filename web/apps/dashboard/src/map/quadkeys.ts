// Web-map quadkeys: one digit 0-3 a zoom step, x in the lower bit, y in the higher, as Bing Maps
// defines them (y grows southward).

export interface Place {
    latitude: number;
    longitude: number;
}

export interface Box {
    west: number;
    south: number;
    east: number;
    north: number;
}

const kLatitudeMax = 85.05112878;

/** Column and row of a cell. */
export function tileOf(quadkey: string): { x: number; y: number; zoom: number } {
    let x = 0;
    let y = 0;
    for (const digit of quadkey) {
        const step = Number(digit);
        if (!(step >= 0 && step <= 3)) throw new RangeError(`${quadkey} is no quadkey`);
        x = x * 2 + (step & 1);
        y = y * 2 + (step >> 1);
    }
    return { x, y, zoom: quadkey.length };
}

const latitudeOf = (y: number, zoom: number) =>
    (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 2 ** zoom))) * 180) / Math.PI;
const longitudeOf = (x: number, zoom: number) => (x / 2 ** zoom) * 360 - 180;

export function boxOf(quadkey: string): Box {
    const { x, y, zoom } = tileOf(quadkey);
    return {
        west: longitudeOf(x, zoom),
        east: longitudeOf(x + 1, zoom),
        north: latitudeOf(y, zoom),
        south: latitudeOf(y + 1, zoom),
    };
}

export function centreOf(quadkey: string): Place {
    const { x, y, zoom } = tileOf(quadkey);
    return { latitude: latitudeOf(y + 0.5, zoom), longitude: longitudeOf(x + 0.5, zoom) };
}

export function cellOf(latitude: number, longitude: number, zoom: number): string {
    const lat = Math.max(-kLatitudeMax, Math.min(kLatitudeMax, latitude));
    const sine = Math.sin((lat * Math.PI) / 180);
    const size = 2 ** zoom;
    const column = ((longitude + 180) / 360) * size;
    const row = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * size;
    const x = Math.max(0, Math.min(size - 1, Math.floor(column)));
    const y = Math.max(0, Math.min(size - 1, Math.floor(row)));
    let quadkey = '';
    for (let bit = zoom - 1; bit >= 0; --bit) {
        quadkey += String(((x >> bit) & 1) + 2 * ((y >> bit) & 1));
    }
    return quadkey;
}
