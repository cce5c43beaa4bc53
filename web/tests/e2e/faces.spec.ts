// A face is written down, drawn, measured; a market is chosen; a multiplier is copied. On the
// stand-in server.

import { expect, signIn, test, withSimulator } from './fixtures';
import { faultsOf } from './page_faults';

test('a face is added to an asset, and its faults stand beside their fields', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets');
        await page
            .getByRole('button', { name: /^Actions for/ })
            .first()
            .click();
        await page.getByRole('menuitem', { name: 'Its faces' }).click();
        await expect(page.getByText('No face yet')).toBeVisible();
        await page.getByRole('button', { name: 'Add a face' }).click();
        const form = page.getByRole('dialog');
        await form.getByLabel('Name').fill('East');
        await form.getByLabel('Width').fill('wide');
        await form.getByRole('button', { name: 'Add' }).click();
        await expect(form.getByLabel('Width')).toHaveAccessibleDescription(/no number/);
        await expect(form.getByLabel('Height', { exact: true })).toHaveAccessibleDescription(
            /how large/,
        );
        await form.getByLabel('Width').fill('0');
        await form.getByLabel('Height', { exact: true }).fill('3');
        await form.getByRole('button', { name: 'Add' }).click();
        await expect(form.getByLabel('Width')).toHaveAccessibleDescription(/above 0/);
        await form.getByLabel('Width').fill('6');
        await form.getByRole('button', { name: 'Add' }).click();
        await expect(form).toBeHidden();
        await expect(page.getByRole('link', { name: /East/ })).toBeVisible();
        await page.getByRole('button', { name: 'Actions for East' }).click();
        await page.getByRole('menuitem', { name: 'Retire…' }).click();
        await page.getByRole('button', { name: 'Retire', exact: true }).click();
        await expect(page.getByText('Retired', { exact: true })).toBeVisible();
        expect(await faultsOf(page)).toEqual([]);
    });
});

test('the metrics of a face: factors, R x F = I, points of a market, a multiplier', async ({
    page,
}) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/markets');
        await page.getByRole('button', { name: 'Add a market' }).click();
        const form = page.getByRole('dialog');
        await form.getByLabel('Name').fill('Gary');
        await form.getByLabel('Population').fill('69093');
        await form.getByLabel('Source').fill('US Census');
        await form.getByLabel('Year').fill('2020');
        await form.getByRole('button', { name: 'Add' }).click();
        await expect(page.getByText('69,093 persons')).toBeVisible();

        const board = await page.evaluate(async () => {
            const reply = await fetch('/api/v1/assets');
            const { items } = (await reply.json()) as { items: { id: string; kind: string }[] };
            return items.find(each => each.kind !== 'vehicle')!.id;
        });
        await page.goto(`${site.url}/media-metrics?asset=${board}`);
        await expect(page.getByTestId('identity')).toHaveText(
            'Reach 4,000 × frequency 3 = 12,000 OTS impressions',
        );
        await expect(page.getByTestId('metric-lts')).toContainText('10,432');
        await expect(page.getByTestId('metric-grp')).toContainText('choose a market');
        await page.getByRole('combobox', { name: 'Market' }).click();
        await page.getByRole('option', { name: 'Gary' }).click();
        await expect(page.getByTestId('metric-grp')).toContainText('17.37');
        await page.getByLabel('Currency').fill('eur');
        await page.getByLabel('Cost').fill('1200');
        await expect(page.getByTestId('metric-cpm')).toContainText('100.00 EUR');
        await expect(page.getByTestId('rtb')).toContainText('"multiplier"');
        await page.getByTestId('metric-lts').getByRole('link').click();
        await expect(page).toHaveURL(/\/definitions.*#lts/);
    });
});

test('few devices are held back, and an asset without a face says what to do', async ({ page }) => {
    await withSimulator('suppressed', async site => {
        await signIn(page, site, '/media-metrics');
        await expect(page.getByText('This asset has no face yet')).toBeVisible();
        const board = await page.evaluate(async () => {
            const reply = await fetch('/api/v1/assets');
            const { items } = (await reply.json()) as { items: { id: string; kind: string }[] };
            return items.find(each => each.kind !== 'vehicle')!.id;
        });
        await page.goto(`${site.url}/media-metrics?asset=${board}`);
        await expect(
            page.getByText('Held back: fewer than 10 devices in this period.'),
        ).toBeVisible();
    });
});
