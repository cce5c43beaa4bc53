// What one does in the console shells: gets in, lets others in, hands out keys, looks back. On the
// stand-in server.

import { readFileSync } from 'node:fs';
import { kCode, kRecovery } from '../simulator/accounts';
import { expect, signIn, test, withSimulator } from './fixtures';
import { signOut, withSecondFactor } from './steps';

test('a second factor is set up, asked for, and a recovery code is good once', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site);
        const [first] = await withSecondFactor(page, site);
        await signOut(page);
        await signIn(page, site, '/sign-in', 'code');
        await page.getByLabel('Code').fill('000000');
        await page.getByRole('button', { name: 'Go on' }).click();
        await expect(page.getByLabel('Code')).toHaveAccessibleDescription(/not right/);
        // Nothing is open before it: whoever goes elsewhere is led back here.
        await page.goto(`${site.url}/assets`);
        await expect(page.getByLabel('Code')).toBeVisible();
        await page.getByLabel('Code').fill(kCode);
        await page.getByRole('button', { name: 'Go on' }).click();
        await expect(page.getByTestId('headline')).toBeVisible();
        await signOut(page);
        for (const [code, opens] of [
            [first!, true],
            [first!, false],
        ] as const) {
            await signIn(page, site, '/sign-in', 'code');
            await page.getByRole('button', { name: 'I have lost the app' }).click();
            await page.getByLabel('Recovery code').fill(code);
            await page.getByRole('button', { name: 'Go on' }).click();
            if (opens) {
                await expect(page.getByTestId('headline')).toBeVisible();
                await signOut(page);
            } else {
                await expect(page.getByLabel('Recovery code')).toHaveAccessibleDescription(
                    /not right/,
                );
            }
        }
        expect(kRecovery).not.toBe(first);
    });
});

test('a forgotten password is chosen anew, and who is known is not told', async ({ page }) => {
    await withSimulator('normal', async site => {
        const ask = async (email: string) => {
            await page.goto(`${site.url}/sign-in`);
            await page.getByRole('link', { name: 'I have forgotten my password' }).click();
            await page.getByLabel('E-mail').fill(email);
            await page.getByRole('button', { name: 'Send the link' }).click();
            const box = page.locator('main');
            await expect(box).toContainText('Look into your mail');
            return (await box.innerText()).replace(email, 'X');
        };
        expect(await ask('nobody@nowhere.example')).toBe(await ask(site.email));
        const token = [...site.simulator!.accounts.resets.keys()][0]!;
        await page.goto(`${site.url}/redeem#token=${token}`);
        const next = page.getByLabel('New password');
        await next.fill('short');
        await page.getByRole('button', { name: 'Change it' }).click();
        await expect(next).toHaveAccessibleDescription(/At least 12 characters/);
        await expect(next).toBeFocused();
        await next.fill('password12345');
        await page.getByRole('button', { name: 'Change it' }).click();
        await expect(next).toHaveAccessibleDescription(/stolen elsewhere/);
        await next.fill('a sentence of my own');
        await page.getByRole('button', { name: 'Change it' }).click();
        await expect(page).toHaveURL(/\/sign-in/);
        await signIn(page, { ...site, password: 'a sentence of my own' });
        await expect(page.getByTestId('headline')).toBeVisible();
    });
});

