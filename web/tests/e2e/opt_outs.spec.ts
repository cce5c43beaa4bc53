// Opt-outs: an address is entered, found and taken off; what cannot be opted out is refused in words.

import { expect, signIn, test, withSimulator } from './fixtures';

const kPath = '/settings/privacy?tab=opt-outs';

test('opt-outs: an address is entered, found and taken off, and never shown', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, kPath);
        await expect(page.getByTestId('followers')).toContainText(/\d+ of \d+ follow/);
        const table = page.getByTestId('table-opt-outs');
        await expect(table.getByRole('row')).toHaveCount(4);
        const field = page.getByLabel('Address of the device');
        await field.fill('a4:83:e7:0a:0b:0c');
        await page.getByRole('button', { name: 'Is it on the list?' }).click();
        await expect(page.getByText('This address is not on the list.')).toBeVisible();
        await expect(field).toHaveValue('');
        await field.fill('A4-83-E7-0A-0B-0C');
        await page.getByRole('button', { name: 'Put it on the list' }).click();
        await expect(page.getByText(/^It is on the list, as/)).toBeVisible();
        await expect(table.getByRole('row')).toHaveCount(5);
        await field.fill('a483e70a0b0c');
        await page.getByRole('button', { name: 'Is it on the list?' }).click();
        await page.getByRole('button', { name: 'Take it off' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click();
        await expect(table.getByRole('row')).toHaveCount(4);
        await expect(page.locator('body')).not.toContainText(/0a[:-]?0b[:-]?0c/i);
    });
});

test('opt-outs: what changes by itself is refused beside its field', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, kPath);
        const field = page.getByLabel('Address of the device');
        await field.fill('a6:83:e7:0a:0b:0c');
        await page.getByRole('button', { name: 'Put it on the list' }).click();
        await expect(page.getByText(/made up and changes by itself/)).toBeVisible();
        await expect(field).toHaveValue('a6:83:e7:0a:0b:0c');
        await expect(field).toBeFocused();
    });
});

test('opt-outs: nobody is on it yet', async ({ page }) => {
    await withSimulator('empty', async site => {
        await signIn(page, site, kPath);
        await expect(page.getByText('Nobody has opted out')).toBeVisible();
    });
});

test('opt-outs: where the list cannot be asked for, that is said', async ({ page }) => {
    await withSimulator('normal', async site => {
        await page.route('**/api/v1/privacy/opt-outs*', route =>
            route.fulfill({
                status: 503,
                contentType: 'application/problem+json',
                body: JSON.stringify({ status: 503, code: 'unavailable', detail: 'try later' }),
            }),
        );
        await signIn(page, site, kPath);
        await expect(page.getByRole('button', { name: /again/i }).first()).toBeVisible();
        await expect(page.getByLabel('Address of the device')).toHaveCount(0);
    });
});
