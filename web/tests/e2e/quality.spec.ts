// How far figures may be trusted: the grid of days, one of them, and what people note beside them.
// On the stand-in server.

import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, signIn, test, withSimulator } from './fixtures';

const row = (page: Page, name: string) => page.getByRole('row', { name });

test('the grid is walked by keys, ordered, filtered, and taken away', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/quality?range=7d');
        const cells = row(page, 'Loop shuttle wrap').getByRole('gridcell');
        await expect(cells).toHaveCount(7);
        await expect(row(page, 'Fulton Market corner')).toContainText('no sensor');

        // One stop for the tab key; from there by arrows.
        await cells.last().getByRole('button').focus();
        await page.keyboard.press('ArrowLeft');
        await expect(page.locator('.quality-cell:focus')).toHaveAccessibleName(
            /^Loop shuttle wrap, .*: fair, .* heard, spike/,
        );
        await page.keyboard.press('ArrowDown');
        await page.keyboard.press('ArrowDown');
        const stuck = page.locator('.quality-cell:focus');
        await expect(stuck).toHaveAccessibleName(/^Wicker Park van, .*: poor, .*stuck count/);
        await expect(page.locator('.quality-tip')).toContainText('Stuck count');
        await expect(page.locator('.quality-cell[tabindex="0"]')).toHaveCount(1);
        await page.keyboard.press('Control+Home');
        await expect(cells.first().getByRole('button')).toBeFocused();

        await page.getByText('Worst first').click();
        await expect(page).toHaveURL(/order=worst/);
        await expect(page.getByRole('rowheader').first()).toContainText('1 poor');
        await page.getByRole('combobox', { name: 'Only assets with' }).click();
        await page.getByRole('option', { name: 'Far from usual' }).click();
        await expect(page.getByRole('rowheader')).toHaveCount(3);
        await expect(page).toHaveURL(/finding=jump/);

        const loading = page.waitForEvent('download');
        await page.getByRole('button', { name: 'Download CSV of this' }).click();
        const file = readFileSync(await (await loading).path(), 'utf8');
        const lines = file.split('\r\n').filter(line => line && !line.startsWith('#'));
        expect(lines[0]).toBe(
            'code,asset,day,grade,completeness (%),corrected,change (ratio),usual_days,' +
                'sisters_change (ratio),findings',
        );
        expect(lines).toHaveLength(1 + 3 * 7);
        expect(lines.filter(line => line.includes('jump minor'))).toHaveLength(3);

        await page.goto(`${site.url}/quality?range=custom&from=2026-05-01&to=2026-07-31`);
        await expect(page.getByTestId('panel-quality')).toContainText('its last 35 days');
        await expect(row(page, 'Loop shuttle wrap').getByRole('gridcell')).toHaveCount(35);
    });
});

test('a day tells what was found and what to do, and leads on', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/quality?range=7d');
        const gap = row(page, 'Pilsen box truck').getByRole('button', { name: /: poor/ });
        await gap.focus();
        await page.keyboard.press('Enter');
        const day = page.getByTestId('quality-day');
        await expect(day).toContainText('Not heard from 09:00 to 13:00: 3:54 h are missing.');
        await expect(day).toContainText('Look at the power and the network');
        await expect(day).toContainText(/usual, by \d+ days like it/);
        const chart = day.getByRole('img', { name: /Bar chart of visits by hour, 24 bars/ });
        await expect(chart).toHaveAccessibleName(/Marked: Gap, Not heard from 09:00 to 13:00/);
        await day.getByRole('button', { name: 'Show as table' }).click();
        await expect(day.getByRole('row', { name: /^\S+T10:00:00/ })).toContainText(
            'Gap: Not heard',
        );

        await page.getByRole('button', { name: 'The day after' }).click();
        await expect(day).toContainText('Nothing was found.');
        await page.keyboard.press('Escape');
        await expect(day).toBeHidden();
        await expect(page.locator('.quality-cell:focus')).toHaveAccessibleName(
            /^Pilsen box truck, .*: good/,
        );

        // What is not told, and why.
        await row(page, 'Michigan and Randolph').getByRole('button').nth(1).click();
        await expect(day).toContainText('Too few to judge');
        await page.keyboard.press('Escape');
        await row(page, 'Eisenhower at Ashland').getByRole('button').nth(1).click();
        await expect(day).toContainText('Held back: it rests on fewer than 10 visits');
        await day.getByRole('link', { name: 'Exposure of this day' }).click();
        await expect(page).toHaveURL(/\/exposure\?.*range=custom.*assets=asset_/);
        await expect(page.getByRole('button', { name: 'Assets: BB-02' })).toBeVisible();
    });
});

