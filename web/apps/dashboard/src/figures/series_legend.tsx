// What the marks of a series chart mean; only those that occur.

import { bucketsOf } from './chart_marks';
import { isRunning, kCompleteFrom, kSeriesMetrics } from './series';
import type { SeriesChart } from './series';

const tones = [
    ['note', 'noted'],
    ['minor', 'slight finding'],
    ['major', 'serious finding'],
] as const;

export function SeriesLegend({ chart }: { chart: SeriesChart }) {
    const { items, before, metric } = chart;
    const running = items.some(item => isRunning(item, chart.now));
    const incomplete = items.some(
        item => !isRunning(item, chart.now) && (item.completeness ?? 1) < kCompleteFrom,
    );
    const corrected = items.some(item => item.corrected);
    const heldBack = items.some(item => kSeriesMetrics[metric].of(item) === null);
    const marks = (chart.marks ?? []).filter(mark => bucketsOf(items, mark));
    return (
        <ul className="legend">
            <li>
                <i className="key-bar" /> {kSeriesMetrics[metric].label}
            </li>
            {before && (
                <li>
                    <i className="key-line" /> {chart.previousPhrase}
                </li>
            )}
            {running && (
                <li>
                    <i className="key-bar" style={{ opacity: 0.5 }} /> still running
                </li>
            )}
            {incomplete && (
                <li>
                    <i className="key-hatch" /> less than 95 % heard
                </li>
            )}
            {corrected && (
                <li>
                    <i className="key-diamond" /> corrected by late reports
                </li>
            )}
            {tones.map(
                ([tone, words]) =>
                    marks.some(mark => mark.tone === tone) && (
                        <li key={tone}>
                            <i className="key-mark" data-tone={tone} /> {words}
                        </li>
                    ),
            )}
            {heldBack && <li>no bar: held back, fewer than 10 devices</li>}
        </ul>
    );
}
