// A picture of every view, wide and narrow, light and dark: into MOBILYTICS_SCREENSHOTS.

import { expect, signIn, test } from './fixtures';

const kFolder = process.env['MOBILYTICS_SCREENSHOTS']!;

const kViews = [
    ['overview', '/'],
    ['map', '/map?show=heat,routes'],
    ['exposure', '/exposure'],
    ['assets', '/assets'],
    ['sensors', '/assets?tab=sensors'],
    ['connect', '/assets?connect=new'],
    ['settings', '/settings'],
    ['definitions', '/definitions'],
] as const;

for (const [width, height] of [
    [1440, 900],
    [390, 844],
] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
        test(`pictures at ${width} px, ${colorScheme}`, async ({ page, site }) => {
            test.setTimeout(240_000);
            const keep = (name: string) =>
                page.screenshot({ path: `${kFolder}/${name}-${width}-${colorScheme}.png` });
            await page.setViewportSize({ width, height });
            await page.emulateMedia({ colorScheme });
            await page.goto(site.url);
            await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
            await keep('sign-in');
            await signIn(page, site);
            for (const [name, path] of kViews) {
                await page.setViewportSize({ width, height });
                await page.goto(site.url + path);
                await expect(page.locator('main#main > *').first()).toBeVisible();
                if (name === 'map' || name === 'overview') {
                    await expect(page.locator('[data-idle=true]')).toBeVisible({ timeout: 30_000 });
                }
                await page.waitForTimeout(1500);
                if (name !== 'map' && name !== 'connect') {
                    // As tall as the page: bars that stick then stand where they belong.
                    const tall = await page.evaluate(() => document.documentElement.scrollHeight);
                    await page.setViewportSize({
                        width,
                        height: Math.min(3000, Math.max(height, tall)),
                    });
                    await page.waitForTimeout(700);
                }
                await keep(name);
            }
            await page.setViewportSize({ width, height });
            await page.goto(`${site.url}/assets?connect=new`);
            await page.getByRole('dialog').getByText('Billboard').click();
            await expect(page.locator('[data-testid=place-map][data-idle=true]')).toBeVisible();
            await keep('place-none');
            await page.getByTestId('place-map').click({ position: { x: 150, y: 110 } });
            await page.waitForTimeout(700);
            await keep('place');
            await page.goto(`${site.url}/map`);
            if (width < 900) await page.locator('.map-grip').click();
            await page.getByTestId('asset-list').getByRole('button').first().click();
            await page.waitForTimeout(4000);
            await keep('map-asset');
        });
    }
}
