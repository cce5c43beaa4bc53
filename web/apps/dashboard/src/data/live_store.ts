// Where every asset is now: the list that was asked for once, and what the stream has told since.
// The map listens to each event; lists are redrawn once a second at most.

import { useEffect, useSyncExternalStore } from 'react';
import { openLive } from '@mobilytics/api';
import type { LiveAsset, LiveAssetList, LiveState, StreamState } from '@mobilytics/api';
import { client } from './client';

export interface LiveSnapshot {
    items: LiveAsset[];
    stream: StreamState;
    loaded: boolean;
    error: Error | undefined;
    /** The server's clock now: ages are told by it, not by this device's. */
    serverNow: number;
}

type AssetListener = (item: LiveAsset) => void;
type FiguresListener = (asOf: string) => void;

const kLiveMs = 30_000;
const kQuietMs = 600_000;
const kReloadMs = 60_000;

/** By the age of the last report; the server says the same, but only when it says something. */
export function liveState(heard: string | undefined, serverNow: number): LiveState {
    if (!heard) return 'never';
    const age = serverNow - Date.parse(heard);
    return age <= kLiveMs ? 'live' : age <= kQuietMs ? 'quiet' : 'silent';
}

class LiveStore {
    private assets = new Map<string, LiveAsset>();
    private stream: StreamState = 'connecting';
    private loaded = false;
    private error: Error | undefined;
    private offset = 0;
    private users = 0;
    private close: (() => void) | undefined;
    private timers: ReturnType<typeof setInterval>[] = [];
    private redraws = new Set<() => void>();
    private assetListeners = new Set<AssetListener>();
    private figuresListeners = new Set<FiguresListener>();
    private snapshot = this.made();

    private made(): LiveSnapshot {
        const serverNow = Date.now() + this.offset;
        const items = [...this.assets.values()].map(item => ({
            ...item,
            state: liveState(item.last_heard_at, serverNow),
        }));
        items.sort((a, b) => a.code.localeCompare(b.code, 'en', { numeric: true }));
        return { items, stream: this.stream, loaded: this.loaded, error: this.error, serverNow };
    }

    private redraw = () => {
        this.snapshot = this.made();
        for (const each of this.redraws) each();
    };

    reload = async () => {
        try {
            const reply: LiveAssetList = await client.call('live_assets');
            this.offset = Date.parse(reply.server_time) - Date.now();
            const known = new Set(reply.items.map(item => item.asset_id));
            for (const id of this.assets.keys()) if (!known.has(id)) this.assets.delete(id);
            for (const item of reply.items) {
                this.assets.set(item.asset_id, item);
                for (const each of this.assetListeners) each(item);
            }
            this.loaded = true;
            this.error = undefined;
        } catch (error) {
            this.error = error as Error;
        }
        this.redraw();
    };

    /** Open while somebody looks. Returns what lets go of it. */
    use(): () => void {
        if (++this.users === 1) {
            void this.reload();
            this.close = openLive('/api/v1/live/events', {
                asset: item => {
                    // What is not in the list yet comes with the next one: alone it would look like all.
                    if (!this.loaded) return;
                    this.assets.set(item.asset_id, { ...this.assets.get(item.asset_id), ...item });
                    for (const each of this.assetListeners) each(item);
                },
                figures: asOf => {
                    for (const each of this.figuresListeners) each(asOf);
                },
                state: state => {
                    if (state === this.stream) return;
                    const back = state === 'open' && this.stream === 'down';
                    this.stream = state;
                    this.redraw();
                    if (back) void this.reload();
                },
            });
            this.timers = [
                setInterval(this.redraw, 1000),
                setInterval(() => void this.reload(), kReloadMs),
            ];
        }
        return () => {
            if (--this.users > 0) return;
            this.close?.();
            this.timers.forEach(clearInterval);
            this.assets.clear();
            this.loaded = false;
        };
    }

    /** Of an asset that has just left service: the server's own list follows within seconds. */
    drop(id: string) {
        this.assets.delete(id);
        this.redraw();
    }

    subscribe = (redraw: () => void) => {
        this.redraws.add(redraw);
        return () => void this.redraws.delete(redraw);
    };

    get = () => this.snapshot;

    onAsset(listener: AssetListener): () => void {
        this.assetListeners.add(listener);
        return () => void this.assetListeners.delete(listener);
    }

    onFigures(listener: FiguresListener): () => void {
        this.figuresListeners.add(listener);
        return () => void this.figuresListeners.delete(listener);
    }
}

export const liveStore = new LiveStore();

/** Keeps the stream open for as long as the caller is on the page, and may see it. */
export function useLiveStream(wanted: boolean) {
    useEffect(() => (wanted ? liveStore.use() : undefined), [wanted]);
}

export function useLive(): LiveSnapshot {
    return useSyncExternalStore(liveStore.subscribe, liveStore.get);
}
