// Play logs of the stand-in: read as far as its pages need it. Synthetic: what a log covers is told
// of it, and no more.

import type { PlayFinding, PlayLog, PlayLogImported } from '../../packages/api/src/types';
import type { Asked, Deed } from './deeds';
import { paged } from './lists';
import { Refusal } from './refusal';

const kHourMs = 3_600_000;
const kTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

export class Plays {
    private logs: PlayLog[] = [];
    private serial = 0;

    constructor(private readonly check: (faceId: string) => void) {}

    /** Of a face, the newest first. */
    of(faceId: string): PlayLog[] {
        return this.logs.filter(each => each.face_id === faceId);
    }

    /** Whether a log covers the hour that begins then. */
    covers(faceId: string, start: number): boolean {
        return this.of(faceId).some(
            log =>
                Math.floor(Date.parse(log.from) / kHourMs) * kHourMs <= start &&
                start + kHourMs <= Math.ceil(Date.parse(log.to) / kHourMs) * kHourMs,
        );
    }

    private import({ params, query, body, who }: Asked): [number, PlayLogImported] {
        const face = params['face_id']!;
        this.check(face);
        const source = query.get('source') ?? '';
        const [header = '', ...rows] = String(body).split(/\r?\n/).filter(Boolean);
        const names = header.split(',');
        const at = (row: string[], name: string) => row[names.indexOf(name)] ?? '';
        if (!names.includes('start') || !names.includes('duration_s')) {
            throw new Refusal(422, 'bad_log', 'the header cannot be taken', {}, [
                { pointer: '/lines/1', detail: 'is to name the columns start and duration_s' },
            ]);
        }
        const cells = rows.map(row => row.split(','));
        const faults = cells.flatMap((row, i) =>
            kTime.test(at(row, 'start'))
                ? []
                : [
                      {
                          pointer: `/lines/${i + 2}/start`,
                          detail: 'is to be a time with its offset, like 2026-08-21T17:00:00-05:00',
                      },
                  ],
        );
        if (faults.length > 0) {
            const message = `${faults.length} line${faults.length === 1 ? '' : 's'} cannot be taken; nothing was changed`;
            throw new Refusal(422, 'bad_log', message, {}, faults);
        }
        const starts = cells.map(row => Date.parse(at(row, 'start'))).toSorted((a, b) => a - b);
        const ends = cells.map(row => Date.parse(at(row, 'start')) + 1000 * +at(row, 'duration_s'));
        const already = this.of(face).some(each => each.source === source);
        const overlaps = starts.filter((start, i) => i > 0 && start < starts[i - 1]! + 10_000);
        const findings: PlayFinding[] =
            overlaps.length > 0
                ? [
                      {
                          kind: 'overlap',
                          count: overlaps.length,
                          line: 3,
                          detail: 'each is counted, though another play of the face was running',
                      },
                  ]
                : [];
        const from = Math.min(...starts);
        const to = Math.max(...ends);
        const told = {
            face_id: face,
            form: 'plays' as const,
            from: new Date(from).toISOString(),
            to: new Date(to).toISOString(),
            lines: rows.length,
            plays: already ? 0 : rows.length,
            repeated: already ? rows.length : 0,
            elsewhere: 0,
            covered_s: Math.ceil((to - from) / 900_000) * 900,
            findings,
        };
        const dry = query.get('dry_run') === 'true';
        const id = `play_log_0190e000-0000-7000-8000-${String(++this.serial).padStart(12, '0')}`;
        if (dry || already) return [200, { ...told, dry_run: dry, already }];
        const made_at = new Date().toISOString();
        this.logs.unshift({ ...told, id, source, made_by: who.person, made_at });
        return [201, { ...told, id, dry_run: false, already: false }];
    }

    readonly deeds: Record<string, Deed> = {
        list_play_logs: ({ params, query }) => {
            this.check(params['face_id']!);
            return [200, paged(this.of(params['face_id']!), query)];
        },
        import_play_log: asked => this.import(asked),
        remove_play_log: ({ params }) => {
            this.check(params['face_id']!);
            const log = this.logs.find(each => each.id === params['play_log_id']);
            if (!log) throw new Refusal(404, 'no_such_play_log', String(params['play_log_id']));
            this.logs = this.logs.filter(each => each !== log);
            return [204, undefined];
        },
    };
}
