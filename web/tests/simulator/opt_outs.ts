// Who asked not to be counted, of the stand-in. Synthetic; like the server it keeps no address, but
// a digest.

import { createHash } from 'node:crypto';
import type { OptOut, OptOutAddress, OptOutSensor } from '../../packages/api/src/types';
import type { Deed } from './deeds';
import { ago, id, paged } from './lists';
import { Refusal } from './refusal';

const kMost = 10_000;
const kRandom = 'is one that the device made up and changes by itself';

/** Twelve digits, or a refusal as the server's. */
function digits(text: string): string {
    const found = text.replace(/[:\-. \t]/g, '').toLowerCase();
    const refuse = (code: string, why: string) => {
        throw new Refusal(422, code, why, {}, [{ pointer: '/address', detail: why }]);
    };
    if (!/^[0-9a-f]{12}$/.test(found)) {
        refuse('bad_address', 'is to be the address of a device: 12 hexadecimal digits');
    }
    const first = parseInt(found.slice(0, 2), 16);
    if (first & 1) refuse('group_address', 'is the address of a group of devices');
    if (first & 2) refuse('randomised_address', kRandom);
    return found;
}

const markOf = (address: string) =>
    createHash('sha256')
        .update(`synthetic ${digits(address)}`)
        .digest('hex')
        .slice(0, 8);

export class OptOuts {
    private entries: OptOut[];
    private changed = ago(86_400);

    constructor(
        bare: boolean,
        private readonly sensors: () => { id: string; name: string; state: string }[],
    ) {
        this.entries = bare
            ? []
            : ['a4:83:e7:00:00:01', 'a4:83:e7:00:00:02', '00:1b:63:00:00:03'].map((address, i) => ({
                  id: id('optout'),
                  mark: markOf(address),
                  added_at: ago(86_400 * (9 - 3 * i)),
              }));
    }

    /** All but the last, which is away. */
    private followers(): OptOutSensor[] {
        const active = this.sensors().filter(sensor => sensor.state === 'active');
        return active
            .map((sensor, i) => ({
                device_id: sensor.id,
                name: sensor.name,
                follows: i + 1 < active.length,
                ...(i + 1 < active.length ? { since: this.changed } : {}),
            }))
            .sort((a, b) => Number(a.follows) - Number(b.follows));
    }

    readonly deeds: Record<string, Deed> = {
        list_opt_outs: ({ query }) => {
            const sensors = this.followers();
            return [
                200,
                {
                    ...paged(this.entries, query),
                    count: this.entries.length,
                    most: kMost,
                    ...(this.entries.length > 0 ? { changed_at: this.changed } : {}),
                    sensors_in_all: sensors.length,
                    sensors_following: sensors.filter(sensor => sensor.follows).length,
                    sensors: sensors.slice(0, 200),
                },
            ];
        },
        add_opt_out: ({ body }) => {
            const mark = markOf((body as OptOutAddress).address);
            const there = this.entries.find(each => each.mark === mark);
            if (there) return [201, there];
            this.changed = new Date().toISOString();
            const made = { id: id('optout'), mark, added_at: this.changed };
            this.entries.push(made);
            return [201, made];
        },
        check_opt_out: ({ body }) => {
            const mark = markOf((body as OptOutAddress).address);
            const there = this.entries.find(each => each.mark === mark);
            return [200, there ? { listed: true, opt_out: there } : { listed: false }];
        },
        remove_opt_out: ({ params }) => {
            const at = this.entries.findIndex(each => each.id === params['opt_out_id']);
            if (at < 0) throw new Refusal(404, 'no_such_opt_out', params['opt_out_id']!);
            this.entries.splice(at, 1);
            this.changed = new Date().toISOString();
            return [204, undefined];
        },
    };
}
