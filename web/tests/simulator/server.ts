// A loopback stand-in for the server's HTTP face, for tests of the dashboard's states: loading,
// empty, failing, stale, suppressed. Its figures are synthetic and say so. It never ships.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { kSightScopes } from '../../packages/ui/src/entry/sight';
import type {
    Asset,
    Attachment,
    Claim,
    Device,
    Grain,
    NewAsset,
    NewAttachment,
    NewClaim,
    NewDetachment,
    NewPosition,
    Position,
    SourceFilter,
} from '../../packages/api/src/types';
import { Accounts } from './accounts';
import { Calibrations } from './calibration';
import { checkQuery, routed } from './deeds';
import type { Deed } from './deeds';
import { Faces } from './faces';
import { Machinery } from './machinery';
import { Notices } from './notices';
import { OptOuts } from './opt_outs';
import { Privacy } from './privacy';
import { Notes, quality, withFindings } from './quality';
import { Refusal } from './refusal';
import { Regions } from './regions';
import { Sensitive } from './sensitive';
import * as reports from './reports';
import { kAssets, liveAsset } from './world';
import type { WorldAsset } from './world';

export const kModes = [
    'normal',
    'fresh',
    'empty',
    'slow',
    'failing',
    'stale',
    'suppressed',
] as const;
export type Mode = (typeof kModes)[number];

export interface SimulatorOptions {
    port?: number;
    mode?: Mode;
    password?: string;
    /** The built dashboard, served beside the API; and the backoffice, below /backoffice. */
    site?: string;
    backoffice?: string;
    /** How long a new sensor takes to enrol and again to send its first report. */
    sensorPauseMs?: number;
}

const kZone = 'America/Chicago';
/** What the real server answers: made of its registry. */
const kDefinitions = new URL('../../../docs/metrics/definitions.json', import.meta.url);
/** What a session may do that still lacks something. */
const kUnfinished: string[] = [
    'find_session',
    'end_session',
    'show_second_factor',
    'change_password',
    'end_impersonation',
];
/** And whoever has to set up a second factor first. */
const kEnrolling: string[] = [
    ...kUnfinished,
    'choose_company',
    'find_profile',
    'begin_totp',
    'confirm_totp',
    'list_passkeys',
    'challenge_new_passkey',
    'add_passkey',
];
/** What is of the session itself, wherever it looks. */
const kOfSession: string[] = ['find_session', 'end_session', 'choose_company'];
const kNeverForOthers =
    /^(password|second_factor|ownership|tokens|impersonations):|^(api_keys|people|invitations|contracts):write|:export$/;
/** As the server sends it with every file. */
const kPolicy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; " +
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; " +
    "form-action 'self'; frame-ancestors 'none'";
const kTypes: Record<string, string> = {
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript',
    '.mjs': 'text/javascript',
    '.css': 'text/css',
    '.json': 'application/json',
    '.svg': 'image/svg+xml',
    '.woff2': 'font/woff2',
    '.mvt': 'application/vnd.mapbox-vector-tile',
    '.webmanifest': 'application/manifest+json',
};

/** A reply to a request that said Idempotency-Key. */
interface Kept {
    asked: string;
    reply: [number, unknown] | Refusal;
}

export class Simulator {
    mode: Mode;
    readonly password: string;
    readonly email = 'owner@localhost';
    readonly accounts: Accounts;
    readonly machinery: Machinery;
    readonly calibrations: Calibrations;
    private deeds: Record<string, Deed>;
    private server: Server;
    private streams = new Set<ServerResponse>();
    private timer: NodeJS.Timeout | undefined;
    private assets: WorldAsset[] = [...kAssets];
    private created: WorldAsset[] = [];
    private devices: Device[] = [];
    private serial = 0;
    private attachments: Attachment[] = [];
    private retired = new Set<string>();
    private positions = new Map<string, Position[]>();
    private places = new Map<string, { latitude: number; longitude: number }>();
    private kept = new Map<string, Kept>();
    private heard = new Map<string, string>();

