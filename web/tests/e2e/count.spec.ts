// People counted on a phone: the network goes and comes, the page is closed and reloaded, and no tap
// is lost or doubled. On the stand-in server.

import type { BrowserContext, Page } from '@playwright/test';
import { expect, signIn, test, withSimulator } from './fixtures';
import type { Site } from './fixtures';
import { faultsOf } from './page_faults';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

const people = (page: Page) => page.getByTestId('people');
const sent = (page: Page) => page.getByTestId('sent');

async function tap(page: Page, name: 'In' | 'Out', times: number) {
    for (let i = 0; i < times; ++i) await page.getByRole('button', { name }).tap();
}

async function begin(page: Page, site: Site) {
    await signIn(page, site, '/calibration');
    await page.goto(`${site.url}/count`);
    await page.getByLabel('Where').selectOption({ index: 1 });
    await page.getByLabel('Your name or door').fill('north door');
    await page.getByLabel('People there now').fill('3');
    await page.getByRole('button', { name: 'Begin to count' }).tap();
    await expect(people(page)).toHaveText('3');
}

/** What the server has, by its own arithmetic. */
async function counted(page: Page) {
    const reply = await page.request.get(new URL('/api/v1/calibration/counts', page.url()).href);
    const { items } = (await reply.json()) as {
        items: { id: string; people: number; taps: number; state: string }[];
    };
    return items;
}

/** Open, and closed again by whoever counts. */
async function another(context: BrowserContext, page: Page): Promise<Page> {
    const url = page.url();
    await page.close();
    const next = await context.newPage();
    await next.goto(url);
    return next;
}

test('taps survive the network, reloads and closing, and count once', async ({ context, page }) => {
    await withSimulator('normal', async site => {
        await begin(page, site);
        await expect(page.getByTestId('kept')).toHaveText(
            'This page also opens without a network.',
        );
        await tap(page, 'In', 2);
        await expect(people(page)).toHaveText('5');
        await expect(sent(page)).toHaveText('All is sent.');

        await context.setOffline(true);
        await tap(page, 'In', 9);
        await tap(page, 'Out', 3);
        await page.getByRole('button', { name: 'Undo' }).tap();
        await expect(people(page)).toHaveText('12');
        await expect(sent(page)).toContainText('13 not sent yet.');
        await expect(sent(page)).toContainText('No network');

        await page.reload();
        await expect(people(page)).toHaveText('12');
        await expect(sent(page)).toContainText('13 not sent yet.');
        const next = await another(context, page);
        await expect(people(next)).toHaveText('12');
        await tap(next, 'In', 1);

        await context.setOffline(false);
        await expect(sent(next)).toHaveText('All is sent.');
        await expect(people(next)).toHaveText('13');
        expect(await counted(next)).toMatchObject([{ people: 13, taps: 14, state: 'counting' }]);

        await context.setOffline(true);
        await tap(next, 'Out', 2);
        await next.getByRole('button', { name: 'End' }).tap();
        await next.getByRole('button', { name: 'Yes, end it' }).tap();
        await expect(next.getByText('2 not sent yet.')).toBeVisible();
        await context.setOffline(false);
        await expect
            .poll(async () => (await counted(next))[0])
            .toMatchObject({ people: 11, taps: 16, state: 'ended' });
        expect(await counted(next)).toHaveLength(1);
    });
});

test('a count that is begun without a network is merged later', async ({ context, page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/calibration');
        await page.goto(`${site.url}/count`);
        await expect(page.getByTestId('kept')).toHaveText(
            'This page also opens without a network.',
        );
        await expect(page.getByLabel('Where').locator('option')).not.toHaveCount(1);
        await context.setOffline(true);
        await page.reload();
        await page.getByLabel('Where').selectOption({ index: 2 });
        await page.getByRole('button', { name: 'Begin to count' }).tap();
        await tap(page, 'In', 4);
        await expect(sent(page)).toContainText('4 not sent yet.');
        await context.setOffline(false);
        await expect(sent(page)).toHaveText('All is sent.');
        expect(await counted(page)).toMatchObject([{ people: 4, taps: 4 }]);
    });
});

test('a session that has ended loses nothing', async ({ context, page }) => {
    await withSimulator('normal', async site => {
        await begin(page, site);
        await tap(page, 'In', 1);
        await expect(sent(page)).toHaveText('All is sent.');
        await context.clearCookies();
        await tap(page, 'In', 2);
        await expect(page.getByText('2 not sent yet. It stays on this phone')).toBeVisible();
        await page.getByRole('link', { name: 'sign in' }).tap();
        await page.getByLabel('E-mail').fill(site.email);
        await page.getByLabel('Password', { exact: true }).fill(site.password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).tap();
        await expect(people(page)).toHaveText('6');
        await expect(sent(page)).toHaveText('All is sent.');
        expect(await counted(page)).toMatchObject([{ people: 6, taps: 3 }]);
    });
});

test('the counting page can be used by everybody', async ({ page }) => {
    await withSimulator('normal', async site => {
        await begin(page, site);
        expect(await faultsOf(page)).toEqual([]);
        for (const name of ['In', 'Out']) {
            const box = (await page.getByRole('button', { name, exact: true }).boundingBox())!;
            expect(box.width).toBeGreaterThan(160);
            expect(box.height).toBeGreaterThan(240);
        }
    });
});
