import { describe, expect, it } from 'vitest';
import { kPlayFileBytesMax, lookIntoPlays } from './play_files';

const look = (text: string) => lookIntoPlays(new Blob([text]), 'august.csv');

describe('a play log, before it is sent', () => {
    it('is CSV with a header, whatever it is called', async () => {
        const found = await look('\uFEFFstart,duration_s\r\n2026-08-21T17:00:00Z,10\r\n');
        expect(found).toMatchObject({ name: 'august.csv', head: 'start,duration_s' });
        expect('blob' in found && found.blob.type).toBe('text/csv');
    });
    it('is JSON lines where its first line is an object', async () => {
        const found = await look('\n{"start": "2026-08-21T17:00:00Z", "duration_s": 10}\n');
        expect('blob' in found && found.blob.type).toBe('application/x-ndjson');
    });
    it('is not empty, no workbook and not too large', async () => {
        expect(await look(' \n')).toEqual({ trouble: 'The file is empty.' });
        expect(await look('PK\u0003\u0004')).toHaveProperty('trouble');
        const large = { size: kPlayFileBytesMax + 1 } as Blob;
        expect(await lookIntoPlays(large, 'x')).toHaveProperty('trouble');
    });
});