    constructor(private readonly options: SimulatorOptions = {}) {
        this.mode = options.mode ?? 'normal';
        this.password = options.password ?? 'synthetic-password';
        const bare = this.isBare;
        this.accounts = new Accounts({
            password: this.password,
            fresh: this.mode === 'fresh',
            machinery: () => this.machinery,
        });
        this.machinery = new Machinery(
            this.accounts.company,
            ['company_0190c000-0000-7000-8000-000000000003'],
            bare,
            options.sensorPauseMs ?? 1500,
        );
        this.calibrations = new Calibrations(() => this.inService, bare);
        this.deeds = {
            ...this.accounts.deeds,
            ...this.machinery.deeds,
            ...new Privacy(bare).deeds,
            ...new OptOuts(bare, () => this.devices).deeds,
            ...new Notices().deeds,
            ...new Faces(bare, () => this.mode === 'suppressed').deeds,
            ...new Regions(bare, () => this.mode === 'suppressed').deeds,
            ...new Sensitive(bare).deeds,
            ...this.calibrations.deeds,
            ...new Notes(bare).deeds,
        };
        this.devices = kAssets
            .filter(a => a.state !== 'never')
            .map((asset, i) => ({
                id: `device_0190b000-0000-7000-8000-${String(i + 1).padStart(12, '0')}`,
                name: `sensor ${asset.code.toLowerCase()}`,
                state: 'active',
                enrolled_at: '2026-08-01T15:04:05.000000Z',
                certificate_expires_at: '2028-08-01T15:04:05.000000Z',
            }));
        const wired = kAssets.filter(a => a.state !== 'never');
        this.devices.forEach((device, i) => this.attach(wired[i]!.id, device.id, 0));
        this.server = createServer((request, reply) => {
            this.answer(request, reply).catch((fault: unknown) => this.refuse(reply, fault));
        });
    }

    async start(): Promise<string> {
        await new Promise<void>(done =>
            this.server.listen(this.options.port ?? 0, '127.0.0.1', done),
        );
        this.timer = setInterval(() => this.tick(), 1000);
        const address = this.server.address();
        return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    }

    async stop(): Promise<void> {
        clearInterval(this.timer);
        for (const stream of this.streams) stream.end();
        this.server.closeAllConnections();
        await new Promise<void>(done => this.server.close(() => done()));
    }

    /** Nothing has been measured yet. */
    private get isBare(): boolean {
        return this.mode === 'empty' || this.mode === 'fresh';
    }

    private get known(): WorldAsset[] {
        return this.isBare ? this.created : [...this.assets, ...this.created];
    }

    private get inService(): WorldAsset[] {
        return this.known.filter(asset => !this.retired.has(asset.id));
    }

    private on(assetId: string): string | undefined {
        return this.attachments.findLast(each => each.asset_id === assetId && !each.to)?.device_id;
    }

    private attach(assetId: string, deviceId: string, from: number): Attachment {
        const made: Attachment = {
            id: `attachment_0190f000-0000-7000-8000-${String(++this.serial).padStart(12, '0')}`,
            asset_id: assetId,
            device_id: deviceId,
            from: new Date(from).toISOString(),
        };
        this.attachments.push(made);
        return made;
    }

    private ticks = 0;

    private tick() {
        ++this.ticks;
        if (this.mode === 'stale') return;
        const now = Date.now();
        const send = (event: string, data: unknown) => {
            for (const stream of this.streams) {
                stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
            }
        };
        this.inService.forEach((asset, i) => {
            if (asset.state !== 'live') return;
            if (asset.kind !== 'vehicle' && (this.ticks + i) % 5 !== 0) return;
            send('asset', this.live(asset, now));
        });
        if (this.ticks % 10 === 0) send('figures', { as_of: new Date(now - 3000).toISOString() });
        if (this.ticks % 15 === 0) send('heartbeat', {});
    }

    private live(asset: WorldAsset, now: number) {
        const item = { ...liveAsset(asset, now), ...this.places.get(asset.id) };
        if (!this.created.includes(asset)) return item;
        return this.heard.has(asset.id)
            ? { ...item, state: 'live', last_heard_at: new Date(now).toISOString() }
            : { ...item, state: 'never' };
    }

    private refuse(reply: ServerResponse, fault: unknown) {
        const refusal =
            fault instanceof Refusal ? fault : new Refusal(500, 'broken', String(fault));
        if (reply.headersSent) return void reply.end();
        reply.writeHead(refusal.status, {
            'Content-Type': 'application/problem+json',
            ...refusal.headers,
        });
        reply.end(
            JSON.stringify({
                status: refusal.status,
                code: refusal.code,
                detail: refusal.message,
                ...(refusal.faults.length > 0 ? { errors: refusal.faults } : {}),
            }),
        );
    }

