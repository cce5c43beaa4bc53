// Where something stands: as it is typed, as it is picked on the map, and what is wrong with it.

export interface Place {
    latitude: number;
    longitude: number;
}

/** What two number fields hold: text while it is no number yet. */
export type PlaceText = Record<keyof Place, string | number>;
export type PlaceFaults = Partial<Record<keyof Place, string>>;

export const kDegreesMax: Place = { latitude: 90, longitude: 180 };

const number = (value: string | number) => (value === '' ? NaN : Number(value));

/** None while a half of it is missing, or cannot be. */
export function placeOf(text: PlaceText): Place | undefined {
    const latitude = number(text.latitude);
    const longitude = number(text.longitude);
    return Math.abs(latitude) <= kDegreesMax.latitude &&
        Math.abs(longitude) <= kDegreesMax.longitude
        ? { latitude, longitude }
        : undefined;
}

/** What lies outside is told at once; what is only not there yet, when the typing is done. */
export function placeFaults(text: PlaceText, done: boolean): PlaceFaults {
    const faults: PlaceFaults = {};
    const untouched = text.latitude === '' && text.longitude === '';
    for (const half of ['latitude', 'longitude'] as const) {
        const most = kDegreesMax[half];
        const value = number(text[half]);
        if (Math.abs(value) > most) faults[half] = `From -${most} to ${most} degrees.`;
        else if (!done || untouched || !Number.isNaN(value)) continue;
        else if (text[half] === '') faults[half] = 'Give both, or neither.';
        else faults[half] = 'Give a number of degrees.';
    }
    return faults;
}

/** Of a point on the map, to five places: a metre, finer than anybody aims. */
export function placeAt({ lat, lng }: { lat: number; lng: number }): Place {
    const metre = (degrees: number) => Number(degrees.toFixed(5));
    return { latitude: metre(lat), longitude: metre(lng) };
}