test('somebody is invited, joins, and gets another role', async ({ page, browser }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/people');
        await page.getByRole('button', { name: 'Invite', exact: true }).first().click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('E-mail').fill('marcus@lakeshore.example');
        await dialog.getByRole('button', { name: 'Invite' }).click();
        await expect(dialog.getByLabel('E-mail')).toHaveAccessibleDescription(
            /belong to the company/,
        );
        await dialog.getByLabel('E-mail').fill('lee@lakeshore.example');
        await dialog.getByText('Analyst').click();
        await dialog.getByRole('button', { name: 'Invite' }).click();
        await expect(dialog).toBeHidden();
        await expect(page.getByTestId('table-invitations')).toContainText('lee@lakeshore.example');

        const token = site.simulator!.accounts.tokenFor('lee@lakeshore.example')!;
        const other = await browser.newContext();
        const guest = await other.newPage();
        await guest.goto(`${site.url}/accept#token=${token}`);
        await expect(guest.locator('main')).toContainText('Join Lakeshore Outdoor');
        await guest.getByLabel('Your name').fill('Lee Park');
        await guest.getByLabel('New password').fill('another sentence here');
        await guest.getByRole('button', { name: 'Join' }).click();
        await expect(guest).toHaveURL(/\/sign-in/);
        await signIn(guest, {
            ...site,
            email: 'lee@lakeshore.example',
            password: 'another sentence here',
        });
        // An analyst has no keys and no audit.
        await guest.goto(`${site.url}/settings`);
        await expect(guest.getByRole('link', { name: 'People' }).first()).toBeVisible();
        await expect(guest.getByRole('link', { name: 'API keys' })).toHaveCount(0);

        await page.getByLabel('Search name or e-mail').fill('lee park');
        const row = page.getByTestId('table-people').getByRole('row', { name: /Lee Park/ });
        await expect(row).toContainText('Analyst');
        await expect(page).toHaveURL(/q=lee(\+|%20)park/);
        await row.getByRole('button', { name: 'Actions for Lee Park' }).click();
        await page.getByRole('menuitem', { name: 'Change the role…' }).click();
        await page.getByRole('dialog').getByText('Admin', { exact: true }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Change it' }).click();
        await expect(row).toContainText('Admin');
        await guest.reload();
        await expect(guest.getByRole('link', { name: 'API keys' }).first()).toBeVisible();
        await other.close();
    });
});

test('the last owner cannot be suspended; ownership is handed on by name', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/people?q=marcus');
        await page.getByRole('button', { name: 'Actions for Marcus Bell' }).click();
        await page.getByRole('menuitem', { name: 'Make them the owner…' }).click();
        const dialog = page.getByRole('dialog');
        await expect(dialog).toContainText('You become admin');
        const go = dialog.getByRole('button', { name: 'Hand it on' });
        await expect(go).toBeDisabled();
        await dialog.getByLabel('Type Lakeshore Outdoor to go on').fill('Lakeshore Outdoor');
        await go.click();
        await expect(dialog).toBeHidden();
        const row = page.getByTestId('table-people').getByRole('row', { name: /Marcus Bell/ });
        await expect(row).toContainText('Owner');
        // An admin does nothing to an owner.
        await expect(row.getByRole('button', { name: /Actions/ })).toHaveCount(0);
    });
});

test('a key is shown once, and revoked with its consequences told', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/api-keys');
        await page.getByRole('button', { name: 'Make a key' }).click();
        let dialog = page.getByRole('dialog');
        await dialog.getByLabel('Name').fill('Report robot');
        await dialog.getByPlaceholder('203.0.113.0/24').fill('nowhere');
        await page.keyboard.press('Enter');
        await dialog.getByRole('button', { name: 'Make it' }).click();
        await expect(dialog.getByText('An address, or a network as 203.0.113.0/24.')).toBeVisible();
        await dialog.getByPlaceholder('203.0.113.0/24').press('Backspace');
        await dialog.getByPlaceholder('203.0.113.0/24').fill('203.0.113.7');
        await page.keyboard.press('Enter');
        await dialog.getByRole('checkbox', { name: 'assets:read' }).check();
        await dialog.getByRole('button', { name: 'Make it' }).click();
        const secret = await page.getByTestId('api-key-secret').innerText();
        expect(secret).toMatch(/^mk_\w+_synthetic/);
        dialog = page.getByRole('dialog');
        await dialog.getByRole('button', { name: 'I have kept it' }).click();
        await expect(dialog).toBeHidden();
        await page.reload();
        const row = page.getByRole('row', { name: /Report robot/ });
        await expect(row).toContainText('203.0.113.7');
        expect(await page.content()).not.toContain(secret);
        await row.getByRole('button', { name: 'Actions for Report robot' }).click();
        await page.getByRole('menuitem', { name: 'Revoke…' }).click();
        await expect(page.getByRole('dialog')).toContainText('It was never used');
        await page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click();
        await expect(row).toContainText('Revoked');
    });
});

