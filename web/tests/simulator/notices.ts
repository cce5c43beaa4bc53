// What one is told by mail, of the stand-in. Synthetic.

import type { Notice, NoticesWanted } from '../../packages/api/src/types';
import type { Deed } from './deeds';
import { Refusal } from './refusal';

type Row = [kind: string, group: string, title: string, about: string, usual: boolean];

const kRows: Row[] = [
    [
        'sensor_silent',
        'Sensors',
        'A sensor has fallen silent',
        'Nothing was heard of it for longer than usual.',
        true,
    ],
    [
        'sensor_joined',
        'Sensors',
        'A sensor has joined',
        'Its claim code was used and its certificate made.',
        false,
    ],
    [
        'certificate_ends',
        'Sensors',
        'A certificate ends soon',
        'A sensor that is not reached until then has to be enrolled anew.',
        true,
    ],
    [
        'webhook_disabled',
        'Company',
        'A webhook was switched off',
        'Its address failed for too long; nothing is sent there any more.',
        true,
    ],
    [
        'export_ready',
        'Company',
        'A file is ready',
        'An export that you asked for can be had.',
        true,
    ],
    [
        'calibration_drifts',
        'Calibration',
        'A calibration no longer fits',
        'People counted later are more or fewer than it says.',
        true,
    ],
    ['member_joined', 'Company', 'Somebody has joined', 'An invitation was accepted.', false],
    [
        'security',
        'Security',
        'Your sign-in',
        'A new password, a new second factor, a sign-in from elsewhere.',
        true,
    ],
];

export class Notices {
    private items: Notice[] = kRows.map(([kind, group, title, about, usual]) => ({
        kind,
        group,
        title,
        about,
        usual,
        mailed: usual,
        settable: kind !== 'security',
    }));

    readonly deeds: Record<string, Deed> = {
        list_notices: () => [200, { items: this.items }],
        set_notices: ({ body }) => {
            const { mailed } = body as NoticesWanted;
            const settable = this.items.filter(each => each.settable);
            const unknown = mailed.find(kind => !settable.some(each => each.kind === kind));
            if (unknown) throw new Refusal(422, 'no_such_notice', unknown);
            for (const notice of settable) notice.mailed = mailed.includes(notice.kind);
            return [200, { items: this.items }];
        },
    };
}
