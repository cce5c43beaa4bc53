// How charts look: thin, flat, few lines; grey for the past, the accent for now, hatched where
// something was not heard.

import type { EChartsCoreOption } from 'echarts/core';
import type { Ink } from '@mobilytics/ui';
import { count } from '@mobilytics/ui';

const kFont = "'Inter Variable', system-ui, sans-serif";

export function escaped(text: string): string {
    return text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
}

export interface TipRow {
    name: string;
    value: string;
    mark?: string | undefined;
}

export function tip(title: string, rows: TipRow[], note?: string): string {
    const lines = rows.map(
        row =>
            `<div style="display:flex;gap:14px;align-items:center"><span style="flex:1;opacity:.75">${
                row.mark
                    ? `<i style="display:inline-block;width:8px;height:8px;border-radius:2px;margin-right:6px;background:${row.mark}"></i>`
                    : ''
            }${escaped(row.name)}</span><b style="font-weight:600">${escaped(row.value)}</b></div>`,
    );
    const under = note
        ? `<div style="margin-top:4px;opacity:.75;max-width:220px;white-space:normal">${escaped(note)}</div>`
        : '';
    return `<div style="font-size:12px;line-height:1.55"><div style="font-weight:600;margin-bottom:2px">${escaped(title)}</div>${lines.join('')}${under}</div>`;
}

/** What all charts share. */
export function frame(ink: Ink): EChartsCoreOption {
    return {
        textStyle: { fontFamily: kFont, fontSize: 11.5, color: ink.text2 },
        grid: { left: 4, right: 6, top: 12, bottom: 2, containLabel: true },
        tooltip: {
            trigger: 'axis',
            confine: true,
            backgroundColor: ink.surface,
            borderColor: ink.lineStrong,
            borderWidth: 1,
            padding: [8, 10],
            textStyle: { color: ink.text, fontFamily: kFont, fontSize: 12 },
            extraCssText: 'box-shadow:0 4px 16px rgba(0,0,0,.12);border-radius:8px;',
            axisPointer: { type: 'shadow', shadowStyle: { color: ink.shade } },
        },
    };
}

export function valueAxis(
    ink: Ink,
    format: (value: number) => string = compact,
): EChartsCoreOption {
    return {
        type: 'value',
        splitNumber: 4,
        axisLabel: { color: ink.text3, fontSize: 11, formatter: format },
        splitLine: { lineStyle: { color: ink.line } },
        axisLine: { show: false },
        axisTick: { show: false },
    };
}

export function wordAxis(ink: Ink, words: string[], extra: object = {}): EChartsCoreOption {
    return {
        type: 'category',
        data: words,
        axisLabel: { color: ink.text3, fontSize: 11, hideOverlap: true, ...extra },
        axisLine: { lineStyle: { color: ink.lineStrong } },
        // Not drawn; but areas begin and end at ticks, so that each word needs its own.
        axisTick: { show: false, interval: 0 },
    };
}

/** 12 500 as 12.5k, for axes only. */
export function compact(value: number): string {
    const size = Math.abs(value);
    const short = (n: number) => String(Number(n.toFixed(1)));
    if (size >= 1e6) return `${short(value / 1e6)}M`;
    if (size >= 1e4) return `${short(value / 1e3)}k`;
    return size < 10 && !Number.isInteger(value) ? short(value) : count(value);
}

/** Diagonal lines: something is missing here. Told in the legend by the same drawing. */
export function hatch(ink: Ink, color = ink.text3): object {
    const canvas = document.createElement('canvas');
    canvas.width = 6;
    canvas.height = 6;
    const pen = canvas.getContext('2d')!;
    pen.strokeStyle = color;
    pen.globalAlpha = ink.dark ? 0.5 : 0.42;
    pen.lineWidth = 1;
    for (const shift of [-6, 0, 6]) {
        pen.beginPath();
        pen.moveTo(shift, 6);
        pen.lineTo(shift + 6, 0);
        pen.stroke();
    }
    return { image: canvas, repeat: 'repeat' };
}
