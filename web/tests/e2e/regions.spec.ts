// Regions: the map and its table, a file that is refused and then taken, a zone drawn by keys and
// one pasted, moving assets. On the stand-in server.

import { expect, signIn, test, withSimulator } from './fixtures';
import { faultsOf } from './page_faults';

const square = (west: number, properties: object) => ({
    type: 'Feature',
    properties,
    geometry: {
        type: 'Polygon',
        coordinates: [
            [
                [west, 41.8],
                [west + 0.05, 41.8],
                [west + 0.05, 41.85],
                [west, 41.8],
            ],
        ],
    },
});
const fileOf = (features: object[]) => ({
    name: 'wards.geojson',
    mimeType: 'application/geo+json',
    buffer: Buffer.from(JSON.stringify({ type: 'FeatureCollection', features })),
});

test('a region is chosen in the table, and told over time', async ({ page }) => {
    await withSimulator('normal', async site => {
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await signIn(page, site, '/regions');
        const table = page.getByTestId('regions-table');
        await expect(table).toContainText('All of it');
        await expect(page.locator('[data-testid=regions-map][data-idle=true]')).toBeVisible();
        await expect(page.getByTestId('regions-legend')).toContainText('held back');
        await table.getByRole('button', { name: 'Region' }).click();
        await expect(table.getByRole('columnheader', { name: /^Region/ })).toHaveAttribute(
            'aria-sort',
            'ascending',
        );
        await table.getByRole('button', { name: 'Pilsen' }).click();
        await expect(page).toHaveURL(/region=Z4/);
        await expect(page.getByTestId('panel-region-over-time')).toContainText('Pilsen');
        await page.getByRole('combobox', { name: 'What is drawn' }).first().click();
        await page.getByRole('option', { name: 'Visits per km²' }).click();
        await expect(page).toHaveURL(/shows=density/);
        expect(await faultsOf(page)).toEqual([]);
    });
});

test('a file is refused feature by feature, and taken when it is right', async ({ page }) => {
    await withSimulator('empty', async site => {
        await signIn(page, site, '/regions');
        await page.getByRole('button', { name: 'Add regions' }).click();
        const dialog = page.getByRole('dialog', { name: 'Add regions' });
        const chooser = dialog.locator('input[type=file]');
        await chooser.setInputFiles(
            fileOf([square(-87.7, { WARD: 1, NAME: 'First' }), square(-87.6, { NAME: 'Second' })]),
        );
        await expect(dialog.getByTestId('import-file')).toContainText('2 features');
        await dialog.getByRole('button', { name: 'Try it first' }).click();
        await expect(dialog.getByTestId('import-faults')).toContainText(
            '/features/1/properties/WARD',
        );
        await chooser.setInputFiles(
            fileOf([
                square(-87.7, { WARD: 1, NAME: 'First' }),
                square(-87.6, { WARD: 2, NAME: 'Second' }),
            ]),
        );
        await dialog.getByRole('button', { name: 'Try it first' }).click();
        await expect(dialog.getByTestId('import-tried')).toContainText('2 regions');
        await dialog.getByRole('button', { name: 'Add the regions' }).click();
        await expect(page.getByRole('combobox', { name: 'Set of regions' })).toHaveValue('wards');
        await expect(page.getByTestId('regions-table')).toContainText('First');
    });
});

test('bad borders are named, mended where that is asked, and told', async ({ page }) => {
    await withSimulator('empty', async site => {
        await signIn(page, site, '/regions');
        await page.getByRole('button', { name: 'Add regions' }).click();
        const dialog = page.getByRole('dialog', { name: 'Add regions' });
        const open = square(-87.7, { WARD: 1, NAME: 'First' });
        open.geometry.coordinates[0]!.pop();
        await dialog
            .locator('input[type=file]')
            .setInputFiles(fileOf([open, square(-87.6, { WARD: 2, NAME: 'Second' })]));
        await dialog.getByRole('button', { name: 'Try it first' }).click();
        await expect(dialog.getByTestId('import-faults')).toContainText(
            'a ring near -87.700000, 41.800000 (longitude, latitude) does not end where it begins',
        );
        await dialog.getByLabel('Mend borders that are not sound').check();
        await expect(dialog.getByTestId('import-faults')).toBeHidden();
        await dialog.getByRole('button', { name: 'Try it first' }).click();
        await expect(dialog.getByTestId('import-mended')).toContainText('One of them is mended');
        await expect(dialog.getByTestId('import-mended')).toContainText('area +1,763 m² (+0.01 %)');
        expect(await faultsOf(page)).toEqual([]);
        await dialog.getByRole('button', { name: 'Add the regions' }).click();
        await expect(page.getByText('2 regions are there. 1 of them mended.')).toBeVisible();
    });
});

test('a zone is drawn by keys alone, and another is pasted', async ({ page }) => {
    await withSimulator('normal', async site => {
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await signIn(page, site, '/regions');
        await page.getByRole('button', { name: 'Manage' }).click();
        await page.getByRole('menuitem', { name: 'Draw or paste a zone' }).click();
        const dialog = page.getByRole('dialog', { name: 'A zone of your own' });
        await expect(dialog.locator('[data-testid=draw-map][data-idle=true]')).toBeVisible();
        const corner = dialog.getByRole('button', { name: 'Corner at the middle' });
        const canvas = dialog.getByRole('region', { name: /arrow keys move it/ });
        for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft']) {
            await corner.press('Enter');
            await canvas.press(key);
            await page.waitForFunction(
                () => !document.querySelector('.maplibregl-map')?.classList.contains('moving'),
            );
        }
        await expect(dialog).toContainText('Click the first corner again');
        await dialog.getByRole('button', { name: 'Close it' }).press('Enter');
        await expect(dialog).toContainText('A zone of 3 corners.');
        await dialog.getByLabel('Name').fill('Drawn by keys');
        await dialog.getByRole('button', { name: 'Keep the zone' }).click();
        await expect(page.getByText('Drawn by keys is there.')).toBeVisible();

        await page.getByRole('button', { name: 'Manage' }).click();
        await page.getByRole('menuitem', { name: 'Draw or paste a zone' }).click();
        await dialog.getByText('Paste GeoJSON').click();
        await dialog.getByLabel('Name').fill('Pasted');
        await dialog.getByLabel('GeoJSON', { exact: true }).fill('{"type":');
        await dialog.getByRole('button', { name: 'Keep the zone' }).click();
        await expect(dialog.getByRole('alert')).toContainText('The file is not JSON');
        await dialog
            .getByLabel('GeoJSON', { exact: true })
            .fill(JSON.stringify(square(-87.7, {}).geometry));
        await dialog.getByRole('button', { name: 'Keep the zone' }).click();
        await expect(page.getByText('Pasted is there.')).toBeVisible();
    });
});

test('moving assets are told by zone, and from zone to zone', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/regions?tab=moving');
        await expect(page.getByTestId('panel-time-in-zones')).toContainText('Loop shuttle wrap');
        await expect(page.getByTestId('zone-matrix')).toContainText('Pilsen');
        await page.getByText('Zone after zone').click();
        await expect(page).toHaveURL(/flow=passages/);
        expect(await faultsOf(page)).toEqual([]);
    });
});

test('a store that does not answer is told, and asked again', async ({ page }) => {
    await withSimulator('failing', async site => {
        await signIn(page, site, '/regions');
        await expect(page.getByText('Regions could not be loaded')).toBeVisible();
        await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    });
});
