// From counts by hand to published factors, on the screens: classes of sites, counts that were
// wrong, factors of a class and of all sites held beside what is published, and what of it the
// quality of a day tells. On the stand-in server.

import type { Page } from '@playwright/test';
import { expect, signIn, test, withSimulator } from './fixtures';
import type { Site } from './fixtures';
import { faultsOf } from './page_faults';

const kMinuteMs = 60_000;
const before = (minutes: number) => new Date(Date.now() - minutes * kMinuteMs).toISOString();

interface SiteItem {
    asset_id: string;
    name: string;
}

/** What the pages do not do themselves, asked of the server with their session. */
async function ask<R>(page: Page, method: 'GET' | 'POST' | 'PUT', path: string, data?: object) {
    const reply = await page.request.fetch(new URL(`/api/v1/${path}`, page.url()).href, {
        method,
        headers: { 'X-Mobilytics': '1', 'Content-Type': 'application/json' },
        ...(data ? { data } : {}),
    });
    expect(reply.ok(), `${method} ${path}: ${reply.status()}`).toBe(true);
    return (await reply.json()) as R;
}

async function siteOf(page: Page, name: string): Promise<SiteItem> {
    const { items } = await ask<{ items: SiteItem[] }>(page, 'GET', 'calibration/sites');
    return items.find(each => each.name === name)!;
}

/** Three in, one out, on a phone, from 100 minutes ago until 20 minutes ago. */
async function counted(page: Page, asset_id: string): Promise<string> {
    const { id } = await ask<{ id: string }>(page, 'POST', 'calibration/counts', {
        asset_id,
        way: 'taps',
        begun_at: before(100),
        start_occupancy: 3,
    });
    const taps = ['in', 'in', 'out', 'in'].map((kind, i) => ({
        id: `tap-0000-${i}`,
        kind,
        at: before(90 - 10 * i),
    }));
    await ask(page, 'POST', `calibration/counts/${id}/taps`, { counter: 'north door', taps });
    await ask(page, 'POST', `calibration/counts/${id}/ending`, { ended_at: before(20) });
    return id;
}

const inClass = (page: Page, name: string) => page.getByRole('list', { name: `Sites in ${name}` });
const dialog = (page: Page) => page.getByRole('dialog');

test('sites are put into classes, renamed, and leave one for another', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/calibration');
        await page.getByRole('link', { name: 'Classes of sites' }).click();
        await expect(inClass(page, 'Box trucks').getByRole('listitem')).toHaveCount(3);
        await page.getByRole('button', { name: 'Make a class' }).click();
        await dialog(page).getByRole('button', { name: 'Make it' }).click();
        const name = dialog(page).getByLabel('Name');
        await expect(name).toHaveAccessibleDescription('What are they called together?');
        await expect(name).toBeFocused();
        await name.fill('Box trucks');
        await dialog(page).getByRole('button', { name: 'Make it' }).click();
        await expect(name).toHaveAccessibleDescription('You have a class of this name already.');
        await name.fill('Vans');
        await dialog(page).getByRole('combobox', { name: 'Sites in it' }).click();
        await page.getByRole('option', { name: 'Wicker Park van (TRK-03)' }).click();
        await page.getByRole('option', { name: 'Goose Island van (TRK-10)' }).click();
        await page.keyboard.press('Tab');
        await expect(dialog(page).getByRole('status')).toContainText(
            'Wicker Park van leaves Box trucks.',
        );
        await dialog(page).getByRole('button', { name: 'Make it' }).click();
        await expect(dialog(page)).toBeHidden();
        await expect(inClass(page, 'Vans').getByRole('listitem')).toHaveText([
            'Wicker Park van',
            'Goose Island van',
        ]);
        await expect(inClass(page, 'Box trucks').getByRole('listitem')).toHaveCount(2);
        await expect(
            page.getByRole('list', { name: 'Sites in no class' }).getByText('Goose Island van'),
        ).toHaveCount(0);

        await page.getByRole('button', { name: 'Change Vans' }).click();
        await dialog(page).getByLabel('Name').fill('Small vans');
        await dialog(page).getByRole('button', { name: 'Save' }).click();
        await expect(inClass(page, 'Small vans').getByRole('listitem')).toHaveCount(2);
        await inClass(page, 'Small vans').getByRole('link', { name: 'Goose Island van' }).click();
        const uses = page.getByTestId('panel-uses');
        await expect(uses).toContainText('Its class, Small vans');
        await expect(uses).toContainText('None is published for this class.');
        await expect(uses).toContainText('Its numbers are of devices');
    });
});

