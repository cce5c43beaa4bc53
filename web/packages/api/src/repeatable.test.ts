import { describe, expect, it } from 'vitest';
import type { Name, Reply, Given } from './client';
import { ApiError } from './problem';
import { freshKey, repeatable } from './repeatable';

/** A call that answers from a list, and remembers with which keys it was asked. */
function answering(...answers: (object | Error)[]) {
    const keys: string[] = [];
    const call = <N extends Name>(_: N, sent: Given<N>): Promise<Reply<N>> => {
        keys.push(sent.key!);
        const answer = answers.shift();
        return answer instanceof Error
            ? Promise.reject(answer)
            : Promise.resolve(answer as Reply<N>);
    };
    return { ask: repeatable(call), keys };
}

const claim = (name: string) => ['create_claim', { body: { name } }] as const;
const code = (error: unknown) => (error as ApiError).code;

describe('what creates', () => {
    it('has a UUID of version 4', () => {
        expect(freshKey()).toMatch(
            /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        expect(freshKey()).not.toBe(freshKey());
    });

    it('keeps its key while nobody knows whether it was done', async () => {
        const { ask, keys } = answering(
            new ApiError(0, 'unreachable', ''),
            new ApiError(503, 'store_unavailable', ''),
            new ApiError(409, 'still_running', ''),
            { id: 'claim_1' },
        );
        expect(await ask(...claim('a')).catch(code)).toBe('unreachable');
        expect(await ask(...claim('a')).catch(code)).toBe('store_unavailable');
        expect(await ask(...claim('a')).catch(code)).toBe('still_running');
        expect(await ask(...claim('a'))).toEqual({ id: 'claim_1' });
        expect(new Set(keys).size).toBe(1);
    });

    it('has one key for two clicks', async () => {
        const { ask, keys } = answering({ id: 1 }, { id: 1 });
        await Promise.all([ask(...claim('a')), ask(...claim('a'))]);
        expect(keys[0]).toBe(keys[1]);
    });

    it('takes another after an answer, a refusal too, and for other content', async () => {
        const { ask, keys } = answering(
            { id: 1 },
            new ApiError(409, 'asset_code_taken', ''),
            new ApiError(0, 'unreachable', ''),
            { id: 2 },
            { id: 3 },
        );
        await ask(...claim('a'));
        expect(await ask(...claim('a')).catch(code)).toBe('asset_code_taken');
        expect(await ask(...claim('a')).catch(code)).toBe('unreachable');
        await ask(...claim('b'));
        await ask('attach_device', { params: { asset_id: 'x' }, body: { device_id: 'y' } });
        expect(new Set(keys).size).toBe(5);
    });
});