    private async text(request: IncomingMessage): Promise<string> {
        let text = '';
        for await (const part of request) text += String(part);
        return text;
    }

    private async body(request: IncomingMessage): Promise<unknown> {
        const type = request.headers['content-type'] ?? '';
        if (type.startsWith('image/')) {
            const parts: Buffer[] = [];
            for await (const part of request) parts.push(part as Buffer);
            return { type, bytes: Buffer.concat(parts) };
        }
        const text = await this.text(request);
        if (type.startsWith('text/csv')) return text;
        return text ? (JSON.parse(text) as unknown) : undefined;
    }

    private async answer(request: IncomingMessage, reply: ServerResponse) {
        const url = new URL(request.url ?? '/', 'http://localhost');
        if (!url.pathname.startsWith('/api/')) return this.file(url.pathname, reply);
        const method = request.method ?? 'GET';
        if (method !== 'GET' && request.headers['x-mobilytics'] !== '1') {
            throw new Refusal(403, 'cross_site', 'The header X-Mobilytics is missing.');
        }
        const json = (status: number, value: unknown, headers: Record<string, string> = {}) => {
            reply.writeHead(status, {
                'Content-Type': 'application/json',
                'Cache-Control': 'no-store',
                ...headers,
            });
            reply.end(value === undefined ? undefined : JSON.stringify(value));
        };
        const path = url.pathname.slice('/api/v1'.length);
        const token = /mobilytics_session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
        const route = routed(method, url.pathname);
        const who = this.allowed(token, method, route);
        const deed = route && this.deeds[route.name];
        const isOwn = /^\/(session|profile|sign-in-ways|company)\b/.test(path);
        if (this.mode === 'slow' && !isOwn) await new Promise(done => setTimeout(done, 4000));
        if (route) checkQuery(route.name, url.searchParams);
        if (path === '/live/events') return this.stream(request, reply);
        if (this.mode === 'failing' && path !== '/assets' && !isOwn) {
            throw new Refusal(
                503,
                'store_unavailable',
                'The analytics store does not answer. Try again in a moment.',
                { 'Retry-After': '5' },
            );
        }
        if (path === '/company/logo' && method === 'GET') return this.logo(token, reply);
        if (path === '/audit/export') return this.auditFile(url, who, reply);
        if (deed) {
            const body = await this.body(request);
            return json(...deed({ params: route.params, query: url.searchParams, body, who }));
        }
        return json(...(await this.once(method, path, url, request)));
    }

    /** Who asks, if the contract lets their role do that. */
    private allowed(token: string, method: string, route: ReturnType<typeof routed>) {
        if (route?.roles.includes('open')) return { token, person: '', role: '' };
        const session = this.accounts.signed(token);
        if (!session) throw new Refusal(401, 'no_session', 'sign in');
        const role = this.accounts.roleOf(session);
        const who = { token, person: session.person, role };
        if (!route) return who;
        const open = session.needs === 'enrol_second_factor' ? kEnrolling : kUnfinished;
        if (session.needs !== 'nothing' && !open.includes(route.name)) {
            throw new Refusal(403, `${session.needs}_needed`, 'the session lacks something yet');
        }
        if (!route.roles.includes('person') && !route.roles.includes(role)) {
            throw new Refusal(403, 'role_not_enough', `a ${role} may not do this`);
        }
        if (session.sight && !kOfSession.includes(route.name)) {
            const shares = this.accounts.book.sharesOf(session.company);
            if (!shares.some(share => kSightScopes[share].includes(route.permission))) {
                throw new Refusal(403, 'scope_missing', 'this is not shared with you');
            }
        }
        if (session.impersonation && !kUnfinished.includes(route.name)) {
            if (kNeverForOthers.test(route.permission)) {
                throw new Refusal(403, 'not_while_impersonating', 'never in the place of others');
            }
            if (method !== 'GET') {
                throw new Refusal(403, 'impersonation_read_only', 'you may only look');
            }
        }
        return who;
    }