test('a count that was wrong is corrected, excluded and restored, with its history', async ({
    page,
}) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/calibration');
        const { asset_id } = await siteOf(page, 'Goose Island van');
        const id = await counted(page, asset_id);
        await page.goto(`${site.url}/calibration/${asset_id}`);
        const open = page.getByRole('button', { name: /^Open the count of/ });
        await open.click();
        await expect(page).toHaveURL(new RegExp(`count=${id}`));
        const count = page.getByTestId('count');
        await expect(count).toContainText('5 people');
        await expect(count).toContainText('4 taps, by north door');

        await count.getByRole('button', { name: 'Correct…' }).click();
        await count.getByRole('button', { name: 'Correct', exact: true }).click();
        await expect(count.getByLabel('People there then')).toHaveAccessibleDescription(
            /How many were there\?/,
        );
        const when = count.getByLabel(/^When, /);
        const end = await when.inputValue();
        await when.fill(`2020${end.slice(4)}`);
        await count.getByLabel('People there then').fill('9');
        await count.getByLabel('What was wrong').fill('a group came by the side door');
        await count.getByRole('button', { name: 'Correct', exact: true }).click();
        await expect(when).toHaveAccessibleDescription(/Does not lie within the count\./);
        await when.fill(end);
        await count.getByRole('button', { name: 'Correct', exact: true }).click();
        await expect(count).toContainText('9 people');
        const history = page.getByTestId('count-history');
        await expect(history.getByRole('listitem').first()).toContainText(
            /Corrected .*Ada Okafor.*9 people at .*; at the end 5\.0 before, 9\.0 now\. A group came by the side door\./,
        );

        await count.getByRole('button', { name: 'Exclude…' }).click();
        const ask_ = page.getByRole('dialog', { name: 'Exclude this count?' });
        await expect(ask_.getByRole('button', { name: 'Exclude' })).toBeDisabled();
        await ask_.getByLabel('Why').fill('It was the wrong door');
        await ask_.getByRole('button', { name: 'Exclude' }).click();
        await expect(count).toContainText('Excluded It was the wrong door.');
        await expect(count.getByRole('button', { name: 'Correct…' })).toHaveCount(0);
        await count.getByRole('button', { name: 'Restore…' }).click();
        const restore = page.getByRole('dialog', { name: 'Restore this count?' });
        await restore.getByLabel('Why').fill('It was the right door');
        await restore.getByRole('button', { name: 'Restore' }).click();
        await expect(history.getByRole('listitem')).toHaveCount(5);
        await expect(history.getByRole('listitem').first()).toContainText(
            /^Restored .*It was the right door\.$/,
        );
        await page.keyboard.press('Escape');
        await expect(count).toBeHidden();
        await expect(open).toBeFocused();
    });
});

