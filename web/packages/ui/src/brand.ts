// A company's own accent colour, made fit to be read: whatever it is, text and buttons keep the
// contrast that WCAG 2.2 AA asks for, in light and in dark.

import type { MantineColorsTuple } from '@mantine/core';

type Rgb = [number, number, number];

/** As in styles.css: what accents stand on. */
export const kSurfaces = { light: '#ffffff', dark: '#17171b' } as const;
export const kContrastMin = 4.5;

export function isColour(text: string): boolean {
    return /^#[0-9a-f]{6}$/i.test(text);
}

function rgb(hex: string): Rgb {
    return [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16)) as Rgb;
}

function hex(colour: Rgb): string {
    const part = (value: number) =>
        Math.round(Math.min(255, Math.max(0, value)))
            .toString(16)
            .padStart(2, '0');
    return `#${colour.map(part).join('')}`;
}

/** Relative luminance. Source: WCAG 2.2. */
function luminance(colour: string): number {
    const [r, g, b] = rgb(colour).map(value => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as Rgb;
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** 1 to 21. */
export function contrast(one: string, other: string): number {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [
        number,
        number,
    ];
    return (high + 0.05) / (low + 0.05);
}

function mixed(colour: string, other: string, share: number): string {
    const [from, to] = [rgb(colour), rgb(other)];
    return hex(from.map((value, i) => value + (to[i]! - value) * share) as Rgb);
}

/** The colour, or the nearest of its kind that can be read on the surface. */
export function readableOn(colour: string, surface: string, least = kContrastMin): string {
    const towards = luminance(surface) > 0.2 ? '#000000' : '#ffffff';
    for (let step = 0; step <= 50; ++step) {
        const tried = mixed(colour, towards, step / 50);
        if (contrast(tried, surface) >= least) return tried;
    }
    return towards;
}

/** White, or black, whichever reads better on the colour. */
export function inkOn(colour: string): string {
    return contrast('#ffffff', colour) >= kContrastMin ? '#ffffff' : '#19191d';
}

export interface Accent {
    light: string;
    dark: string;
    /** On which surfaces the colour as it was given could not be read. */
    changed: ('light' | 'dark')[];
}

export function accentOf(colour: string): Accent {
    const light = readableOn(colour, kSurfaces.light);
    const dark = readableOn(colour, kSurfaces.dark);
    const changed: Accent['changed'] = [];
    if (light.toLowerCase() !== colour.toLowerCase()) changed.push('light');
    if (dark.toLowerCase() !== colour.toLowerCase()) changed.push('dark');
    return { light, dark, changed };
}

/** Ten shades for Mantine; the seventh is what buttons are filled with. */
export function shadesOf(colour: string): MantineColorsTuple {
    const base = readableOn(colour, kSurfaces.light);
    const lighter = [0.93, 0.86, 0.7, 0.52, 0.36, 0.16].map(share => mixed(base, '#ffffff', share));
    const darker = [0.16, 0.3, 0.44].map(share => mixed(base, '#000000', share));
    return [...lighter, base, ...darker] as unknown as MantineColorsTuple;
}

/** The tokens of styles.css, and those of Mantine, that an accent changes. */
export function accentStyle(colour: string): string {
    const { light, dark } = accentOf(colour);
    const shades = shadesOf(colour).map((shade, i) => `--mantine-color-accent-${i}:${shade};`);
    return (
        `:root{--accent:${light};--accent-soft:${mixed(light, '#ffffff', 0.92)};--bar:${light};` +
        `${shades.join('')}}:root[data-mantine-color-scheme='dark']{--accent:${dark};` +
        `--accent-soft:${mixed(dark, '#111114', 0.84)};--bar:${dark}}`
    );
}
