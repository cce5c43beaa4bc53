// What changes the fleet: an asset retires, a sensor moves. On the stand-in server.

import type { Page } from '@playwright/test';
import { expect, signIn, test, withSimulator } from './fixtures';

async function act(page: Page, asset: string, action: string) {
    await page.getByRole('button', { name: `Actions for ${asset}` }).click();
    await page.getByRole('menuitem', { name: action }).click();
    return page.getByRole('dialog');
}

test('an asset is retired after a second thought, by keyboard', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets');
        const actions = page.getByRole('button', { name: 'Actions for Wicker Park van' });
        await actions.focus();
        await page.keyboard.press('Enter');
        // Keys that come while the menu still opens go to its button.
        await expect(async () => {
            await page.keyboard.press('ArrowDown');
            await expect(page.getByRole('menuitem', { name: 'Move its sensor…' })).toBeFocused({
                timeout: 500,
            });
        }).toPass();
        await page.keyboard.press('End');
        await expect(page.getByRole('menuitem', { name: 'Retire…' })).toBeFocused();
        await page.keyboard.press('Enter');
        const dialog = page.getByRole('dialog', { name: 'Retire Wicker Park van?' });
        await expect(dialog).toContainText('It stops counting from now');
        await expect(dialog).toContainText('Its history stays in every report');
        await expect(dialog).toContainText('sensor trk-03 is taken off');
        await expect(dialog.getByRole('button', { name: 'Keep it in service' })).toBeFocused();
        await page.keyboard.press('Escape');
        await expect(dialog).toBeHidden();
        await expect(actions).toBeFocused();
        await expect(page.getByRole('row', { name: /TRK-03/ })).toBeVisible();

        await act(page, 'Wicker Park van', 'Retire…');
        await dialog.getByRole('button', { name: 'Retire', exact: true }).click();
        await expect(dialog).toBeHidden();
        await expect(page.getByRole('row', { name: /TRK-03/ })).toHaveCount(0);
        await page.getByRole('switch', { name: 'Show 1 retired' }).click();
        await expect(page).toHaveURL(/retired=shown/);
        const row = page.getByRole('row', { name: /TRK-03/ });
        await expect(row).toContainText('Retired');
        await expect(row.getByRole('button')).toHaveCount(0);
        await page.getByRole('tab', { name: /Sensors/ }).click();
        const sensor = page.getByRole('row', { name: /sensor trk-03/ });
        await expect(sensor).toContainText('Accepted');
        await expect(sensor).not.toContainText('Wicker Park van');
    });
});

test('a retired asset leaves the map', async ({ page }) => {
    await withSimulator('normal', async site => {
        const id = 'asset_0190a000-0000-7000-8000-000000000002';
        await signIn(page, site, `/map?asset=${id}`);
        await expect(page.getByTestId('asset-panel')).toContainText('Pilsen box truck');
        const dialog = await act(page, 'Pilsen box truck', 'Retire…');
        await dialog.getByRole('button', { name: 'Retire', exact: true }).click();
        await expect(page.getByTestId('asset-panel')).toBeHidden();
        await expect(page.getByTestId('asset-list').getByRole('button')).toHaveCount(15);
    });
});

test('a retirement whose answer was lost is tried again', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets');
        let lost = true;
        await page.route('**/retirement', async route => {
            if (!lost) return route.continue();
            lost = false;
            await route.fetch();
            await route.abort();
        });
        const dialog = await act(page, 'Wicker Park van', 'Retire…');
        await dialog.getByRole('button', { name: 'Retire', exact: true }).click();
        await expect(dialog.getByRole('alert')).toHaveText('The server cannot be reached.');
        await dialog.getByRole('button', { name: 'Try again' }).click();
        await expect(dialog).toBeHidden();
        await expect(page.getByRole('row', { name: /TRK-03/ })).toHaveCount(0);
    });
});

