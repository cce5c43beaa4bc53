// Every page of the dashboard has a way to sign out, and it ends the session: ASVS 7.4.4.

import { expect, signIn, test, withSimulator } from './fixtures';
import { kSettings } from './screens';

const kPages = [
    '/',
    '/map',
    '/exposure',
    '/metrics',
    '/regions',
    '/quality',
    '/assets',
    '/calibration',
    '/settings',
    '/definitions',
];

test('every page has a way to sign out', async ({ page }) => {
    test.setTimeout(300_000);
    await withSimulator('normal', async site => {
        await signIn(page, site);
        const paths = new Set([...kPages, ...kSettings.map(({ path }) => path.split('?')[0]!)]);
        const out = page.getByRole('menuitem', { name: 'Sign out' });
        for (const path of paths) {
            await page.goto(site.url + path);
            await expect(page.locator('main > *').first(), path).toBeVisible();
            await page.getByRole('button', { name: /You and the looks/ }).click();
            await expect(out, path).toBeVisible();
        }
        await out.click();
        await expect(page.getByLabel('E-mail')).toBeVisible();
        await page.goto(site.url + '/assets');
        await expect(page.getByLabel('E-mail')).toBeVisible();
    });
});
