import { expect, test } from 'vitest';
import { ApiError } from '@mobilytics/api';
import { faultsByField, sentence } from './use_form';

const kFields = { email: '', role: '', scopes: [] as string[] };

test('faults stand beside their fields', () => {
    const error = new ApiError(422, 'invalid_body', 'the body is not as the contract has it', [
        { pointer: '/email', detail: 'is no e-mail address' },
        { pointer: '/scopes/1', detail: 'is no scope' },
    ]);
    expect(faultsByField(error, kFields)).toEqual({
        faults: { email: 'Is no e-mail address.', scopes: 'Is no scope.' },
        rest: undefined,
    });
});

test('what is of no field of the form is told all the same', () => {
    const error = new ApiError(422, 'invalid_body', 'the body is not right', [
        { pointer: '/company', detail: 'is unknown' },
    ]);
    expect(faultsByField(error, kFields)).toEqual({
        faults: {},
        rest: 'The body is not right. company: is unknown',
    });
});

test('a code can be about a field', () => {
    const error = new ApiError(409, 'email_taken', 'they are here already');
    expect(faultsByField(error, kFields, { email_taken: 'email' })).toEqual({
        faults: { email: 'They are here already.' },
        rest: undefined,
    });
    expect(faultsByField(error, kFields).rest).toBe('They are here already.');
    expect(faultsByField(null, kFields)).toEqual({ faults: {}, rest: undefined });
});

test('a part of a sentence becomes one', () => {
    expect(sentence('is taken')).toBe('Is taken.');
    expect(sentence('Is it?')).toBe('Is it?');
});
