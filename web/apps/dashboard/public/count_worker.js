// Keeps the counting page open without a network: what it was made of is kept, and given when the
// network gives nothing. Nothing of the API is kept here; taps are the page's own (src/count/tally.ts).

const kCache = 'count-1';

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', event => {
    event.waitUntil(
        (async () => {
            for (const name of await caches.keys()) {
                if (name.startsWith('count-') && name !== kCache) await caches.delete(name);
            }
            await self.clients.claim();
        })(),
    );
});

/** The page tells what it has loaded, itself included; what it no longer loads is forgotten. */
self.addEventListener('message', event => {
    if (event.data?.kind !== 'keep') return;
    event.waitUntil(
        (async () => {
            const cache = await caches.open(kCache);
            await cache.addAll(event.data.urls);
            const wanted = new Set(event.data.urls.map(url => new URL(url, self.location).href));
            for (const request of await cache.keys()) {
                if (!wanted.has(request.url)) await cache.delete(request);
            }
            event.source?.postMessage({ kind: 'kept' });
        })(),
    );
});

self.addEventListener('fetch', event => {
    const { request } = event;
    const url = new URL(request.url);
    if (request.method !== 'GET' || url.origin !== self.location.origin) return;
    if (url.pathname.startsWith('/api/')) return;
    if (request.mode === 'navigate') {
        event.respondWith(
            fetch(request).catch(async () => (await caches.match('/count')) ?? Response.error()),
        );
        return;
    }
    event.respondWith(
        (async () => (await caches.match(request, { ignoreVary: true })) ?? fetch(request))(),
    );
});
