import { describe, expect, it } from 'vitest';
import type { PlayLogImported } from '@mobilytics/api';
import { findingText, hoursText, importedText, sourceText } from './plays';

const done: PlayLogImported = {
    face_id: 'face_1',
    dry_run: true,
    already: false,
    form: 'plays',
    from: '2026-08-21T17:00:00.000000Z',
    to: '2026-08-21T18:00:00.000000Z',
    lines: 1200,
    plays: 1,
    repeated: 0,
    elsewhere: 0,
    covered_s: 5400,
    findings: [],
};

describe('play logs in words', () => {
    it('tells what would become of a file', () => {
        expect(importedText(done)).toBe(
            '1 play of 1,200 lines; 1.5 hours covered that no log covered before.',
        );
        expect(importedText({ ...done, plays: 2, repeated: 1, elsewhere: 3 })).toBe(
            '2 plays of 1,200 lines; 1.5 hours covered that no log covered before; 1 line known already, 3 lines of other faces.',
        );
        expect(importedText({ ...done, already: true })).toMatch(/^Nothing to add/);
    });
    it('names what was found, and where', () => {
        expect(
            findingText({ kind: 'overlap', count: 1, line: 3, detail: 'begin while another runs' }),
        ).toBe('1 play overlaps, from line 3 on: begin while another runs');
        expect(findingText({ kind: 'gap', count: 2, detail: 'the first from 10:00' })).toBe(
            '2 gaps: the first from 10:00',
        );
    });
    it('says whose plays they are', () => {
        expect(hoursText(1)).toBe('1 hour');
        expect(sourceText({ source: 'mixed', log_hours: 2, loop_hours: 22 })).toBe(
            'Of the play log in 2 hours, of the loop in 22 hours',
        );
        expect(sourceText({ source: 'play_log', log_hours: 24, loop_hours: 0 })).toBe(
            'Of the play log: all 24 hours',
        );
        expect(sourceText({ source: 'loop', log_hours: 0, loop_hours: 24 })).toMatch(
            /^Of the loop/,
        );
    });
});