    private logo(token: string, reply: ServerResponse) {
        const company = this.accounts.signed(token)?.company;
        const logo = company && this.accounts.book.logos.get(company);
        if (!logo) throw new Refusal(404, 'no_logo', 'there is none');
        reply.writeHead(200, { 'Content-Type': logo.type, 'X-Content-Type-Options': 'nosniff' });
        reply.end(logo.bytes);
    }

    private auditFile(
        url: URL,
        who: { token: string; person: string; role: string },
        reply: ServerResponse,
    ) {
        const query = new URLSearchParams(url.searchParams);
        const format = query.get('format') ?? 'csv';
        query.delete('format');
        query.set('limit', '200');
        const [, page] = this.deeds['list_audit']!({ params: {}, query, body: undefined, who });
        const { items } = page as { items: { action: string; occurred_at: string }[] };
        reply.writeHead(200, {
            'Content-Type': format === 'csv' ? 'text/csv' : 'application/x-ndjson',
            'Content-Disposition': `attachment; filename="audit.${format === 'csv' ? 'csv' : 'ndjson'}"`,
        });
        reply.end(
            format === 'csv'
                ? [
                      'occurred_at,action',
                      ...items.map(each => `${each.occurred_at},${each.action}`),
                  ].join('\r\n')
                : items
                      .map(each => JSON.stringify({ specversion: '1.0', type: each.action }))
                      .join('\n'),
        );
    }

    /** What was asked with a key is carried out once. What fails by our fault may be asked again. */
    private async once(
        method: string,
        path: string,
        url: URL,
        request: IncomingMessage,
    ): Promise<[number, unknown, Record<string, string>?]> {
        const key = request.headers['idempotency-key'];
        const text = await this.text(request);
        const creates = /^(\/assets|\/claims|\/assets\/[\w-]+\/attachments)$/.test(path);
        if (typeof key !== 'string' || method !== 'POST' || !creates) {
            return this.resource(method, path, url, text);
        }
        const asked = `${path}\n${text}`;
        const before = this.kept.get(key);
        if (before && before.asked !== asked) {
            throw new Refusal(422, 'key_taken', 'This key was said with another request.');
        }
        let reply = before?.reply;
        if (!reply) {
            try {
                reply = this.resource(method, path, url, text);
            } catch (fault) {
                if (!(fault instanceof Refusal) || fault.status >= 500) throw fault;
                reply = fault;
            }
            this.kept.set(key, { asked, reply });
        }
        if (reply instanceof Refusal) throw reply;
        return [...reply, before ? { 'Idempotency-Replayed': 'true' } : {}];
    }

    private resource(method: string, path: string, url: URL, text: string): [number, unknown] {
        const now = Date.now();
        const body = <R>() => JSON.parse(text || '{}') as R;
        if (path === '/assets' && method === 'GET')
            return [200, { items: this.known.map(this.asset) }];
        if (path === '/assets' && method === 'POST') {
            const given = body<NewAsset>();
            if (this.known.some(a => a.code === given.code)) {
                throw new Refusal(409, 'asset_code_taken', 'you have an asset of this code');
            }
            const made: WorldAsset = {
                id: `asset_0190a000-0000-7000-8000-${String(900 + ++this.serial).padStart(12, '0')}`,
                code: given.code,
                name: given.name,
                kind: given.kind,
                weight: 1,
                state: 'never',
                loop: [
                    { north: 0.5, west: 0.5 },
                    { north: 0.5, west: 1.5, parkedSeconds: 60 },
                ],
            };
            this.created.push(made);
            if (given.latitude !== undefined && given.longitude !== undefined) {
                const { latitude, longitude } = given;
                this.places.set(made.id, { latitude, longitude });
            }
            return [201, this.asset(made)];
        }
        if (path === '/devices')
            return [200, { items: this.isBare ? this.devices.slice(15) : this.devices }];
        const revoked = /^\/devices\/([\w-]+)\/revocation$/.exec(path)?.[1];
        if (revoked) {
            const device = this.devices.find(d => d.id === revoked);
            if (!device) throw new Refusal(404, 'no_such_device', revoked);
            device.state = 'revoked';
            device.revoked_at = new Date(now).toISOString();
            return [200, device];
        }
        const [, assetId, deed] =
            /^\/assets\/([\w-]+)\/(retirement|attachments|detachments|positions)$/.exec(path) ?? [];
        if (assetId && deed === 'retirement') return [200, this.retire(assetId, now)];
        if (assetId && deed === 'detachments') {
            return [200, this.detach(assetId, body<NewDetachment>().device_id, now)];
        }
        if (assetId && deed === 'positions') {
            return method === 'GET'
                ? [200, { items: this.positions.get(assetId) ?? [] }]
                : [201, this.stand(assetId, body<NewPosition>(), now)];
        }
        if (assetId && deed) return this.move(assetId, body<NewAttachment>(), now);
        if (path === '/claims') return [201, this.claim(body<NewClaim>(), url)];
        if (path === '/live/assets') {
            return [
                200,
                {
                    server_time: new Date(now).toISOString(),
                    items: this.inService.map(a => this.live(a, now)),
                },
            ];
        }
        if (path === '/metrics') return [200, JSON.parse(readFileSync(kDefinitions, 'utf8'))];
        return [200, this.report(path, url.searchParams, now)];
    }

