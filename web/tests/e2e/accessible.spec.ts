// No page has a fault that a machine can find, light or dark, wide or narrow; and none is wider
// than its screen.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { expect, signIn, test } from './fixtures';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const kPages = [
    '/',
    '/map',
    '/exposure',
    '/assets',
    '/assets?tab=sensors',
    '/assets?connect=new',
    '/settings',
    '/definitions',
];

for (const [width, height] of [
    [1440, 900],
    [390, 844],
] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
        test(`${width} px, ${colorScheme}`, async ({ page, site }) => {
            test.setTimeout(180_000);
            await page.setViewportSize({ width, height });
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            await signIn(page, site);
            for (const path of kPages) {
                await page.goto(site.url + path);
                await expect(page.locator('main#main > *').first()).toBeVisible();
                await page.waitForTimeout(1500);
                await page.evaluate(kAxe);
                const found = await page.evaluate(() =>
                    (
                        window as unknown as {
                            axe: { run(on: Document, options: object): Promise<AxeResults> };
                        }
                    ).axe.run(document, {
                        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
                    }),
                );
                const faults = found.violations.flatMap(violation =>
                    violation.nodes.map(
                        node => `${path} ${violation.id}: ${node.html.slice(0, 160)}`,
                    ),
                );
                expect(faults).toEqual([]);
                const overflow = await page.evaluate(
                    () => document.documentElement.scrollWidth - window.innerWidth,
                );
                expect(overflow, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
            }
        });
    }
}