test('totals are typed in and changed, with their faults beside them', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/calibration');
        const { asset_id } = await siteOf(page, 'Cicero night truck');
        await page.goto(`${site.url}/calibration/${asset_id}`);
        await page.getByRole('button', { name: 'Enter totals' }).click();
        const start = page.getByLabel(/^Counted from, /);
        await start.fill('2999-01-01T09:00');
        await page.getByLabel('People, 09:15').fill('6');
        await page.getByRole('button', { name: 'Enter 1 quarters' }).click();
        await expect(page.getByLabel('People, 09:15')).toHaveAccessibleDescription(
            'Lies in the future.',
        );
        await start.fill('2026-08-20T09:00');
        await page.getByLabel('People, 09:30').fill('8');
        await page.getByRole('button', { name: 'Enter 2 quarters' }).click();
        const open = page.getByRole('button', { name: 'Open the count of 2026-08-20 09:15' });
        await open.click();
        const count = page.getByTestId('count');
        await count.getByRole('button', { name: 'Change totals…' }).click();
        await count.getByLabel('People from 2026-08-20 09:15').fill('10');
        await count.getByRole('button', { name: 'Save the totals' }).click();
        await expect(count.getByLabel('What was wrong')).toHaveAccessibleDescription(
            'What was wrong?',
        );
        await count.getByLabel('What was wrong').fill('the south door was missing');
        await count.getByRole('button', { name: 'Save the totals' }).click();
        await expect(page.getByTestId('count-history').getByRole('listitem').first()).toContainText(
            /^Totals changed .*7\.0 before, 9\.0 now, on average\. The south door was missing\.$/,
        );
    });
});

test('a factor of a class stands beside what is published, and is published', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/calibration/classes');
        await page.getByRole('button', { name: 'Fit a factor of Box trucks' }).click();
        await dialog(page).getByRole('button', { name: 'Fit', exact: true }).click();
        const model = page.getByTestId('model');
        await expect(model).toContainText('Draft, version 2');
        await expect(page.getByRole('navigation', { name: 'Calibration' })).toBeVisible();
        const side = page.getByTestId('side');
        await expect(side.getByRole('columnheader')).toHaveText([
            /Version 1.*Published/,
            /Version 2.*Draft/,
        ]);
        const line = (name: string) => side.getByRole('row', { name }).getByRole('cell');
        await expect(line('People a device')).toHaveText(['1.71', '1.67']);
        await expect(line('Counting')).toHaveText(['tracks 0', 'tracks 1']);
        await expect(line('To what is published')).toHaveText(['–', '0.98 times']);
        await model.getByText('The 36 quarters as a table').click();
        await expect(
            model.getByRole('table', { name: 'Quarters of an hour' }).getByRole('row'),
        ).toHaveCount(37);

        const from = model.getByLabel(/^From when on/);
        await from.fill('2999-01-01T00:00');
        await model.getByLabel('Why').fill('counted by the new rules');
        await model.getByRole('button', { name: 'Publish version 2' }).click();
        await expect(from).toHaveAccessibleDescription(/Lies in the future: publish it then\./);
        await from.fill('');
        await model.getByRole('button', { name: 'Publish version 2' }).click();
        await expect(model).toContainText('Published, version 2');

        // Who has none of its own uses it; who has, does not.
        await page.getByRole('link', { name: 'Sites', exact: true }).click();
        const row = page.getByRole('row', { name: /Midway courier/ });
        await expect(row).toContainText('1.67 (1.45 to 1.92)');
        await row.getByRole('link', { name: 'Midway courier' }).click();
        const uses = page.getByTestId('panel-uses');
        await expect(uses).toContainText('by the factor of its class Box trucks, version 2');
        await uses.getByText('What it used when').click();
        await expect(
            uses.getByRole('table', { name: 'Factors by time' }).getByRole('row'),
        ).toHaveCount(3);

        await page.getByRole('link', { name: 'Factors', exact: true }).first().click();
        await page.getByRole('combobox', { name: 'State' }).click();
        await page.getByRole('option', { name: 'Retired' }).click();
        await expect(page).toHaveURL(/state=retired/);
        const factors = page.getByRole('table', { name: 'Factors' });
        await expect(factors.getByRole('row')).toHaveCount(2);
        await expect(factors).toContainText('Class Box trucks');
        await expect(page.getByTestId('counting')).toContainText(
            '1 factor rests on it, 0 of them published.',
        );
    });
});

