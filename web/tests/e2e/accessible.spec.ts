// No page has a fault that a machine can find, light or dark, wide or narrow; and none is wider
// than its screen.

import type { Page } from '@playwright/test';
import { expect, signIn, test, withSimulator } from './fixtures';
import { faultsOf } from './page_faults';
import { kBackoffice, kEntry, kQuality, kSettings, toTheHouse } from './screens';
import type { Screen } from './screens';

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

async function check(page: Page, url: string, screens: Screen[]) {
    for (const { name, path, then } of screens) {
        await page.goto(url + path);
        await expect(page.locator('main > *').first()).toBeVisible();
        await page.waitForLoadState('networkidle').catch(() => undefined);
        await then?.(page);
        await page.waitForTimeout(400);
        expect(await faultsOf(page), name).toEqual([]);
        const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - window.innerWidth,
        );
        expect(overflow, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
    }
}

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
                expect(await faultsOf(page), path).toEqual([]);
                const overflow = await page.evaluate(
                    () => document.documentElement.scrollWidth - window.innerWidth,
                );
                expect(overflow, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
            }
        });
        test(`the shells at ${width} px, ${colorScheme}`, async ({ page }) => {
            test.setTimeout(300_000);
            await page.setViewportSize({ width, height });
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            await withSimulator('normal', async site => {
                await check(page, site.url, kEntry);
                await signIn(page, site);
                await check(page, site.url, kQuality);
                await check(page, site.url, kSettings);
                await toTheHouse(page, site.url);
                await check(page, site.url, kBackoffice);
            });
            // A brand of one's own keeps to it too.
            await withSimulator('normal', async site => {
                await signIn(page, site, '/settings/company');
                await page.getByLabel('Accent colour').fill('#ffe100');
                await page.keyboard.press('Escape');
                await page.getByRole('button', { name: 'Save' }).nth(1).click();
                await expect(page.getByRole('button', { name: 'Save' }).nth(1)).toBeDisabled();
                await check(page, site.url, [
                    { name: 'yellow, people', path: '/settings/people' },
                    { name: 'yellow, overview', path: '/' },
                ]);
            });
        });
    }
}