    private findAsset(id: string): WorldAsset {
        const asset = this.known.find(each => each.id === id);
        if (!asset) throw new Refusal(404, 'no_such_asset', id);
        return asset;
    }

    private retire(id: string, now: number): Asset {
        const asset = this.findAsset(id);
        if (this.retired.has(id)) {
            throw new Refusal(409, 'asset_retired', 'this asset is retired already');
        }
        this.retired.add(id);
        for (const each of this.attachments) {
            if (each.asset_id === id && !each.to) each.to = new Date(now).toISOString();
        }
        return this.asset(asset);
    }

    private detach(id: string, deviceId: string, now: number): Attachment {
        this.findAsset(id);
        const on = this.attachments.findLast(
            each => each.asset_id === id && each.device_id === deviceId && !each.to,
        );
        if (!on) throw new Refusal(409, 'not_attached', 'this sensor is not on this asset');
        on.to = new Date(now).toISOString();
        return on;
    }

    private stand(id: string, given: NewPosition, now: number): Asset {
        const asset = this.findAsset(id);
        if (asset.kind === 'vehicle') {
            throw new Refusal(422, 'vehicle_stands_nowhere', 'a vehicle has no fixed position');
        }
        const from = new Date(now).toISOString();
        const before = this.positions.get(id) ?? [];
        this.positions.set(id, [
            { ...given, from },
            ...before.map(each => (each.to ? each : { ...each, to: from })),
        ]);
        this.places.set(id, given);
        return this.asset(asset);
    }

    private move(id: string, given: NewAttachment, now: number): [number, Attachment] {
        this.findAsset(id);
        if (this.retired.has(id)) {
            throw new Refusal(409, 'asset_retired', 'a retired asset carries no sensor');
        }
        if (given.from !== undefined && Number.isNaN(Date.parse(given.from))) {
            throw new Refusal(422, 'invalid_body', 'the body is not as the contract has it', {}, [
                { pointer: '/from', detail: 'is no instant' },
            ]);
        }
        const last = this.attachments.findLast(each => each.device_id === given.device_id);
        const from = given.from === undefined ? (last ? now : 0) : Date.parse(given.from);
        if (last) {
            const begun = Date.parse(last.from);
            const there = last.asset_id === id && !last.to;
            if (there && (given.from === undefined || from >= begun)) return [201, last];
            if (from <= begun) {
                throw new Refusal(
                    409,
                    'attached_later',
                    `this sensor was put on an asset at ${last.from}, later than this`,
                );
            }
            if (!last.to || Date.parse(last.to) > from) last.to = new Date(from).toISOString();
        }
        return [201, this.attach(id, given.device_id, from)];
    }

    private asset = (asset: WorldAsset): Asset => {
        const { latitude, longitude } =
            this.places.get(asset.id) ?? liveAsset({ ...asset, state: 'never' }, 0);
        const device = this.on(asset.id);
        return {
            id: asset.id,
            code: asset.code,
            name: asset.name,
            kind: asset.kind,
            state: this.retired.has(asset.id) ? 'retired' : 'in_service',
            registered_at: '2026-08-01T15:00:00.000000Z',
            ...(device ? { device_id: device } : {}),
            ...(asset.kind === 'vehicle' || latitude === undefined || longitude === undefined
                ? {}
                : { latitude, longitude }),
            time_zone: kZone,
        };
    };

