// What our staff do: for customers, and for the machinery. On the stand-in server.

import type { Page } from '@playwright/test';
import { kCode } from '../simulator/accounts';
import { expect, signIn, test, withSimulator } from './fixtures';
import { toTheHouse } from './screens';

async function asStaff(page: Page, site: { url: string; email: string; password: string }) {
    await signIn(page, site);
    await toTheHouse(page, site.url);
}

test('the backoffice is shut for customers, and its sign-in leads back', async ({ page }) => {
    await withSimulator('normal', async site => {
        await page.goto(`${site.url}/backoffice/jobs?state=discarded`);
        await expect(
            page.getByRole('heading', { name: 'Sign in to the backoffice' }),
        ).toBeVisible();
        await page.getByLabel('E-mail').fill('nina@lakeshore.example');
        await page.getByLabel('Password', { exact: true }).fill(site.password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await expect(page.getByText('This is for our staff')).toBeVisible();
        await expect(page).toHaveURL(/\/backoffice\/jobs\?state=discarded$/);
        const refused = await page.request.get(`${site.url}/api/v1/backoffice/jobs`);
        expect(refused.status()).toBe(403);
    });
});

test('a job that was given up is tried again; all that match are too', async ({ page }) => {
    await withSimulator('normal', async site => {
        await asStaff(page, site);
        await page.getByRole('link', { name: 'Jobs' }).first().click();
        await expect(page.getByText('7 dead letters need somebody')).toBeVisible();
        await page.getByRole('button', { name: /6 of webhooks.deliver: Dead letters/ }).click();
        await expect(page).toHaveURL(/kind=webhooks.deliver.*state=discarded/);
        const rows = page.getByTestId('table-jobs').locator('tbody tr');
        await expect(rows).toHaveCount(6);
        await rows.first().locator('[data-row-open]').click();
        const beside = page.getByRole('dialog');
        await expect(beside).toContainText('connect_timeout');
        await expect(beside).toContainText('Try 9');
        await beside.getByRole('button', { name: 'Try it again now' }).click();
        await expect(beside).toContainText('Waiting');
        await page.keyboard.press('Escape');
        await expect(rows).toHaveCount(5);

        await page
            .getByRole('checkbox', { name: /^Choose webhooks/ })
            .first()
            .check();
        await page.getByRole('button', { name: 'Try 1 again' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Try again' }).click();
        await expect(rows).toHaveCount(4);

        await page.getByRole('button', { name: 'Try all of these again' }).click();
        await expect(page.getByRole('dialog')).toContainText('4 jobs match now');
        await page.getByRole('dialog').getByRole('button', { name: 'Try them again' }).click();
        await expect(page.getByTestId('table-jobs')).toContainText('Nothing matches');
        await expect(page.getByText('1 dead letter needs somebody')).toBeVisible();
    });
});

test('a schedule is paused', async ({ page }) => {
    await withSimulator('normal', async site => {
        await asStaff(page, site);
        await page.goto(`${site.url}/backoffice/jobs?tab=schedules`);
        await page.getByRole('button', { name: 'Pause retention' }).click();
        await expect(page.getByRole('row', { name: /retention/ })).toContainText('Paused');
    });
});

test('who has lost their second factor is helped: with a reason, a ticket and a code', async ({
    page,
}) => {
    await withSimulator('normal', async site => {
        await asStaff(page, site);
        await page.goto(`${site.url}/backoffice/people?q=ines`);
        await page.locator('[data-row-open]').first().click();
        const beside = page.getByRole('dialog').first();
        await expect(beside).toContainText('Second factor');
        await page.getByRole('button', { name: 'Remove their second factor…' }).click();
        const form = page.getByRole('dialog', { name: /^The second factor of/ });
        await form.getByLabel('Why').fill('Lost the phone, came by with a passport');
        await form.getByLabel('Ticket').fill('SUP-2002');
        await form.getByRole('button', { name: 'Remove it' }).click();
        await expect(form.getByLabel('Code of your')).toHaveAccessibleDescription(/your app show/);
        await form.getByLabel('Code of your').fill('000000');
        await form.getByRole('button', { name: 'Remove it' }).click();
        await expect(form.getByLabel('Code of your')).toHaveAccessibleDescription(/not the code/);
        await form.getByLabel('Code of your').fill(kCode);
        await form.getByRole('button', { name: 'Remove it' }).click();
        await expect(page.getByText('It is removed; they are told by mail.')).toBeVisible();
        await expect(beside).toContainText('Second factorNot yet');
    });
});

test('staff see what a customer sees: with a reason, a banner, and nothing to change', async ({
    page,
}) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/security');
        await page.getByRole('button', { name: 'Set it up' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Your password').fill(site.password);
        await dialog.getByRole('button', { name: 'Go on' }).click();
        await dialog.getByLabel('The code that the app shows').fill(kCode);
        await dialog.getByRole('button', { name: 'Put it in force' }).click();
        await dialog.getByRole('button', { name: 'I have kept them' }).click();
        await toTheHouse(page, site.url);

        await page.goto(`${site.url}/backoffice/people?q=nina`);
        await page.locator('[data-row-open]').first().click();
        await page.getByRole('button', { name: /^See what they see… Lakeshore Outdoor/ }).click();
        const form = page.getByRole('dialog', { name: /^See Lakeshore Outdoor as/ });
        await form.getByLabel('Code of your authenticator app').fill(kCode);
        await form.getByLabel('Why').fill('help');
        await form.getByRole('button', { name: 'Look' }).click();
        await expect(form.getByLabel('Why')).toHaveAccessibleDescription(/At least 10 characters/);
        await form.getByLabel('Why').fill('The exposure report is empty for her');
        await form.getByLabel('Ticket').fill('SUP-2001');
        await form.getByRole('button', { name: 'Look' }).click();

        const banner = page.getByTestId('impersonation');
        await expect(banner).toContainText('Ada Okafor sees this as Nina Castellanos');
        await expect(banner).toContainText('reading only');
        await expect(banner).toContainText('The exposure report is empty for her (SUP-2001)');
        await page.goto(`${site.url}/settings/security`);
        await expect(banner).toBeVisible();
        await expect(page.getByText('Not in the place of somebody else')).toBeVisible();
        await page.goto(`${site.url}/settings/profile`);
        await page.getByLabel('Name', { exact: true }).fill('Somebody else');
        await page.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByRole('alert')).toContainText('You may only look');
        // The backoffice is shut meanwhile.
        await page.goto(`${site.url}/backoffice/people`);
        await expect(page.getByText('You see as somebody else')).toBeVisible();
        await page.goto(site.url);
        await banner.getByRole('button', { name: 'End it' }).click();
        await expect(page.getByTestId('table-all-impersonations')).toContainText('SUP-2001');
        await expect(page.getByTestId('impersonation')).toHaveCount(0);
    });
});

test('a company is suspended with a reason; anything is found by its name', async ({ page }) => {
    await withSimulator('normal', async site => {
        await asStaff(page, site);
        await page.keyboard.press('Control+k');
        await page.getByPlaceholder('Find a page, a company, a person').fill('harbor');
        await expect(page.getByText('sam@harbor.example')).toBeVisible();
        await page.getByText('Harbor Transit Media', { exact: true }).last().click();
        await expect(page).toHaveURL(/\/companies\/company_/);
        await page.getByRole('tab', { name: 'Companies below' }).click();
        await expect(page.getByTestId('table-children')).toContainText('Blue Door Bakery');
        await page.getByRole('button', { name: 'Suspend…' }).click();
        const dialog = page.getByRole('dialog');
        await expect(dialog).toContainText('2 people cannot get in any more');
        await dialog.getByRole('button', { name: 'Suspend' }).click();
        await expect(dialog.getByLabel('Why')).toHaveAccessibleDescription(/At least 10/);
        await dialog.getByLabel('Why').fill('Invoices unpaid for ninety days');
        await dialog.getByLabel('Ticket').fill('FIN-77');
        await dialog.getByRole('button', { name: 'Suspend' }).click();
        await expect(page.getByRole('button', { name: 'Let it go on…' })).toBeVisible();
        await page.getByRole('tab', { name: 'Audit' }).click();
        await expect(page.getByTestId('table-all-audit')).toContainText('Company state changed');
    });
});

test('a session is ended; mail is read in a frame that runs nothing', async ({ page }) => {
    await withSimulator('normal', async site => {
        await asStaff(page, site);
        await page.goto(`${site.url}/backoffice/sessions`);
        await page.getByRole('button', { name: /the session of Sam Whitfield/ }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
        await expect(page.getByRole('row', { name: /Sam Whitfield/ })).toHaveCount(0);
        await page.goto(`${site.url}/backoffice/mail`);
        const letters = page.getByTestId('table-mail').locator('tbody tr');
        await expect(letters).toHaveCount(4);
        await page.getByRole('combobox', { name: 'Template' }).click();
        await page.getByRole('option', { name: 'Password reset' }).click();
        await expect(letters).toHaveCount(1);
        await expect(letters).toContainText('Choose a new password');
        await page.goto(`${site.url}/backoffice/mail?state=kept`);
        await page.locator('[data-row-open]').first().click();
        const frame = page.locator('iframe.mail-frame');
        await expect(frame).toHaveAttribute('sandbox', '');
        await expect(frame.contentFrame().getByRole('heading')).toHaveText(
            'Join Lakeshore Outdoor',
        );
        await page.getByText('Text', { exact: true }).click();
        await expect(page.getByRole('dialog')).toContainText('invites you');
    });
});

test('the audit is narrowed to somebody by a part of their name, and from an entry', async ({
    page,
}) => {
    await withSimulator('normal', async site => {
        await asStaff(page, site);
        await page.goto(`${site.url}/backoffice/audit`);
        await page.getByRole('combobox', { name: 'Who' }).fill('ada');
        await page.getByRole('option', { name: /^Ada Okafor, owner@/ }).click();
        await expect(page).toHaveURL(/actor=person_/);
        const rows = page.getByTestId('table-all-audit').locator('tbody tr');
        await expect(rows.first()).toContainText('Ada Okafor');
        await rows.first().locator('[data-row-open]').click();
        const beside = page.getByRole('dialog');
        const about = beside.getByRole('button', { name: /^All about/ });
        await expect(beside.getByRole('button', { name: 'All by Ada Okafor' })).toBeVisible();
        await about.click();
        await expect(beside).toHaveCount(0);
        await expect(page).toHaveURL(/target=/);
        await expect(page).not.toHaveURL(/actor=/);
        await expect(rows.first()).toBeVisible();
    });
});

test('health says what is not well, and what to do about it', async ({ page }) => {
    await withSimulator('normal', async site => {
        await asStaff(page, site);
        await page.goto(`${site.url}/backoffice/health`);
        await expect(page.getByTestId('health')).toHaveText('It works. 1 thing wants looking at');
        const rows = page.getByRole('table', { name: 'What is looked at' }).locator('tbody tr');
        await expect(rows).toHaveCount(5);
        await expect(rows.first()).toContainText('the last backup is 9 days old');
        await expect(rows.first()).toContainText('mobilytics backup --to FOLDER');
    });
});
