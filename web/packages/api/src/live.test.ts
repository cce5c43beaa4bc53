import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kStaleAfterMs, openLive } from './live';
import type { LiveAsset } from './types';

/** An EventSource that hears what the test says. */
class Source extends EventTarget {
    static all: Source[] = [];
    onopen?: () => void;
    onerror?: () => void;
    closed = false;
    constructor(readonly url: string) {
        super();
        Source.all.push(this);
    }
    close() {
        this.closed = true;
    }
    say(type: string, data: string) {
        this.dispatchEvent(new MessageEvent(type, { data }));
    }
}

describe('the live stream', () => {
    const states: string[] = [];
    const heard: LiveAsset[] = [];
    let close: () => void;

    beforeEach(() => {
        vi.useFakeTimers();
        vi.stubGlobal('EventSource', Source);
        states.length = heard.length = Source.all.length = 0;
        close = openLive('/events', {
            asset: item => heard.push(item),
            figures: asOf => states.push(`figures ${asOf}`),
            state: state => states.push(state),
        });
    });

    afterEach(() => {
        close();
        vi.useRealTimers();
        vi.unstubAllGlobals();
    });

    it('hands on what it hears, and drops what is no JSON', () => {
        const [source] = Source.all;
        source!.onopen!();
        source!.say('asset', '{"asset_id":"a"}');
        source!.say('asset', '{broken');
        source!.say('figures', '{"as_of":"2026-08-21T09:30:00Z"}');
        expect(heard).toEqual([{ asset_id: 'a' }]);
        expect(states).toContain('figures 2026-08-21T09:30:00Z');
    });

    it('goes stale without a sign of life, and comes back with one', () => {
        const [source] = Source.all;
        source!.onopen!();
        vi.advanceTimersByTime(kStaleAfterMs - 1);
        expect(states.at(-1)).toBe('open');
        vi.advanceTimersByTime(1);
        expect(states.at(-1)).toBe('stale');
        source!.say('heartbeat', '{}');
        expect(states.at(-1)).toBe('open');
    });

    it('opens again with growing pauses', () => {
        Source.all[0]!.onerror!();
        expect(states.at(-1)).toBe('down');
        expect(Source.all[0]!.closed).toBe(true);
        vi.advanceTimersByTime(1000);
        expect(Source.all).toHaveLength(2);
        Source.all[1]!.onerror!();
        vi.advanceTimersByTime(1999);
        expect(Source.all).toHaveLength(2);
        vi.advanceTimersByTime(1);
        expect(Source.all).toHaveLength(3);
    });

    it('stays closed once closed', () => {
        Source.all[0]!.onerror!();
        close();
        vi.advanceTimersByTime(120_000);
        expect(Source.all).toHaveLength(1);
    });
});
