// Play logs in words.

import type { FacePlays, PlayFinding, PlayLogImported } from '@mobilytics/api';
import { count } from '@mobilytics/ui';

export function hoursText(hours: number): string {
    const text = hours.toLocaleString('en-US', { maximumFractionDigits: 1 });
    return `${text} ${text === '1' ? 'hour' : 'hours'}`;
}

const plays = (n: number) => `${count(n)} ${n === 1 ? 'play' : 'plays'}`;
const lines = (n: number) => `${count(n)} ${n === 1 ? 'line' : 'lines'}`;

const kFindings: Record<PlayFinding['kind'], (n: number) => string> = {
    overlap: n => `${plays(n)} ${n === 1 ? 'overlaps' : 'overlap'}`,
    longer_than_loop: n => `${plays(n)} longer than the loop`,
    too_short: n => `${plays(n)} under a second`,
    gap: n => `${count(n)} ${n === 1 ? 'gap' : 'gaps'}`,
    elsewhere: n => `${lines(n)} of other faces`,
    column: n => `${count(n)} ${n === 1 ? 'column' : 'columns'} not read`,
    overfull: n => `${count(n)} ${n === 1 ? 'quarter' : 'quarters'} of an hour too full`,
};

/** "2 plays overlap, from line 3 on: begin while another play runs" */
export function findingText({ kind, count: n, line, detail }: PlayFinding): string {
    return `${kFindings[kind](n)}${line === undefined ? '' : `, from line ${line} on`}: ${detail}`;
}

/** What became of a file, or would. */
export function importedText(done: PlayLogImported): string {
    if (done.already) return 'Nothing to add: the same plays were imported before.';
    const more = [
        done.repeated > 0 ? `${lines(done.repeated)} known already` : '',
        done.elsewhere > 0 ? `${lines(done.elsewhere)} of other faces` : '',
    ].filter(Boolean);
    return (
        `${plays(done.plays)} of ${lines(done.lines)}; ` +
        `${hoursText(done.covered_s / 3600)} covered that no log covered before` +
        (more.length > 0 ? `; ${more.join(', ')}` : '') +
        '.'
    );
}

/** Where the plays of a period come from. */
export function sourceText({
    source,
    log_hours: logged,
    loop_hours: looped,
}: Pick<FacePlays, 'source' | 'log_hours' | 'loop_hours'>): string {
    switch (source) {
        case 'play_log':
            return `Of the play log: all ${hoursText(logged)}`;
        case 'loop':
            return 'Of the loop: no play log covers an hour of this period';
        case 'mixed':
            return `Of the play log in ${hoursText(logged)}, of the loop in ${hoursText(looped)}`;
    }
}
