import { describe, expect, it } from 'vitest';
import type { Session, Share } from '@mobilytics/api';
import { may } from './session';
import { inSight, seenWords } from './sight';

const session = (shares?: Share[]): Session =>
    ({
        user: { role: 'viewer' },
        ...(shares ? { sight: { company_id: 'company_1', company: 'Above', shares } } : {}),
    }) as Session;

describe('sight by contract', () => {
    it('limits nothing where it is one’s own company', () => {
        expect(inSight(session(), 'audit:read')).toBe(true);
    });

    it('opens what is shared, and nothing beside it', () => {
        const seen = session(['profile', 'assets']);
        expect(may(seen, 'list_assets')).toBe(true);
        expect(may(seen, 'list_devices')).toBe(true);
        expect(may(seen, 'overview')).toBe(false);
        expect(may(seen, 'list_people')).toBe(false);
        // A role that suffices is not enough.
        expect(may(session(['people']), 'list_contacts')).toBe(false);
    });

    it('opens nothing once all is withdrawn', () => {
        expect(may(session([]), 'list_assets')).toBe(false);
    });

    it('tells what is seen; that there is a name goes without saying', () => {
        expect(seenWords(['profile', 'people', 'reports'])).toEqual(['people', 'figures']);
    });
});