test('a webhook is added, tested, and its attempt replayed', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/webhooks');
        await page.getByRole('button', { name: 'Add an endpoint' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Address').fill('https://192.168.1.4/hook');
        await dialog.getByRole('button', { name: 'Add it' }).click();
        await expect(dialog.getByLabel('Address')).toHaveAccessibleDescription(
            /not reachable from the Internet/,
        );
        await dialog.getByLabel('Address').fill('https://hooks.example.com/in');
        await dialog.getByRole('button', { name: 'Add it' }).click();
        await expect(page.getByTestId('secret')).toHaveText(/^whsec_/);
        await page.getByRole('button', { name: 'I have kept it' }).click();
        await expect(page).toHaveURL(/\/settings\/webhooks\/endpoint_/);
        await page.getByRole('button', { name: 'Send a test' }).click();
        const attempts = page.getByTestId('table-webhook-attempts');
        await expect(attempts.getByRole('row', { name: /webhooks.test/ })).toContainText(
            'Delivered (200)',
        );
        await attempts.locator('[data-row-open]').first().click();
        await page.getByRole('button', { name: 'Send it again' }).click();
        await expect(attempts.getByRole('row', { name: /webhooks.test/ })).toHaveCount(2);
    });
});

test('the audit is searched, filtered, read in full and taken away', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/audit');
        const table = page.getByTestId('table-audit');
        await page.getByLabel('Action or area').fill('accounts.role_changed');
        await page.keyboard.press('Enter');
        await expect(table.getByRole('row')).toHaveCount(2);
        await expect(page).toHaveURL(/action=accounts.role_changed/);
        await table.locator('[data-row-open]').first().click();
        const beside = page.getByRole('dialog');
        const change = beside.getByRole('row', { name: /role/ });
        await expect(change.locator('[data-side=before]')).toHaveText('viewer');
        await expect(change.locator('[data-side=after]')).toHaveText('operator');
        await page.keyboard.press('Escape');
        await expect(beside).toBeHidden();

        await page.getByRole('button', { name: 'Show all' }).first().click();
        await page.getByLabel('Search all of it').fill('SUP-1042');
        await expect(table.getByRole('row')).toHaveCount(2);
        await expect(table).toContainText('Marcus Bell');
        // The file has all that the filters leave, over all pages.
        await page.getByLabel('Search all of it').fill('');
        await page.getByLabel('Action or area').fill('assets');
        await page.keyboard.press('Enter');
        await expect(page.getByRole('button', { name: 'Next' })).toBeEnabled();
        const [file] = await Promise.all([
            page.waitForEvent('download'),
            page.getByTestId('csv-audit').click(),
        ]);
        const lines = readFileSync(await file.path(), 'utf8')
            .trim()
            .split('\r\n');
        expect(lines[0]).toBe('occurred_at,actor,action,target,outcome,address');
        expect(lines).toHaveLength(142);
        const second = table.locator('tbody tr').first();
        const before = await second.innerText();
        await page.getByRole('button', { name: 'Next' }).click();
        await expect(page).toHaveURL(/cursor=/);
        await expect(second).not.toHaveText(before, { useInnerText: true });
        await page.goBack();
        await expect(second).toHaveText(before, { useInnerText: true });
        await page.getByRole('button', { name: 'Export' }).click();
        const [events] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('menuitem', { name: /CloudEvents/ }).click(),
        ]);
        expect(readFileSync(await events.path(), 'utf8')).toContain('"specversion":"1.0"');
    });
});

