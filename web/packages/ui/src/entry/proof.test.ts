import { expect, it } from 'vitest';
import { proofOf } from './proof';

it('sends a code without the blanks that people type, and none where none was asked', () => {
    expect(proofOf({ password: 'a b', code: ' 246 810 ' })).toEqual({
        password: 'a b',
        code: '246810',
    });
    expect(proofOf({ password: 'a b', code: ' ' })).toEqual({ password: 'a b' });
});
