// Spans that a chart of a series shows behind its bars: what somebody noted, what was found wrong.
// The same stands in its table and in its description.

import type { Ink } from '@mobilytics/ui';

export interface ChartMark {
    from: number;
    to: number;
    /** A word or two, written into the span where there is room. */
    label: string;
    text: string;
    tone: 'note' | 'minor' | 'major';
}

interface Bucket {
    start: string;
    end: string;
}

/** The first and the last bucket that a mark touches. */
export function bucketsOf(items: Bucket[], mark: ChartMark): [number, number] | undefined {
    const touches = ({ start, end }: Bucket) =>
        Date.parse(start) < mark.to && Date.parse(end) > mark.from;
    const first = items.findIndex(touches);
    return first < 0 ? undefined : [first, items.findLastIndex(touches)];
}

/** What is marked in one bucket: "Weather: heavy snow; Gap: …". */
export function markedText(item: Bucket, marks: ChartMark[]): string {
    return marks
        .filter(mark => bucketsOf([item], mark))
        .map(({ label, text }) => `${label}: ${text}`)
        .join('; ');
}

/** Of all that is marked in the series, for its description. */
export function marksWords(items: Bucket[], marks: ChartMark[]): string {
    const told = marks.filter(mark => bucketsOf(items, mark));
    if (told.length === 0) return '';
    return ` Marked: ${told.map(({ label, text }) => `${label}, ${text.replace(/\.$/, '')}`).join('; ')}.`;
}

const kLetterPixels = 6.2;

/** As areas of the bars' own series: of another kind they would end in the middle of a bucket. */
export function markAreas(
    ink: Ink,
    items: Bucket[],
    marks: ChartMark[],
    width: number,
): object[][] {
    const colors = { note: ink.accent, minor: ink.warn, major: ink.bad };
    const pixels = width / Math.max(1, items.length);
    return marks.flatMap(mark => {
        const span = bucketsOf(items, mark);
        if (!span) return [];
        const [first, last] = span;
        const room = (last - first + 1) * pixels - 6;
        const color = colors[mark.tone];
        return [
            [
                {
                    xAxis: first,
                    itemStyle: {
                        color,
                        opacity: ink.dark ? 0.2 : 0.12,
                        borderColor: color,
                        borderWidth: 1,
                        borderType: mark.tone === 'note' ? 'solid' : 'dashed',
                    },
                    label: {
                        show: mark.label.length * kLetterPixels <= room,
                        formatter: mark.label,
                        position: 'insideTopLeft',
                        distance: 4,
                        fontSize: 10.5,
                        fontWeight: 500,
                        color,
                    },
                },
                { xAxis: last },
            ],
        ];
    });
}
