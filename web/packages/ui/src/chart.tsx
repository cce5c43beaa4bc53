// A chart that loads its library when it is first seen, follows the colour scheme and its own
// size, and is described in words for who cannot see it.

import { useEffect, useRef } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';

/** The tokens of styles.css as a chart needs them. */
export interface Ink {
    text: string;
    text2: string;
    text3: string;
    line: string;
    lineStrong: string;
    surface: string;
    accent: string;
    accentSoft: string;
    bar: string;
    good: string;
    bad: string;
    warn: string;
    shade: string;
    dark: boolean;
}

function readInk(dark: boolean): Ink {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string) => style.getPropertyValue(name).trim();
    return {
        text: token('--text'),
        text2: token('--text-2'),
        text3: token('--text-3'),
        line: token('--line'),
        lineStrong: token('--line-strong'),
        surface: token('--surface'),
        accent: token('--accent'),
        accentSoft: token('--accent-soft'),
        bar: token('--bar'),
        good: token('--good'),
        bad: token('--bad'),
        warn: token('--warn'),
        shade: token('--shade'),
        dark,
    };
}

interface ChartProps {
    option: (ink: Ink, width: number) => EChartsCoreOption;
    height: number;
    /** What there is to see, in a sentence. The figures themselves are in the table. */
    description: string;
    onClick?: (index: number) => void;
}

export function Chart({ option, height, description, onClick }: ChartProps) {
    const box = useRef<HTMLDivElement>(null);
    const chart = useRef<EChartsType>(undefined);
    const latest = useRef({ option, onClick });
    latest.current = { option, onClick };
    const dark = useComputedColorScheme('light') === 'dark';

    useEffect(() => {
        const element = box.current!;
        let gone = false;
        let watcher: ResizeObserver | undefined;
        const draw = () => {
            const made = latest.current.option(readInk(dark), element.clientWidth);
            chart.current?.setOption({ animation: false, ...made }, { notMerge: true });
        };
        void import('./echarts').then(({ init }) => {
            if (gone) return;
            chart.current = init(element, undefined, { renderer: 'canvas' });
            draw();
            chart.current.on('click', event => {
                if (typeof event.dataIndex === 'number') latest.current.onClick?.(event.dataIndex);
            });
            element.dataset['drawn'] = 'true';
            watcher = new ResizeObserver(() => {
                chart.current?.resize();
                draw();
            });
            watcher.observe(element);
        });
        return () => {
            gone = true;
            watcher?.disconnect();
            chart.current?.dispose();
            chart.current = undefined;
        };
    }, [dark]);

    useEffect(() => {
        if (!chart.current || !box.current) return;
        const made = option(readInk(dark), box.current.clientWidth);
        chart.current.setOption({ animation: false, ...made }, { notMerge: true });
    }, [option, dark]);

    return <div ref={box} role="img" aria-label={description} style={{ height, width: '100%' }} />;
}
