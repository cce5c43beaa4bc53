import { describe, expect, it } from 'vitest';
import { ago, change, count, decimal, distance, duration, percent } from './format';

describe('numbers', () => {
    it('are written in full, with a thousands sign', () => {
        expect(count(1234567.6)).toBe('1,234,568');
        expect(decimal(3.14159, 2)).toBe('3.14');
        expect(decimal(2, 1)).toBe('2.0');
    });

    it('a share is never rounded up to all of it', () => {
        expect(percent(0.99999)).toBe('99.9');
        expect(percent(1)).toBe('100');
        expect(percent(0.5)).toBe('50.0');
        expect(percent(0)).toBe('0.0');
    });

    it('durations have one unit beside the number', () => {
        expect(duration(4.26)).toEqual({ value: '4.3', unit: 's' });
        expect(duration(38.4)).toEqual({ value: '38', unit: 's' });
        expect(duration(61)).toEqual({ value: '1:01', unit: 'min' });
        expect(duration(120)).toEqual({ value: '2', unit: 'min' });
        expect(duration(7400)).toEqual({ value: '2:03', unit: 'h' });
        expect(duration(360_000)).toEqual({ value: '100', unit: 'h' });
    });

    it('distances go from metres to kilometres', () => {
        expect(distance(950)).toEqual({ value: '950', unit: 'm' });
        expect(distance(12_340)).toEqual({ value: '12.3', unit: 'km' });
        expect(distance(1_234_000)).toEqual({ value: '1,234', unit: 'km' });
    });

    it('ages are told in one unit, and never from the future', () => {
        expect(ago(-3000)).toBe('just now');
        expect(ago(12_000)).toBe('12 s ago');
        expect(ago(61_000)).toBe('1 min ago');
        expect(ago(5 * 3_600_000)).toBe('5 h ago');
        expect(ago(72 * 3_600_000)).toBe('3 days ago');
    });
});

describe('change', () => {
    it('says which way and how much', () => {
        expect(change(112, 100)).toEqual({ direction: 'more', size: '12 %' });
        expect(change(95.5, 100)).toEqual({ direction: 'less', size: '4.5 %' });
        expect(change(100, 100)).toEqual({ direction: 'same', size: '0 %' });
        expect(change(5000, 100)).toEqual({ direction: 'more', size: '50 ×' });
    });

    it('is silent when there is nothing to compare with', () => {
        expect(change(5, 0)).toBeUndefined();
        expect(change(5, null)).toBeUndefined();
        expect(change(null, 5)).toBeUndefined();
    });
});
