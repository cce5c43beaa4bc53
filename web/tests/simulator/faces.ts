// Faces and markets of the stand-in, and what they were worth. Synthetic, and says so.

import type {
    Face,
    FaceFigure,
    FaceMultipliers,
    FacePlays,
    FaceReport,
    Market,
    NewFace,
    NewMarket,
} from '../../packages/api/src/types';
import type { Deed } from './deeds';
import { Plays } from './plays';
import { Refusal } from './refusal';
import { kAssets } from './world';

const kHourMs = 3_600_000;
const kVenues = {
    items: [
        { code: 301, name: 'outdoor.billboards' },
        { code: 303, name: 'outdoor.bus_shelters' },
        { code: 306, name: 'outdoor.moving_billboard' },
    ],
};

export class Faces {
    private faces: Face[] = [];
    private markets: Market[] = [];
    private serial = 0;
    private readonly plays = new Plays(id => this.face(id));

    constructor(
        empty: boolean,
        /** Whether so few devices were there that figures are held back. */
        private readonly suppressed: () => boolean,
    ) {
        const board = kAssets.find(asset => asset.kind !== 'vehicle');
        if (empty || !board) return;
        this.add(board.id, {
            name: 'North',
            side: 'front',
            medium: 'digital',
            width_m: 6,
            height_m: 3,
            heading_deg: 20,
            road_angle_deg: 75,
            letter_height_m: 0.5,
            obstruction: 0.1,
            speed_kmh: 50,
            speed_source: 'limit',
            lit: 'dusk_to_dawn',
            loop_s: 60,
            spot_s: 10,
            slots: 6,
            venue_type: 301,
        });
        this.markets.push({
            id: this.id('market'),
            name: 'Chicago',
            population: 9_618_502,
            source: 'US Census',
            year: 2020,
        });
    }

    private id(kind: string): string {
        return `${kind}_0190d000-0000-7000-8000-${String(++this.serial).padStart(12, '0')}`;
    }

    private add(assetId: string, given: NewFace): Face {
        const faults: { pointer: string; detail: string }[] = [];
        if (!(given.width_m > 0)) faults.push({ pointer: '/width_m', detail: 'is to be above 0' });
        if (given.medium === 'digital' && given.loop_s === undefined) {
            faults.push({ pointer: '/loop_s', detail: 'is missing: a digital face has a loop' });
        }
        if (faults.length > 0) throw new Refusal(422, 'bad_face', 'not so', {}, faults);
        const made: Face = {
            ...given,
            id: this.id('face'),
            asset_id: assetId,
            from: given.from ?? '1970-01-01T00:00:00.000000Z',
        };
        this.faces.push(made);
        return made;
    }

    private face(id: string | undefined): Face {
        const found = this.faces.find(each => each.id === id);
        if (!found) throw new Refusal(404, 'no_such_face', String(id));
        return found;
    }

    private market(id: string | undefined): Market {
        const found = this.markets.find(each => each.id === id);
        if (!found) throw new Refusal(404, 'no_such_market', String(id));
        return found;
    }

    private basics(query: URLSearchParams) {
        return {
            as_of: new Date(Date.now() - 4000).toISOString(),
            time_zone: query.get('time_zone') ?? 'America/Chicago',
            basis: 'devices',
            synthetic: true,
            suppress_below: 10,
            completeness: 0.98,
        } as const;
    }

    private report(face: Face, query: URLSearchParams): FaceReport {
        const out: FaceReport = {
            ...this.basics(query),
            face_id: face.id,
            asset_id: face.asset_id,
            name: face.name,
            from: query.get('from')!,
            to: query.get('to')!,
            versions: 1,
            figures: [],
            absent: [],
            factors: [],
            distribution: [],
            suppressed: [],
        };
        if (this.suppressed()) {
            out.suppressed = ['figures', 'factors', 'distribution'];
            return out;
        }
        const figure = (metric: FaceFigure['metric'], value: number, more: object = {}) =>
            out.figures.push({ metric, value, standing: 'observed', counted: 'devices', ...more });
        figure('ots', 12_000, { interval: [11_400, 12_300] });
        const factors: [FaceReport['factors'][number]['id'], number][] = [
            ['size', 1],
            ['angle', 0.9659],
            ['distance', 1],
            ['speed', 1],
            ['obstruction', 0.9],
            ['illumination', 1],
        ];
        if (face.road_angle_deg !== undefined && face.speed_kmh !== undefined) {
            out.factors = factors.map(([id, value]) => ({ id, value, inputs: [] }));
            figure('lts', 10_432, { standing: 'modelled' });
        } else {
            out.absent.push({ metric: 'lts', why: 'not known: the speed of passing traffic' });
        }
        figure('reach', 4000, { interval: [3936, 4064] });
        figure('average_frequency', 3);
        figure('effective_reach', 0.41, { interval: [0.39, 0.43] });
        const market = query.get('market_id') && this.market(query.get('market_id')!);
        if (market) figure('grp', Math.round((12_000 / market.population) * 10_000) / 100);
        else out.absent.push({ metric: 'grp', why: 'choose a market' });
        const cost = query.get('cost_minor');
        const currency = query.get('currency');
        if (cost && currency) {
            out.figures.push({
                metric: 'cpm',
                standing: 'observed',
                counted: 'devices',
                price: { minor: Math.round(Number(cost) / 12), currency },
            });
        }
        figure('loop_contacts', 3_400);
        if (face.medium === 'digital') out.plays = this.played(face, query);
        out.distribution = [1400, 900, 600, 400, 250, 180, 120, 80, 40, 30].map((devices, i) => ({
            visits: i === 9 ? '10+' : String(i + 1),
            devices,
        }));
        out.window = { from: out.from, to: out.to };
        return out;
    }

