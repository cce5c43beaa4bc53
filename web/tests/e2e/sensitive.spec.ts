// Sensitive places: seen, marked, imported with faults named, removed; and seen alone by a viewer.

import { expect, signIn, test, withSimulator } from './fixtures';
import { faultsOf } from './page_faults';

const kPlace = {
    type: 'Polygon',
    coordinates: [
        [
            [-87.65, 41.87],
            [-87.64, 41.87],
            [-87.64, 41.88],
            [-87.65, 41.87],
        ],
    ],
};
const fileOf = (properties: object[]) => ({
    name: 'places.geojson',
    mimeType: 'application/geo+json',
    buffer: Buffer.from(
        JSON.stringify({
            type: 'FeatureCollection',
            features: properties.map(each => ({
                type: 'Feature',
                properties: each,
                geometry: kPlace,
            })),
        }),
    ),
});

test('sensitive places are listed, marked and removed', async ({ page }) => {
    await withSimulator('normal', async site => {
        await page.emulateMedia({ reducedMotion: 'reduce' });
        await signIn(page, site, '/settings/privacy?tab=sensitive');
        const table = page.getByTestId('sensitive-table');
        await expect(table).toContainText('Stroger Hospital');
        await expect(page.locator('[data-testid=sensitive-map][data-idle=true]')).toBeVisible();
        expect(await faultsOf(page)).toEqual([]);

        await page.getByRole('button', { name: 'Mark a place' }).click();
        const dialog = page.getByRole('dialog', { name: 'Mark a sensitive place' });
        await dialog.getByText('Paste GeoJSON').click();
        await dialog.getByRole('textbox', { name: 'GeoJSON' }).fill(JSON.stringify(kPlace));
        await dialog.getByLabel('Name').fill('Circuit Court');
        await dialog.getByRole('combobox', { name: 'Kind' }).click();
        await page.getByRole('option', { name: 'Court' }).click();
        await dialog.getByRole('button', { name: 'Mark the place' }).click();
        await expect(table).toContainText('Circuit Court');

        await table.getByRole('button', { name: 'Remove Circuit Court' }).click();
        const sure = page.getByRole('dialog', { name: 'Remove Circuit Court' });
        await expect(sure).toContainText('What was deleted does not come again.');
        await sure.getByRole('button', { name: 'Remove it' }).click();
        await expect(table).not.toContainText('Circuit Court');
    });
});

test('a file is refused place by place, tried, and taken', async ({ page }) => {
    await withSimulator('empty', async site => {
        await signIn(page, site, '/settings/privacy?tab=sensitive');
        await expect(page.getByText('No sensitive place is marked')).toBeVisible();
        await page.getByRole('button', { name: 'Import GeoJSON' }).click();
        const dialog = page.getByRole('dialog', { name: 'Import sensitive places' });
        const chooser = dialog.locator('input[type=file]');
        await chooser.setInputFiles(
            fileOf([
                { code: 'a', name: 'A', kind: 'school' },
                { code: 'b', name: 'B', kind: 'pub' },
            ]),
        );
        await dialog.getByRole('button', { name: 'Try it first' }).click();
        await expect(dialog.getByTestId('import-faults')).toContainText(
            '/features/1/properties/kind',
        );
        await chooser.setInputFiles(
            fileOf([
                { code: 'a', name: 'A', kind: 'school' },
                { code: 'b', name: 'B', kind: 'court' },
            ]),
        );
        await dialog.getByRole('button', { name: 'Try it first' }).click();
        await expect(dialog.getByTestId('import-tried')).toContainText('2 new');
        await dialog.getByRole('button', { name: 'Mark the places' }).click();
        await expect(page.getByTestId('sensitive-table').getByRole('row')).toHaveCount(3);
    });
});
