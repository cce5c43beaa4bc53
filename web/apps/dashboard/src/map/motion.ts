// Where to draw an asset between two reports: it glides from where it is drawn to where it was
// heard, in the time that usually lies between two reports. Nothing is foretold.

export interface Drawn {
    longitude: number;
    latitude: number;
    heading: number;
}

interface Track {
    from: Drawn;
    to: Drawn;
    begins: number;
    lasts: number;
    heard: number;
}

const kShortestMs = 250;
const kLongestMs = 4000;
/** Farther than this at once is no drive but a new place. */
const kJumpDegrees = 0.02;

/** The shorter way round. */
export function turn(from: number, to: number, share: number): number {
    const by = ((((to - from) % 360) + 540) % 360) - 180;
    return (from + by * share + 360) % 360;
}

export class Motion {
    private tracks = new Map<string, Track>();

    constructor(private readonly still = false) {}

    move(id: string, to: Drawn, now: number) {
        const track = this.tracks.get(id);
        if (!track) {
            this.tracks.set(id, { from: to, to, begins: now, lasts: 0, heard: now });
            return;
        }
        const from = this.at(id, now)!;
        const far =
            Math.abs(to.longitude - from.longitude) > kJumpDegrees ||
            Math.abs(to.latitude - from.latitude) > kJumpDegrees;
        const pause = Math.min(kLongestMs, Math.max(kShortestMs, now - track.heard));
        const lasts = far || this.still ? 0 : pause * 1.15;
        this.tracks.set(id, { from, to, begins: now, lasts, heard: now });
    }

    at(id: string, now: number): Drawn | undefined {
        const track = this.tracks.get(id);
        if (!track) return undefined;
        const share = track.lasts === 0 ? 1 : Math.min(1, (now - track.begins) / track.lasts);
        const { from, to } = track;
        return {
            longitude: from.longitude + (to.longitude - from.longitude) * share,
            latitude: from.latitude + (to.latitude - from.latitude) * share,
            heading: turn(from.heading, to.heading, share),
        };
    }

    /** Whether anything still glides. */
    moving(now: number): boolean {
        for (const { begins, lasts } of this.tracks.values()) if (now < begins + lasts) return true;
        return false;
    }

    forget(id: string) {
        this.tracks.delete(id);
    }
}
