// No page has a fault that a machine can find, light or dark, wide or narrow; and none is wider
// than its screen.

import { expect, signIn, test } from './fixtures';
import { faultsOf } from './page_faults';

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
                expect(await faultsOf(page), path).toEqual([]);
                const overflow = await page.evaluate(
                    () => document.documentElement.scrollWidth - window.innerWidth,
                );
                expect(overflow, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
            }
        });
    }
}
