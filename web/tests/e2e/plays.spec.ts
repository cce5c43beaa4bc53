// A play log is tried, refused with its lines, imported, told in the report, and removed. On the
// stand-in server.

import type { Page } from '@playwright/test';
import { expect, signIn, test, withSimulator } from './fixtures';
import { faultsOf } from './page_faults';

const board = (page: Page) =>
    page.evaluate(async () => {
        const reply = await fetch('/api/v1/assets');
        const { items } = (await reply.json()) as { items: { id: string; kind: string }[] };
        return items.find(each => each.kind !== 'vehicle')!.id;
    });

const csv = (name: string, lines: string[]) => ({
    name,
    mimeType: 'text/csv',
    buffer: Buffer.from(['start,duration_s,creative', ...lines].join('\n')),
});

/** A play every ten minutes of the last two days. */
function recent(): string[] {
    const now = Math.floor(Date.now() / 600_000) * 600_000;
    return Array.from(
        { length: 288 },
        (_, i) => `${new Date(now - (288 - i) * 600_000).toISOString()},10,Bank`,
    );
}

test('a play log is tried, imported, told in the report, and removed', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets');
        const asset = await board(page);
        await page.goto(`${site.url}/assets/${asset}`);
        await expect(page.getByText('No play log yet')).toBeVisible();
        await page.getByRole('button', { name: 'Import a play log' }).click();
        const form = page.getByRole('dialog');
        await expect(form.getByRole('button', { name: 'Import' })).toBeDisabled();

        await page
            .locator('input[type=file]')
            .setInputFiles(
                csv('bad.csv', [
                    '2026-08-21T12:00:00,10,Bank',
                    '2026-08-21T12:00:10-05:00,10,Bank',
                ]),
            );
        await expect(form.getByTestId('play-file')).toContainText('bad.csv');
        await form.getByRole('button', { name: 'Try it first' }).click();
        await expect(form.getByTestId('play-faults')).toContainText('/lines/2/start');
        await expect(form.getByTestId('play-faults')).toContainText('with its offset');

        await page.locator('input[type=file]').setInputFiles(csv('august.csv', recent()));
        await expect(form.getByTestId('play-faults')).toBeHidden();
        await form.getByRole('button', { name: 'Try it first' }).click();
        await expect(form.getByTestId('play-tried')).toContainText('288 plays of 288 lines');
        expect(await faultsOf(page)).toEqual([]);
        await form.getByRole('button', { name: 'Import' }).click();
        await expect(form).toBeHidden();
        await expect(page.getByTestId('play-log')).toContainText('august.csv');
        await expect(page.getByTestId('play-log')).toContainText('288 plays of 288 lines');
        expect(await faultsOf(page)).toEqual([]);

        // The same again adds nothing.
        await page.getByRole('button', { name: 'Import a play log' }).click();
        await page.locator('input[type=file]').setInputFiles(csv('august.csv', recent()));
        await form.getByRole('button', { name: 'Import' }).click();
        await expect(form.getByTestId('play-tried')).toContainText('Nothing to add');
        await page.keyboard.press('Escape');

        await page.goto(`${site.url}/media-metrics?asset=${asset}`);
        await expect(page.getByTestId('plays-source')).toContainText('Of the play log');
        await expect(page.getByTestId('creatives')).toContainText('Spring sale');
        expect(await faultsOf(page)).toEqual([]);

        await page.goto(`${site.url}/assets/${asset}`);
        await page.getByRole('button', { name: 'Actions for august.csv' }).click();
        await page.getByRole('menuitem', { name: 'Remove…' }).click();
        await page.getByRole('button', { name: 'Remove', exact: true }).click();
        await expect(page.getByText('No play log yet')).toBeVisible();
        await page.goto(`${site.url}/media-metrics?asset=${asset}`);
        await expect(page.getByTestId('plays-source')).toContainText('no play log covers');
    });
});

test('play logs that cannot be asked for say so, and are asked again', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets');
        const asset = await board(page);
        await page.route('**/play-logs**', route =>
            route.fulfill({
                status: 503,
                contentType: 'application/problem+json',
                body: '{"status":503,"code":"store_unavailable","detail":"Try again in a moment."}',
            }),
        );
        await page.goto(`${site.url}/assets/${asset}`);
        await expect(page.getByText('The play logs').first()).toBeVisible();
        await page.unroute('**/play-logs**');
        await page.getByRole('button', { name: /again/i }).click();
        await expect(page.getByText('No play log yet')).toBeVisible();
    });
});
