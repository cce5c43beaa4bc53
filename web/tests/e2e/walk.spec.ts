// What a person does on the first day: signs in, looks at the map, changes the time, takes the
// figures away. On the real server as on the stand-in.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { ExposureSeries } from '../../packages/api/src/types';
import { readBack } from './csv';
import { expect, signIn, test } from './fixtures';

async function download(page: Page, name: string) {
    await page.getByTestId('downloads').click();
    const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByTestId(`download-${name}`).click(),
    ]);
    return readBack(readFileSync(await file.path(), 'utf8'));
}

test('signs in, and the overview says what was reached', async ({ page, site }) => {
    await page.goto(site.url);
    await expect(page).toHaveURL(/\/sign-in/);
    await signIn(page, site);
    await expect(page.getByTestId('headline')).toContainText(/visits|Nothing passed|Too few/);
    await expect(page.getByTestId('figure-visits')).toBeVisible();
    await expect(page.getByTestId('headline')).not.toContainText(/people|impressions/i);
});

test('every figure opens and tells how it came about', async ({ page, site }) => {
    await signIn(page, site);
    const figure = page.getByTestId('figure-devices');
    await figure.click();
    const card = page.getByRole('dialog');
    for (const word of ['Made from', 'As of', 'Complete', 'Certain']) {
        await expect(card.getByText(word, { exact: true })).toBeVisible();
    }
    await page.keyboard.press('Escape');
    await expect(card).toBeHidden();
    await expect(figure).toBeFocused();
});

test('assets move on the map as they are heard', async ({ page, site }) => {
    await signIn(page, site, '/map');
    const moving = page.getByTestId('asset-list').getByRole('button').filter({ hasText: 'km/h' });
    await expect(moving.first()).toBeVisible({ timeout: 60_000 });
    await moving.first().click();
    await expect(page).toHaveURL(/asset=/);
    const position = page.getByTestId('asset-panel').getByText(/\d+\.\d{5}, -?\d+\.\d{5}/);
    const before = await position.textContent();
    await expect(position).not.toHaveText(before!, { timeout: 30_000 });
    const sign = page.locator('.asset-sign[data-selected]');
    const from = await sign.boundingBox();
    // A truck may stand at a light for a while.
    await expect
        .poll(
            async () => {
                const to = await sign.boundingBox();
                return Math.hypot(to!.x - from!.x, to!.y - from!.y);
            },
            { timeout: 45_000 },
        )
        .toBeGreaterThan(2);
});

test('the range is in the address, back works, a shared link shows the same', async ({
    page,
    site,
    browser,
}) => {
    await signIn(page, site, '/exposure');
    await page.getByTestId('range').click();
    await page.getByTestId('range-today').click();
    await expect(page).toHaveURL(/range=today/);
    await expect(page.getByTestId('range')).toHaveText('Today');
    await page.getByRole('link', { name: 'Overview' }).first().click();
    await expect(page).toHaveURL(/\/\?range=today/);
    await page.goBack();
    await expect(page).toHaveURL(/exposure\?range=today/);
    await page.goBack();
    await expect(page.getByTestId('range')).toHaveText('Last 24 hours');

    const link = `${site.url}/exposure?range=custom&from=2026-08-10&to=2026-08-12&tz=Asia/Kolkata&compare=none`;
    await page.goto(link);
    await expect(page.getByTestId('range')).toContainText('10 Aug – 12 Aug');
    const other = await browser.newContext();
    const guest = await other.newPage();
    await signIn(guest, site, link.slice(site.url.length));
    await expect(guest.getByTestId('range')).toContainText('10 Aug – 12 Aug');
    await expect(guest.getByText('times in Asia/Kolkata')).toBeVisible();
    await other.close();
});

test('what is downloaded is what is on the screen and what the API says', async ({
    page,
    site,
}) => {
    await signIn(page, site, '/exposure');
    const panel = page.locator('[data-testid^="panel-visits-by-"]');
    await expect(panel).toBeVisible();
    // Facts may be committed between the questions: then all three are asked again.
    await expect(async () => {
        const kept = await download(page, 'visits-by-hour');
        expect(kept.about['basis']).toBe('devices');
        expect(kept.about['time_zone']).not.toBe('');
        // What is marked in the range, as an incident, has a column more.
        expect(kept.head.filter(name => name !== 'marked')).toEqual([
            'start',
            'end',
            'visits',
            'visits_before',
            'devices',
            'devices_low',
            'devices_high',
            'presence (device-seconds)',
            'devices_present (devices)',
            'devices_present_low',
            'devices_present_high',
            'occupancy_mean (addresses)',
            'occupancy_max (addresses)',
            'completeness (%)',
            'corrected',
        ]);
        const query = new URLSearchParams({
            from: new Date(kept.about['from']!).toISOString(),
            to: new Date(kept.about['to']!).toISOString(),
            time_zone: kept.about['time_zone']!,
            grain: 'hour',
        });
        const reply = await page.request.get(`${site.url}/api/v1/reports/exposure?${query}`);
        const series = (await reply.json()) as ExposureSeries;
        const begun = series.items.filter(item => Date.parse(item.start) < Date.now());
        expect(kept.about['synthetic']).toBe(series.synthetic ? 'yes' : 'no');
        expect(kept.rows.map(row => Date.parse(row['start']!))).toEqual(
            begun.map(item => Date.parse(item.start)),
        );
        // The hour that is running grows while we look.
        const settled = begun.slice(0, -1);
        const whole = (value: number | null) => (value === null ? '' : String(Math.round(value)));
        expect(kept.rows.slice(0, settled.length).map(row => row['visits'])).toEqual(
            settled.map(item => whole(item.visits)),
        );
        expect(kept.rows.slice(0, settled.length).map(row => row['devices'])).toEqual(
            settled.map(item => (item.devices === null ? '' : item.devices.toFixed(0))),
        );

        const toggle = panel.getByRole('button', { name: 'Show as table' });
        if ((await toggle.getAttribute('aria-pressed')) !== 'true') await toggle.click();
        const shown = await panel
            .locator('tbody tr')
            .evaluateAll(rows => rows.map(row => (row as HTMLTableRowElement).cells[2]!.innerText));
        const visits = shown.map(text => (text === 'held back' ? '' : text.replaceAll(',', '')));
        expect(visits.slice(0, settled.length)).toEqual(
            kept.rows.slice(0, settled.length).map(row => row['visits']),
        );
    }).toPass({ timeout: 45_000 });
});

test('everything by keyboard', async ({ page, site }) => {
    await signIn(page, site);
    await expect(page.getByTestId('headline')).toBeVisible();
    await page.reload();
    await expect(page.getByTestId('headline')).toBeVisible();
    await page.keyboard.press('Tab');
    await expect(page.getByText('To the content')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator('main#main')).toBeFocused();
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Find a page, an asset or an action').fill('exposure');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/exposure/);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Find a page, an asset or an action').fill('yesterday');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/range=yesterday/);
});

test('the first paint is told', async ({ page, site }) => {
    await signIn(page, site);
    const paints: number[] = [];
    for (let i = 0; i < 3; ++i) {
        await page.goto(site.url);
        await expect(page.getByTestId('headline')).toBeVisible();
        paints.push(
            await page.evaluate(
                () => performance.getEntriesByName('first-contentful-paint')[0]!.startTime,
            ),
        );
    }
    console.log(`first contentful paint: ${paints.map(Math.round).join(', ')} ms`);
    expect(paints).toHaveLength(3);
});
