// A picture of every screen of the console shells, wide and narrow, light and dark: into
// MOBILYTICS_SCREENSHOTS.

import type { Page } from '@playwright/test';
import { expect, signIn, test, withSimulator } from './fixtures';
import { kBackoffice, kEntry, kQuality, kSettings, toTheHouse } from './screens';
import type { Screen } from './screens';

const kFolder = process.env['MOBILYTICS_SCREENSHOTS']!;
const kTallest = 2600;

for (const [width, height] of [
    [1440, 900],
    [390, 844],
] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
        test(`the shells at ${width} px, ${colorScheme}`, async ({ page }) => {
            test.setTimeout(420_000);
            await page.setViewportSize({ width, height });
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            const keep = async (name: string) => {
                await page.screenshot({ path: `${kFolder}/${name}-${width}-${colorScheme}.png` });
            };
            const look = async (url: string, screens: Screen[]) => {
                for (const { name, path, then } of screens) {
                    await page.setViewportSize({ width, height });
                    await page.goto(url + path);
                    await settled(page);
                    await then?.(page);
                    await page.waitForTimeout(450);
                    if (!then) {
                        const tall = await page.evaluate(
                            () => document.documentElement.scrollHeight,
                        );
                        await page.setViewportSize({
                            width,
                            height: Math.min(kTallest, Math.max(height, tall)),
                        });
                        await page.waitForTimeout(150);
                    }
                    await keep(name);
                }
            };
            await withSimulator('fresh', async site => {
                await signIn(page, site, '/', 'one-time');
                await keep('new-password');
                await page.getByLabel('New password').fill('a sentence of my own');
                await page.getByRole('button', { name: 'Go on' }).click();
                await expect(page.getByLabel('Your name')).toBeVisible();
                await keep('welcome');
                await page.getByLabel('Your name').fill('Ada Okafor');
                await page.getByRole('button', { name: 'Go on' }).click();
                await expect(page.getByLabel('Your password')).toBeVisible();
                await keep('welcome-email');
                await page.getByRole('button', { name: 'Later' }).click();
                await expect(page.getByRole('combobox', { name: 'Currency' })).toBeVisible();
                await keep('welcome-company');
                await page.getByRole('button', { name: 'Begin' }).click();
                await expect(page.getByTestId('first-steps')).toBeVisible();
                await page.waitForTimeout(500);
                await keep('first-steps');
            });
            await withSimulator('normal', async site => {
                await look(site.url, kEntry);
                await signIn(page, site);
                await look(site.url, kQuality);
                await look(site.url, kSettings);
                await toTheHouse(page, site.url);
                await look(site.url, kBackoffice);
            });
        });
    }
}

async function settled(page: Page) {
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await expect(page.locator('main').first()).toBeVisible();
    await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
}