test('a sensor is moved to another asset', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets');
        const dialog = await act(page, 'Wicker Park van', 'Move its sensor…');
        await dialog.getByLabel('To which asset?').fill('Fulton');
        await page.getByRole('option', { name: 'Fulton Market corner (SCR-06)' }).click();
        await expect(dialog).toContainText(
            'From now on what sensor trk-03 hears counts for Fulton Market corner.',
        );
        await expect(dialog).toContainText('What it heard before stays with Wicker Park van');
        await dialog.getByRole('button', { name: 'Move it' }).click();
        await expect(dialog).toBeHidden();
        await expect(page.getByRole('row', { name: /SCR-06/ })).toContainText('sensor trk-03');
        await expect(page.getByRole('row', { name: /TRK-03/ })).toContainText('Connect one');
    });
});

test('a sensor is taken off; a board is put up elsewhere', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets');
        let dialog = await act(page, 'Wicker Park van', 'Take its sensor off…');
        await expect(dialog).toContainText('What it has heard until now stays with');
        await dialog.getByRole('button', { name: 'Take it off' }).click();
        await expect(page.getByRole('row', { name: /TRK-03/ })).toContainText('Connect one');

        dialog = await act(page, 'Fulton Market corner', 'Change where it stands…');
        const here = dialog.getByRole('button', { name: 'It stands here now' });
        await expect(here).toBeDisabled();
        await dialog.getByLabel('Latitude').fill('91');
        await here.click();
        await expect(dialog.getByLabel('Latitude')).toBeFocused();
        await dialog.getByLabel('Latitude').fill('41.9');
        await dialog.getByLabel('Longitude').fill('-87.65');
        const asked = page.waitForRequest('**/positions');
        await here.click();
        expect((await asked).postDataJSON()).toEqual({ latitude: 41.9, longitude: -87.65 });
        await expect(dialog).toBeHidden();
        dialog = await act(page, 'Fulton Market corner', 'Change where it stands…');
        await expect(dialog).toContainText('Where it stood');
        await expect(dialog).toContainText('41.90000, -87.65000');
        await page.keyboard.press('Escape');
        // A vehicle stands nowhere for good.
        await page.getByRole('button', { name: 'Actions for Wicker Park van' }).click();
        await expect(page.getByRole('menuitem', { name: 'Retire…' })).toBeVisible();
        await expect(page.getByRole('menuitem', { name: 'Change where it stands…' })).toHaveCount(
            0,
        );
    });
});

test('a time that cannot be is told beside its field', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets?tab=sensors&tz=UTC');
        await page.getByRole('button', { name: 'Move sensor trk-03' }).click();
        const dialog = page.getByRole('dialog', { name: 'Move sensor trk-03' });
        await dialog.getByLabel('To which asset?').fill('Fulton');
        await page.getByRole('option', { name: /Fulton Market corner/ }).click();
        await dialog.getByText('It was moved earlier').click();
        const since = dialog.getByLabel('Since', { exact: true });
        await since.fill('2999-01-01T10:00');
        await expect(since).toHaveAccessibleDescription(/That is not yet/);
        await expect(dialog.getByRole('button', { name: 'Move it' })).toBeDisabled();
        await since.fill('1969-12-31T10:00');
        await dialog.getByRole('button', { name: 'Move it' }).click();
        await expect(since).toHaveAccessibleDescription(/this sensor was put on an asset at 1970/);
        await since.fill('2026-08-20T10:00');
        const asked = page.waitForRequest('**/attachments');
        await dialog.getByRole('button', { name: 'Move it' }).click();
        expect((await asked).postDataJSON()).toEqual({
            device_id: 'device_0190b000-0000-7000-8000-000000000003',
            from: '2026-08-20T10:00:00.000Z',
        });
        await expect(dialog).toBeHidden();
        await expect(page.getByRole('row', { name: /sensor trk-03/ })).toContainText(
            'Fulton Market corner',
        );
    });
});