test('a view is saved, columns are chosen, rows are stepped through by keyboard', async ({
    page,
}) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/people');
        const table = page.getByTestId('table-people');
        await expect(page.getByLabel('Search name or e-mail')).toBeVisible();
        await page.keyboard.press('/');
        await expect(page.getByLabel('Search name or e-mail')).toBeFocused();
        await page.keyboard.type('crew 1');
        await expect(page).toHaveURL(/q=crew/);
        await table.getByRole('button', { name: 'Name', exact: true }).click();
        await expect(table.getByRole('columnheader', { name: 'Name' })).toHaveAttribute(
            'aria-sort',
            'ascending',
        );
        await table.getByRole('button', { name: 'Columns' }).click();
        await page.getByRole('checkbox', { name: 'Joined' }).check();
        await page.keyboard.press('Escape');
        await expect(table.getByRole('columnheader', { name: 'Joined' })).toBeVisible();
        await table.getByRole('button', { name: 'Saved views' }).click();
        await page.getByLabel('Name of this view').fill('Crew');
        await page.getByRole('button', { name: 'Save', exact: true }).click();
        await page.goto(`${site.url}/settings/people`);
        await table.getByRole('button', { name: 'Saved views' }).click();
        await page.getByRole('button', { name: 'Crew', exact: true }).click();
        await expect(page).toHaveURL(/q=crew.*sort=name|sort=name.*q=crew/);
        await page.goto(`${site.url}/settings/audit`);
        const rows = page.locator('[data-row-open]');
        await rows.first().focus();
        await page.keyboard.press('ArrowDown');
        await expect(rows.nth(1)).toBeFocused();
        await page.keyboard.press('Enter');
        await expect(page.getByRole('dialog')).toBeVisible();
    });
});

test('a list that cannot be asked says so, and keeps what it has', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/webhooks');
        const table = page.getByTestId('table-webhooks');
        await expect(table).toContainText('hooks.lakeshore.example');
        site.simulator!.mode = 'failing';
        await expect(table.getByRole('status')).toContainText('could not be asked for anew', {
            timeout: 40_000,
        });
        await expect(table).toContainText('hooks.lakeshore.example');
        await page.goto(`${site.url}/settings/contacts`);
        await expect(page.getByRole('alert')).toContainText('could not be loaded');
        site.simulator!.mode = 'normal';
        await page.getByRole('button', { name: 'Try again' }).click();
        await expect(page.getByTestId('table-contacts')).toContainText('Rosa Delgado');
    });
});

test('a colour that cannot be read is warned of, and the brand is everywhere', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/company');
        const accent = () =>
            page.evaluate(() =>
                getComputedStyle(document.documentElement).getPropertyValue('--accent').trim(),
            );
        expect(await accent()).toBe('#2f55e0');
        await page.getByLabel('Accent colour').fill('#ffe100');
        await page.keyboard.press('Escape');
        await expect(page.getByTestId('contrast-warning')).toContainText(
            'cannot be read on a light page',
        );
        await page.getByLabel('Accent colour').fill('#0b7a75');
        await page.keyboard.press('Escape');
        await page.getByLabel('Name that is shown').fill('Lakeshore Insights');
        await page.getByRole('button', { name: 'Save' }).nth(1).click();
        await expect(page.locator('.side .brand')).toContainText('Lakeshore Insights');
        expect(await accent()).toBe('#0b7a75');
    });
});