    private claim(given: NewClaim, url: URL): Claim {
        const serial = String(500 + ++this.serial).padStart(12, '0');
        const pause = this.options.sensorPauseMs ?? 4000;
        setTimeout(() => {
            const device: Device = {
                id: `device_0190b000-0000-7000-8000-${serial}`,
                name: given.name,
                state: 'active',
                enrolled_at: new Date().toISOString(),
                certificate_expires_at: '2028-08-01T15:04:05.000000Z',
            };
            this.devices.push(device);
            if (given.asset_id) this.attach(given.asset_id, device.id, 0);
        }, pause).unref();
        setTimeout(() => {
            if (given.asset_id) this.heard.set(given.asset_id, new Date().toISOString());
            const asset = this.created.find(a => a.id === given.asset_id);
            if (asset) asset.state = 'live';
        }, 2 * pause).unref();
        const code = '7K2QF-9XWTM-H3D8C-VN5RB';
        return {
            id: `claim_0190e000-0000-7000-8000-${serial}`,
            code,
            name: given.name,
            ...(given.asset_id ? { asset_id: given.asset_id } : {}),
            expires_at: new Date(Date.now() + 86_400_000).toISOString(),
            command: `mobilytics-sensor enroll --server ${url.protocol}//127.0.0.1:8080 --claim ${code}`,
        };
    }

    private report(path: string, query: URLSearchParams, now: number): unknown {
        const names = query.get('asset_id')?.split(',');
        const asked: reports.Asked = {
            from: Date.parse(query.get('from') ?? new Date(now - 86_400_000).toISOString()),
            to: Date.parse(query.get('to') ?? new Date(now).toISOString()),
            zone: query.get('time_zone') ?? kZone,
            assets: (path === '/reports/freshness' && !names ? this.inService : this.known).filter(
                a => !names || names.includes(a.id),
            ),
            source: (query.get('source') ?? 'all') as SourceFilter,
            now: this.mode === 'stale' ? now - 47 * 60_000 : now,
            asOf: this.mode === 'stale' ? now - 47 * 60_000 : now - 4000,
            scale: this.mode === 'suppressed' ? 0.004 : 1,
        };
        switch (path) {
            case '/reports/overview':
                return reports.overview(asked, query.get('compare') === 'previous');
            case '/reports/exposure':
                return withFindings(
                    reports.exposure(asked, (query.get('grain') ?? 'hour') as Grain),
                    asked,
                );
            case '/reports/quality':
                return quality({ ...asked, assets: names ? asked.assets : this.inService }, query);
            case '/reports/dwell':
                return reports.dwell(asked);
            case '/reports/reach':
                return reports.reach(asked);
            case '/reports/frequency':
                return reports.frequency(asked);
            case '/reports/heatmap':
                return reports.heatmap(
                    asked,
                    (query.get('bbox') ?? '-180,-85,180,85').split(',').map(Number),
                    Number(query.get('zoom') ?? 12),
                );
            case '/reports/routes':
                return reports.routes(asked);
            case '/reports/freshness':
                return reports.freshness(asked);
        }
        throw new Refusal(404, 'no_such_resource', path);
    }

    private stream(request: IncomingMessage, reply: ServerResponse) {
        reply.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
        reply.write(': synthetic\n\n');
        this.streams.add(reply);
        request.on('close', () => this.streams.delete(reply));
    }

    private file(path: string, reply: ServerResponse) {
        const staff = path.startsWith('/backoffice/') || path === '/backoffice';
        const site = staff ? this.options.backoffice : this.options.site;
        if (staff) path = path.slice('/backoffice'.length) || '/';
        if (!site) throw new Refusal(404, 'no_site', 'The simulator serves the API only.');
        let file = join(site, normalize(path));
        if (!existsSync(file) || statSync(file).isDirectory()) {
            if (path.startsWith('/basemap/') || path.startsWith('/assets/')) {
                // Tiles outside of what there is, as the real server answers.
                if (extname(path)) throw new Refusal(404, 'no_such_file', path);
            }
            file = join(site, 'index.html');
        }
        reply.writeHead(200, {
            'Content-Type': kTypes[extname(file)] ?? 'application/octet-stream',
            'Content-Security-Policy': kPolicy,
        });
        createReadStream(file).pipe(reply);
    }
}