    /** Whole hours of a period, and which of them a log covers. */
    private hours(face: Face, query: URLSearchParams) {
        const from = Math.floor(Date.parse(query.get('from')!) / kHourMs) * kHourMs;
        const hours = Math.max(1, Math.round((Date.parse(query.get('to')!) - from) / kHourMs));
        const starts = Array.from({ length: hours }, (_, i) => from + i * kHourMs);
        const logged = starts.filter(start => this.plays.covers(face.id, start)).length;
        const source = logged === 0 ? 'loop' : logged === hours ? 'play_log' : 'mixed';
        return { starts, source, log_hours: logged, loop_hours: hours - logged } as const;
    }

    private played(face: Face, query: URLSearchParams): FacePlays {
        const { source, log_hours, loop_hours } = this.hours(face, query);
        const last = this.plays.of(face.id)[0];
        const named = log_hours > 0 ? ['Spring sale', 'Bank', ''] : [];
        return {
            source,
            log_hours,
            loop_hours,
            ...(last && log_hours > 0 ? { imported_at: last.made_at } : {}),
            plays: loop_hours * 360 + log_hours * 300,
            contacts: loop_hours * 324 + log_hours * 270,
            weighted_as: 'lts',
            creatives: named.map((creative, i) => ({
                creative,
                plays: log_hours * (150 - i * 50),
                airtime_s: log_hours * (1500 - i * 500),
                contacts: log_hours * (135 - i * 45),
            })),
            creatives_more: 0,
        };
    }

    private multipliers(face: Face, query: URLSearchParams): FaceMultipliers {
        const { starts, source, log_hours, loop_hours } = this.hours(face, query);
        const digital = face.medium === 'digital';
        return {
            ...this.basics(query),
            face_id: face.id,
            standing: 'modelled',
            weighted_as: 'lts',
            plays_source: source,
            log_hours,
            loop_hours,
            dooh: { id: face.id, name: face.name, venuetype: [301], venuetypetax: 5 },
            items: (digital ? starts.slice(0, 48) : []).map((start, i) => {
                const multiplier = 0.5 + ((i * 7) % 11) / 10;
                const hidden = this.suppressed() || i % 13 === 4;
                const logged = this.plays.covers(face.id, start);
                const plays = logged ? 300 : 360;
                return {
                    start: new Date(start).toISOString(),
                    end: new Date(start + kHourMs).toISOString(),
                    plays_source: logged ? 'play_log' : 'loop',
                    plays,
                    impressions: hidden ? null : Math.round(multiplier * plays),
                    contacts: hidden || !logged ? null : Math.round(multiplier * plays),
                    qty: hidden ? null : { multiplier, sourcetype: 2 },
                };
            }),
            absent: digital
                ? []
                : [{ metric: 'multiplier', why: 'this face is not digital: it has no plays' }],
            suppressed: [],
        };
    }

    private sight(face: Face, query: URLSearchParams) {
        const heading = Number(query.get('heading_deg') ?? face.heading_deg ?? 0);
        const [latitude, longitude] = [
            Number(query.get('latitude')),
            Number(query.get('longitude')),
        ];
        const ring = [[longitude, latitude]];
        for (let aside = -60; aside <= 60; aside += 10) {
            const turn = ((heading + aside) * Math.PI) / 180;
            ring.push([
                longitude + (0.00135 * Math.sin(turn)) / Math.cos((latitude * Math.PI) / 180),
                latitude + 0.00135 * Math.cos(turn),
            ]);
        }
        ring.push(ring[0]!);
        return {
            type: 'Feature',
            geometry: { type: 'Polygon', coordinates: [ring] },
            properties: {
                face_id: face.id,
                facing_deg: heading,
                half_deg: 60,
                distance_m: 150,
                distance_source: 'by_rule',
            },
        };
    }

    readonly deeds: Record<string, Deed> = {
        ...this.plays.deeds,
        list_faces: ({ params }) => [
            200,
            { items: this.faces.filter(each => each.asset_id === params['asset_id']) },
        ],
        add_face: ({ params, body }) => [201, this.add(params['asset_id']!, body as NewFace)],
        find_face: ({ params }) => [200, this.face(params['face_id'])],
        change_face: ({ params, body }) => {
            const face = this.face(params['face_id']);
            Object.assign(face, body);
            return [200, face];
        },
        retire_face: ({ params }) => {
            const face = this.face(params['face_id']);
            face.to = new Date().toISOString();
            return [200, face];
        },
        list_venue_types: () => [200, kVenues],
        list_markets: () => [200, { items: this.markets }],
        add_market: ({ body }) => {
            const given = body as NewMarket;
            if (this.markets.some(each => each.name === given.name)) {
                throw new Refusal(409, 'market_name_taken', 'you have a market of this name');
            }
            const made = { ...given, id: this.id('market') };
            this.markets.push(made);
            return [201, made];
        },
        change_market: ({ params, body }) => {
            const market = this.market(params['market_id']);
            Object.assign(market, body);
            return [200, market];
        },
        remove_market: ({ params }) => {
            const market = this.market(params['market_id']);
            this.markets = this.markets.filter(each => each !== market);
            return [204, undefined];
        },
        face_report: ({ params, query }) => [200, this.report(this.face(params['face_id']), query)],
        face_multipliers: ({ params, query }) => [
            200,
            this.multipliers(this.face(params['face_id']), query),
        ],
        face_visibility: ({ params, query }) => [
            200,
            this.sight(this.face(params['face_id']), query),
        ],
    };
}