test('a note is made, mended and removed; charts show it until it is hidden', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/quality?range=7d');
        const notes = page.getByTestId('notes');
        await expect(notes.getByRole('listitem')).toHaveCount(2);
        await notes.getByRole('button', { name: 'Add a note' }).click();
        const dialog = page.getByRole('dialog');
        const [from, until] = [dialog.getByLabel('From'), dialog.getByLabel('Until')];
        const first = await from.inputValue();
        await until.fill(first);
        await dialog.getByRole('button', { name: 'Add', exact: true }).click();
        await expect(dialog.getByLabel('What happened')).toHaveAccessibleDescription(
            'Is to say what happened.',
        );
        await expect(until).toHaveAccessibleDescription('Is to be later than from.');
        await dialog.getByLabel('What happened').fill('Marathon');
        await until.fill(first.replace('T00:00', 'T12:00'));
        await dialog.getByRole('combobox', { name: 'Kind' }).click();
        await page.getByRole('option', { name: 'Event' }).click();
        await dialog.getByRole('button', { name: 'Add', exact: true }).click();
        await expect(dialog).toBeHidden();
        const made = notes.getByRole('listitem').filter({ hasText: 'Marathon' });
        await expect(made).toContainText(/Event · .*00:00 – 12:00 · all assets/);

        await page.goto(`${site.url}/exposure?range=7d&grain=hour`);
        const chart = page.getByRole('img', { name: /Bar chart of visits by hour/ });
        await expect(chart).toHaveAccessibleName(/Event, Marathon/);
        await page.getByRole('button', { name: 'Show what was noted' }).click();
        await expect(chart).not.toHaveAccessibleName(/Marathon/);
        await expect(page).toHaveURL(/notes=hidden/);

        await page.goto(`${site.url}/quality?range=7d`);
        await made.getByRole('button', { name: 'Actions for Marathon' }).click();
        await page.getByRole('menuitem', { name: 'Change…' }).click();
        await dialog.getByLabel('What happened').fill('Half marathon');
        await dialog.getByRole('combobox', { name: 'Assets' }).click();
        await page.getByRole('option', { name: 'Loop shuttle wrap (TRK-01)' }).click();
        await page.keyboard.press('Tab');
        await dialog.getByRole('button', { name: 'Save' }).click();
        const mended = notes.getByRole('listitem').filter({ hasText: 'Half marathon' });
        await expect(mended).toContainText('Loop shuttle wrap');
        await mended.getByRole('button', { name: /^Actions for/ }).click();
        await page.getByRole('menuitem', { name: 'Remove…' }).click();
        await expect(dialog).toContainText('No figure changes');
        await dialog.getByRole('button', { name: 'Remove' }).click();
        await expect(notes.getByRole('listitem')).toHaveCount(2);
    });
});

test('who only looks reads notes and writes none', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, { ...site, email: 'priya@lakeshore.example' }, '/quality?range=7d');
        const notes = page.getByTestId('notes');
        await expect(notes.getByRole('listitem')).toHaveCount(2);
        await expect(notes.getByRole('button', { name: 'Add a note' })).toBeDisabled();
        await expect(notes).toContainText('Viewers read notes');
        await expect(notes.getByRole('button', { name: /^Actions/ })).toHaveCount(0);
    });
});

test('what is missing, on its way or broken is said', async ({ page }) => {
    await withSimulator('empty', async site => {
        await signIn(page, site, '/quality');
        await expect(page.getByText('No quality yet')).toBeVisible();
        await expect(page.getByRole('link', { name: 'Connect a sensor' })).toBeVisible();
    });
    await withSimulator('failing', async site => {
        await signIn(page, site, '/quality');
        await expect(page.getByText('The quality could not be loaded')).toBeVisible();
        await expect(page.getByText('What was noted could not be loaded')).toBeVisible();
        site.simulator!.mode = 'normal';
        await page.getByRole('button', { name: 'Try again' }).first().click();
        await expect(page.getByRole('grid')).toBeVisible();
    });
    await withSimulator('stale', async site => {
        await signIn(page, site, '/quality');
        await expect(page.getByTestId('panel-quality')).toContainText('47 min ago');
    });
});