test('one of all sites is used where nothing is closer, and retired again', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/calibration/factors');
        await page.getByRole('button', { name: 'Fit a factor' }).click();
        await dialog(page).getByRole('button', { name: 'Fit', exact: true }).click();
        await expect(
            dialog(page).getByRole('combobox', { name: 'Site' }),
        ).toHaveAccessibleDescription('Which site is it?');
        await dialog(page).getByRole('combobox', { name: 'Site' }).click();
        await page.getByRole('option', { name: /^Goose Island van/ }).click();
        await dialog(page).getByRole('button', { name: 'Fit', exact: true }).click();
        await expect(dialog(page).getByRole('alert')).toContainText(
            'No quarter of an hour was counted for half at least',
        );
        await dialog(page).getByRole('combobox', { name: 'Of', exact: true }).click();
        await page.getByRole('option', { name: 'All sites' }).click();
        await dialog(page).getByRole('button', { name: 'Fit', exact: true }).click();
        const model = page.getByTestId('model');
        await expect(model).toContainText('None is published in its scope');
        await model.getByRole('button', { name: 'Publish version 1' }).click();
        await expect(model).toContainText('Published, version 1');

        const { asset_id } = await siteOf(page, 'Goose Island van');
        await page.goto(`${site.url}/assets/${asset_id}`);
        const uses = page.getByTestId('panel-uses');
        await expect(uses).toContainText(
            'Its numbers are people by the factor of all sites, version 1: it has none of its own.',
        );
        await uses.getByRole('link', { name: /version 1/ }).click();
        await model.getByRole('button', { name: 'Look for drift now' }).click();
        await expect(model.getByRole('alert')).toContainText('It cannot be said: count again');
        await model.getByRole('button', { name: 'Retire version 1…' }).click();
        await dialog(page).getByLabel('Why').fill('The sites differ too much');
        await dialog(page).getByRole('button', { name: 'Retire', exact: true }).click();
        await expect(model).toContainText('Retired, version 1');
        await page.goto(`${site.url}/assets/${asset_id}`);
        await expect(uses).toContainText('Its numbers are of devices');
    });
});

test('whoever fitted it does not publish it, where a second person is wanted', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/calibration/factors');
        const second = page.getByRole('switch', { name: 'A second person publishes' });
        await second.click();
        await expect(second).toBeChecked();
        const { asset_id } = await siteOf(page, 'Loop shuttle wrap');
        await page.goto(`${site.url}/calibration/${asset_id}`);
        await page
            .getByTestId('panel-models')
            .getByRole('button', { name: 'Fit a factor' })
            .click();
        const model = page.getByTestId('model');
        await model.getByRole('button', { name: 'Publish version 2' }).click();
        await expect(model.getByRole('alert')).toContainText('Whoever fitted a model does not');
        await model.getByRole('button', { name: 'Discard version 2…' }).click();
        await dialog(page).getByLabel('Why').fill('Only to try');
        await dialog(page).getByRole('button', { name: 'Discard', exact: true }).click();
        await expect(model).toContainText('Retired, version 2');
    });
});

test('the quality of a day tells what it is calibrated by, and that it drifts', async ({
    page,
}) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/quality?range=7d');
        const row = page.getByRole('row', { name: 'Pilsen box truck' });
        await expect(row.getByRole('rowheader')).toContainText('Calibration drifts');
        await expect(page.getByText('Calibration drifts')).toHaveCount(1);
        await row.getByRole('button').last().focus();
        await page.keyboard.press('Enter');
        const day = page.getByTestId('calibration-of-day');
        await expect(day).toContainText('Drifting');
        await expect(day).toContainText(/people were counted 13\d days before, on/);
        await expect(day).toContainText(
            'People counted later, in 12 quarters of an hour on 1 day: 162 % of what it expects; 81 to 124 % is usual.',
        );
        await page.keyboard.press('Escape');
        await page
            .getByRole('row', { name: 'Cicero night truck' })
            .getByRole('button')
            .last()
            .click();
        await expect(day).toContainText('its numbers are of devices');
        await page.keyboard.press('Escape');
        await page
            .getByRole('row', { name: 'Loop shuttle wrap' })
            .getByRole('button')
            .first()
            .click();
        await expect(day).toContainText('None was in force on this day');
    });
});

