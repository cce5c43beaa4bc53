// Numbers and durations as they are read: a figure and its unit apart, so that the unit can be
// small. Nothing is rounded away that a table or a download would show: those take raw values.

export interface Shown {
    value: string;
    unit?: string;
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const fixed = [0, 1, 2].map(
    digits =>
        new Intl.NumberFormat('en-US', {
            minimumFractionDigits: digits,
            maximumFractionDigits: digits,
        }),
);

export const kNothing = '–';

export function count(value: number): string {
    return whole.format(value);
}

export function decimal(value: number, digits: 0 | 1 | 2 = 1): string {
    return fixed[digits]!.format(value);
}

/** 0.993 as 99.3: never rounded up to 100 when something is missing. */
export function percent(share: number): string {
    const hundredths = share * 100;
    if (hundredths >= 100) return '100';
    return fixed[1]!.format(Math.min(99.9, hundredths));
}

/** 83 s as "1 min 23 s"; 7 400 s as "2 h 3 min". */
export function duration(seconds: number): Shown {
    if (seconds < 10) return { value: decimal(seconds, 1), unit: 's' };
    const s = Math.round(seconds);
    if (s < 60) return { value: String(s), unit: 's' };
    if (s < 3600) {
        const rest = s % 60;
        return rest
            ? { value: `${Math.floor(s / 60)}:${String(rest).padStart(2, '0')}`, unit: 'min' }
            : { value: String(s / 60), unit: 'min' };
    }
    const minutes = Math.round(s / 60);
    if (minutes < 600) {
        const rest = minutes % 60;
        return { value: `${Math.floor(minutes / 60)}:${String(rest).padStart(2, '0')}`, unit: 'h' };
    }
    return { value: whole.format(Math.round(s / 3600)), unit: 'h' };
}

export function distance(metres: number): Shown {
    if (metres < 1000) return { value: whole.format(metres), unit: 'm' };
    const kilometres = metres / 1000;
    return { value: decimal(kilometres, kilometres < 100 ? 1 : 0), unit: 'km' };
}

/** "4 s ago": how long ago, in one unit. */
export function ago(milliseconds: number): string {
    const s = Math.max(0, Math.round(milliseconds / 1000));
    if (s < 5) return 'just now';
    if (s < 60) return `${s} s ago`;
    if (s < 3600) return `${Math.floor(s / 60)} min ago`;
    if (s < 48 * 3600) return `${Math.floor(s / 3600)} h ago`;
    return `${Math.floor(s / 86_400)} days ago`;
}

export interface Change {
    direction: 'more' | 'less' | 'same';
    /** "12 %"; or "4.2 ×" for what grew beyond all percent. */
    size: string;
}

/** Against the previous period. Undefined when there is nothing to compare with. */
export function change(current: number | null, previous: number | null): Change | undefined {
    if (current === null || previous === null || previous === 0) return undefined;
    const share = current / previous - 1;
    const percents = Math.abs(share) * 100;
    if (percents < 0.05) return { direction: 'same', size: '0 %' };
    const direction = share > 0 ? 'more' : 'less';
    if (percents >= 1000) return { direction, size: `${decimal(current / previous, 0)} ×` };
    return { direction, size: `${percents < 10 ? decimal(percents, 1) : count(percents)} %` };
}
