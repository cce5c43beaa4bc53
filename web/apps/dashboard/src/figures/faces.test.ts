import { describe, expect, it } from 'vitest';
import type { FaceMultipliers, FaceReport } from '@mobilytics/api';
import { faceBody, faceFaults, faceText, minorOf, moneyText, openRtb, waterfall } from './faces';

describe('a face', () => {
    it('is sent without what was left empty or does not belong', () => {
        const text = {
            ...faceText(),
            name: ' North ',
            width_m: '6',
            height_m: '3,5',
            obstruction: '10',
            heading_deg: '350',
            speed_kmh: '50',
            loop_s: '60',
        };
        expect(faceBody(text, false)).toEqual({
            name: 'North',
            side: 'front',
            medium: 'printed',
            lit: 'none',
            width_m: 6,
            height_m: 3.5,
            heading_deg: 350,
            obstruction: 0.1,
            speed_kmh: 50,
            speed_source: 'limit',
        });
        expect(faceBody(text, true)).toEqual({
            name: 'North',
            side: 'front',
            medium: 'printed',
            lit: 'none',
            width_m: 6,
            height_m: 3.5,
            obstruction: 0.1,
        });
    });

    it('comes back from the form as it was', () => {
        const face = {
            name: 'A',
            side: 'left',
            medium: 'digital',
            width_m: 6,
            height_m: 3,
            lit: 'hours',
            lit_from: '18:00',
            lit_to: '02:00',
            loop_s: 60,
            spot_s: 10,
            slots: 6,
            venue_type: 301,
        } as const;
        expect(faceBody(faceText(face), false)).toEqual(face);
    });

    it('tells what is no number', () => {
        expect(faceFaults({ ...faceText(), name: 'A', width_m: 'wide', height_m: '' })).toEqual({
            width_m: 'This is no number.',
            height_m: 'Say how large it is.',
        });
    });
});

describe('the way from OTS to LTS', () => {
    const figure = (metric: string, value: number) => ({
        metric,
        value,
        standing: 'observed',
        counted: 'devices',
    });
    const report = {
        figures: [figure('ots', 80), figure('lts', 54)],
        factors: [
            { id: 'obstruction', value: 0.9, inputs: [] },
            { id: 'illumination', value: 0.75, inputs: [] },
        ],
    } as unknown as FaceReport;

    it('goes factor by factor', () => {
        expect(waterfall(report).map(({ id, after }) => [id, after])).toEqual([
            ['ots', 80],
            ['obstruction', 72],
            ['illumination', 54],
            ['lts', 54],
        ]);
    });

    it('is not there without its end', () => {
        expect(waterfall({ ...report, figures: report.figures.slice(0, 1) })).toEqual([]);
    });
});

it('a multiplier is copied whole', () => {
    const report = {
        dooh: { id: 'face_1', name: 'North', venuetype: [301], venuetypetax: 5 },
        items: [
            { start: '2026-08-21T17:00:00.000000Z', qty: { multiplier: 0.327654, sourcetype: 2 } },
        ],
    } as unknown as FaceMultipliers;
    expect(JSON.parse(openRtb(report, 0))).toEqual({
        imp: [{ id: '1', qty: { multiplier: 0.327654, sourcetype: 2 }, dt: 1787331600000 }],
        dooh: { id: 'face_1', name: 'North', venuetype: [301], venuetypetax: 5 },
    });
});

it('money is whole coins of its currency', () => {
    expect(minorOf('1200,50', 'EUR')).toBe(120050);
    expect(minorOf('1200', 'JPY')).toBe(1200);
    expect(minorOf('', 'EUR')).toBeUndefined();
    expect(minorOf('-1', 'EUR')).toBeUndefined();
    expect(minorOf('1', 'euro')).toBeUndefined();
    expect(moneyText({ minor: 120050, currency: 'EUR' })).toBe('1200.50 EUR');
    expect(moneyText({ minor: 1200, currency: 'JPY' })).toBe('1200 JPY');
});