test('who only looks changes nothing', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, { ...site, email: 'priya@lakeshore.example' }, '/calibration/classes');
        await expect(inClass(page, 'Box trucks').getByRole('listitem')).toHaveCount(3);
        await expect(page.getByRole('button', { name: /^(Make|Change|Fit) / })).toHaveCount(0);
        await page.goto(`${site.url}/calibration/factors`);
        await expect(page.getByRole('table', { name: 'Factors' })).toBeVisible();
        await expect(page.getByRole('button', { name: 'Fit a factor' })).toHaveCount(0);
        await page.getByRole('link', { name: /Class Box trucks/ }).click();
        await expect(page.getByTestId('model')).toContainText('An admin or an owner retires it.');
    });
});

test('what is missing, broken or old is said', async ({ page }) => {
    await withSimulator('empty', async site => {
        await signIn(page, site, '/calibration/classes');
        await expect(page.getByText('No class yet')).toBeVisible();
        await page.getByRole('link', { name: 'Factors', exact: true }).click();
        await expect(page.getByText('No factor yet')).toBeVisible();
    });
    await withSimulator('normal', async site => {
        await page.route('**/api/v1/calibration/**', route =>
            route.fulfill({
                status: 503,
                contentType: 'application/problem+json',
                body: JSON.stringify({ status: 503, code: 'unavailable', detail: 'try later' }),
            }),
        );
        await signIn(page, site, '/calibration/classes');
        await expect(page.getByText('The classes could not be loaded')).toBeVisible();
        await page.goto(`${site.url}/calibration/factors`);
        await expect(page.getByText('The factors could not be loaded')).toBeVisible();
        await expect(page.getByText('The versions could not be loaded')).toBeVisible();
        await page.unroute('**/api/v1/calibration/**');
        await page.getByRole('button', { name: 'Try again' }).first().click();
        await expect(page.getByRole('table', { name: 'Factors' })).toBeVisible();
    });
});

async function check(page: Page, what: string) {
    await page.waitForLoadState('networkidle').catch(() => undefined);
    expect(await faultsOf(page), what).toEqual([]);
    const wider = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(wider, `${what} is wider than the screen`).toBeLessThanOrEqual(0);
}

async function walk(page: Page, site: Site) {
    await signIn(page, site, '/calibration');
    await check(page, 'sites');
    const { asset_id } = await siteOf(page, 'Loop shuttle wrap');
    const id = await counted(page, asset_id);
    const { id: model } = await ask<{ id: string }>(page, 'POST', 'calibration/models', {
        scope: 'asset',
        asset_id,
    });
    for (const path of [
        '/calibration/classes',
        '/calibration/factors',
        `/calibration/factors/${model}`,
        `/calibration/${asset_id}`,
        `/assets/${asset_id}`,
    ]) {
        await page.goto(site.url + path);
        await expect(page.locator('main#main .panel').first()).toBeVisible();
        await check(page, path);
    }
    await page.goto(`${site.url}/calibration/${asset_id}?count=${id}`);
    await page.getByTestId('count').getByRole('button', { name: 'Correct…' }).click();
    await check(page, 'a count that is corrected');
    await page.goto(`${site.url}/calibration/classes`);
    await page.getByRole('button', { name: 'Change Box trucks' }).click();
    await check(page, 'a class that is changed');
}

for (const [width, height] of [
    [1440, 900],
    [390, 844],
] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
        test(`the screens can be used by everybody, ${width} px, ${colorScheme}`, async ({
            page,
        }) => {
            await page.setViewportSize({ width, height });
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            await withSimulator('normal', site => walk(page, site));
        });
    }
}