test('from nothing to a working company', async ({ page }) => {
    await withSimulator('fresh', async site => {
        const begun = Date.now();
        await signIn(page, site, '/', 'one-time');
        await page.getByLabel('New password').fill('a sentence of my own');
        await page.getByRole('button', { name: 'Go on' }).click();
        await page.getByLabel('Your name').fill('Ada Okafor');
        await page.getByRole('button', { name: 'Go on' }).click();
        await page.getByLabel('E-mail').fill('ada@lakeshore.example');
        await page.getByLabel('Your password').fill('a sentence of my own');
        await page.getByRole('button', { name: 'Send the link' }).click();
        await page.getByLabel('Name').fill('Lakeshore Outdoor');
        await page.getByRole('button', { name: 'Begin' }).click();
        const steps = page.getByTestId('first-steps');
        await expect(steps.getByRole('listitem')).toHaveCount(3);
        await steps.getByRole('link', { name: 'Name it' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Name').fill('First truck');
        await dialog.getByLabel('Code').fill('TRK-99');
        await dialog.getByRole('button', { name: 'Make a code' }).click();
        await expect(page.getByTestId('connect-steps')).toContainText('First report');
        await page.goto(site.url);
        await expect(steps.locator('[data-done]')).toHaveCount(2);
        await steps.getByRole('link', { name: 'Invite somebody' }).click();
        await page.getByRole('dialog').getByLabel('E-mail').fill('kim@lakeshore.example');
        await page.getByRole('dialog').getByRole('button', { name: 'Invite' }).click();
        await expect(page.getByTestId('table-invitations')).toContainText('kim@lakeshore.example');
        await page.goto(site.url);
        await expect(page.getByTestId('headline')).toBeVisible();
        await expect(steps).toHaveCount(0);
        console.log(`from nothing: ${Math.round((Date.now() - begun) / 1000)} s`);
    });
});

test('the company is switched, and nothing of the other is left', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/people');
        await expect(page.getByTestId('table-people')).toContainText('Marcus Bell');
        await page.getByRole('button', { name: /Change the company/ }).click();
        await page.getByRole('menuitem', { name: /Harbor Transit Media/ }).click();
        await expect(page.locator('.side .brand')).toContainText('Harbor Transit Media');
        await page.goto(`${site.url}/settings/people`);
        await expect(page.getByTestId('table-people')).toContainText('Sam Whitfield');
        await expect(page.getByTestId('table-people')).not.toContainText('Marcus Bell');
        // A viewer there: nothing that only admins see.
        await expect(page.getByRole('link', { name: 'Audit' })).toHaveCount(0);
    });
});

test('privacy: a retention is shortened, a person put into a file and erased', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/privacy?tab=retention');
        await page.getByRole('button', { name: 'Change Mail that was sent' }).click();
        let dialog = page.getByRole('dialog');
        await dialog.getByLabel('Days').fill('7');
        await expect(dialog).toContainText('What is older than 7 days goes within the hour');
        await dialog.getByRole('button', { name: 'Set it' }).click();
        await expect(page.getByRole('row', { name: /Mail that was sent/ })).toContainText('7 days');
        await page.getByRole('tab', { name: 'Requests' }).click();
        const ask = async (name: string) => {
            await page.getByRole('combobox', { name: 'Of whom' }).fill(name);
            await page.getByRole('option', { name: new RegExp(name) }).click();
            await page.getByLabel(/Who asked/).fill('Herself, in the office with her passport');
        };
        await ask('Priya Raman');
        await page.getByRole('button', { name: 'Put it into a file' }).click();
        dialog = page.getByRole('dialog');
        await dialog.getByRole('button', { name: 'Make it' }).click();
        const file = page.getByTestId('table-exports').getByRole('row', { name: /Priya Raman/ });
        await expect(file).toContainText('Ready');
        await expect(file).toContainText('214');
        await expect(
            file.getByRole('link', { name: 'Save the file of Priya Raman' }),
        ).toHaveAttribute('href', /\/privacy\/exports\/export_[\w-]+\/file$/);
        await ask('Priya Raman');
        await page.getByRole('button', { name: 'Erase it' }).click();
        await dialog.getByLabel(/^Type priya@/).fill('priya@lakeshore.example');
        await dialog.getByRole('button', { name: 'Erase' }).click();
        await expect(
            page.getByRole('button', { name: 'Save the signed certificate' }),
        ).toBeVisible();
    });
});
