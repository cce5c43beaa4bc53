// Getting in and one's own affairs, on the stand-in server: passkeys, a demanded second factor, links
// of mails, another company's sight, a logo, what one is told.

import { expect, signIn, test, withSimulator } from './fixtures';
import { kCode } from '../simulator/accounts';
import { byName, signOut, withAuthenticator, withSecondFactor } from './steps';

const kPng = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
);

test('a passkey is made, named, signs in alone, and is removed', async ({ page }) => {
    const authenticator = await withAuthenticator(page);
    await withSimulator('normal', async stand => {
        const site = byName(stand);
        await authenticator.simulate(false);
        await signIn(page, site, '/settings/security');
        await authenticator.simulate(true);
        await page.getByRole('button', { name: 'Add one' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Name').fill('Test key');
        await dialog.getByLabel('Your password').fill('not it');
        await dialog.getByRole('button', { name: 'Go on' }).click();
        await expect(dialog.getByLabel('Your password')).toHaveAccessibleDescription(
            /not your password/,
        );
        await dialog.getByLabel('Your password').fill(site.password);
        await dialog.getByRole('button', { name: 'Go on' }).click();
        await expect(dialog).toBeHidden();
        await page.getByRole('button', { name: 'Rename Test key' }).click();
        await dialog.getByLabel('Name').fill('Desk');
        await dialog.getByRole('button', { name: 'Save' }).click();
        await expect(page.getByText('Desk', { exact: true })).toBeVisible();
        await authenticator.simulate(false);
        await signOut(page);
        await authenticator.simulate(true);
        await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
        await expect(page.getByTestId('headline')).toBeVisible();
        await page.goto(`${site.url}/settings/security`);
        await page.getByRole('button', { name: 'Remove Desk' }).click();
        await dialog.getByLabel('Your password').fill(site.password);
        await dialog.getByRole('button', { name: 'Remove it' }).click();
        await expect(page.getByText('You have none yet.')).toBeVisible();
    });
});

test('the browser offers a passkey in the field of the e-mail', async ({ page }) => {
    const authenticator = await withAuthenticator(page);
    await withSimulator('normal', async stand => {
        const site = byName(stand);
        await authenticator.simulate(false);
        await signIn(page, site, '/settings/security');
        await authenticator.simulate(true);
        await page.getByRole('button', { name: 'Add one' }).click();
        await page.getByLabel('Your password').fill(site.password);
        await page.getByRole('button', { name: 'Go on' }).click();
        await expect(page.getByRole('button', { name: /^Remove / })).toBeVisible();
        await page.getByRole('button', { name: /You and the looks/ }).click();
        await page.getByRole('menuitem', { name: 'Sign out' }).click();
        // Nothing is pressed: the authenticator of the test takes what is offered.
        await expect(page.getByTestId('headline')).toBeVisible();
    });
});

test('why single sign-on brought nobody back is said in words', async ({ page }) => {
    await withSimulator('normal', async ({ url }) => {
        await page.goto(`${url}/sign-in?error=sso_no_account&next=/assets`);
        await expect(page.getByRole('alert')).toContainText('no invitation waits for it');
        await expect(
            page.getByRole('link', { name: 'Sign in with Lakeshore SSO' }),
        ).toHaveAttribute('href', '/api/v1/session/oidc/start?next=%2Fassets');
        await page.goto(`${url}/sign-in?error=%3Cb%3E`);
        await expect(page.getByRole('alert')).toHaveText('Single sign-on did not work. Try again.');
    });
});

test('a company asks for a second factor: who has none sets one up before all else', async ({
    page,
}) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/company');
        const panel = page.getByTestId('demanded-factor');
        await expect(panel.getByTestId('factor-lacking')).toHaveText('67 of 69 have none yet.');
        await panel.getByText('Everybody needs one').click();
        const dialog = page.getByRole('dialog');
        await expect(dialog).toContainText('67 of you have none yet');
        await dialog.getByRole('button', { name: 'Ask everybody' }).click();
        await expect(dialog.getByRole('alert')).toContainText('Set up a second factor of your own');
        await withSecondFactor(page, site);
        await page.goto(`${site.url}/settings/company`);
        await panel.getByText('Everybody needs one').click();
        await dialog.getByRole('button', { name: 'Ask everybody' }).click();
        await expect(dialog).toBeHidden();
        await expect(panel.getByTestId('factor-lacking')).toContainText('66 of 69 have none yet.');
        await expect(panel).toContainText('before they see anything else');
        await signOut(page);

        const nina = { ...site, email: 'nina@lakeshore.example' };
        await page.goto(site.url);
        await page.getByLabel('E-mail').fill(nina.email);
        await page.getByLabel('Password', { exact: true }).fill(nina.password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await expect(page.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
        // Elsewhere leads back; the password has to be shown again then.
        await page.goto(`${site.url}/assets`);
        const app = page.getByRole('button', { name: /Authenticator app/ });
        await expect(app).toBeDisabled();
        await page.getByLabel('Your password').fill('wrong');
        await app.click();
        await expect(page.getByLabel('Your password')).toHaveAccessibleDescription(/not your/);
        await page.getByLabel('Your password').fill(nina.password);
        await app.click();
        await page.getByLabel('The code that the app shows').fill('000000');
        await page.getByRole('button', { name: 'Put it in force' }).click();
        await expect(page.getByLabel('The code that the app shows')).toHaveAccessibleDescription(
            /not the code/,
        );
        await page.getByLabel('The code that the app shows').fill(kCode);
        await page.getByRole('button', { name: 'Put it in force' }).click();
        const codes = page.getByTestId('recovery-codes').getByRole('listitem');
        await expect(codes).toHaveCount(10);
        const shown = await codes.allInnerTexts();
        // On paper stand the codes, all of them, and nothing else of the page.
        await page.evaluate(() => (window.print = () => undefined));
        await page.getByRole('button', { name: 'Print' }).click();
        await page.emulateMedia({ media: 'print' });
        expect(await page.locator('.print-sheet li').allInnerTexts()).toEqual(shown);
        await expect(page.locator('.print-sheet li').last()).toBeVisible();
        await expect(page.getByRole('button', { name: 'Print' })).toBeHidden();
        await page.emulateMedia({ media: 'screen' });
        await page.getByRole('button', { name: 'I have kept them' }).click();
        await expect(page.getByTestId('headline')).toBeVisible();
    });
});

test('an e-mail is changed by the link that goes to the new one', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/profile');
        await page.getByRole('button', { name: 'Change it' }).click();
        await page.getByLabel('New e-mail').fill('ada at home');
        await page.getByLabel('Your password').fill(site.password);
        await page.getByRole('button', { name: 'Send the link' }).click();
        await expect(page.getByLabel('New e-mail')).toHaveAccessibleDescription(/ada@example.com/);
        await page.getByLabel('New e-mail').fill('ada@lakeshore.example');
        await page.getByRole('button', { name: 'Send the link' }).click();
        await expect(page.getByRole('status')).toContainText('on its way to ada@lakeshore.example');
        const token = [...site.simulator!.accounts.book.emails.keys()][0]!;
        await page.goto(`${site.url}/confirm-email#token=${token}`);
        // The token is nowhere any more but on the page.
        await expect(page).toHaveURL(`${site.url}/confirm-email`);
        await page.getByRole('button', { name: 'Yes, use it' }).click();
        await expect(page.getByRole('heading', { name: 'Your e-mail is changed' })).toBeVisible();
        await page.goto(`${site.url}/settings/profile`);
        await expect(page.getByText('ada@lakeshore.example')).toBeVisible();
        // It is good once.
        await page.goto(`${site.url}/confirm-email#token=${token}`);
        await page.getByRole('button', { name: 'Yes, use it' }).click();
        await expect(page.getByText(/may have been used/)).toBeVisible();
        await page.reload();
        await expect(page.getByText(/Open it from the mail again/)).toBeVisible();
    });
});

test('another company is seen as far as its contract goes, and no further', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site);
        await page.getByRole('button', { name: /Change the company/ }).click();
        await page.getByRole('menuitem', { name: /Northside Transit Ads/ }).click();
        const banner = page.getByTestId('sight');
        await expect(banner).toContainText(
            'You see Northside Transit Ads as the company above it: people, assets',
        );
        // Figures are not shared: they are absent, and the first page that is leads on.
        await expect(page).toHaveURL(/\/assets$/);
        const pages = page.getByRole('navigation', { name: 'Pages', exact: true });
        await expect(pages.getByRole('link')).toHaveText(['Assets', 'Settings']);
        await expect(page.getByRole('alert')).toHaveCount(0);
        await page.goto(`${site.url}/settings/people`);
        await expect(page.getByTestId('table-people')).toContainText('Sam Whitfield');
        await expect(page.getByRole('button', { name: 'Invite', exact: true })).toHaveCount(0);
        await page.goto(`${site.url}/exposure`);
        await expect(page.getByText('Northside Transit Ads does not share this')).toBeVisible();
        // Withdrawn, it ends at once.
        site.simulator!.accounts.book.contracts.get(
            'company_0190c000-0000-7000-8000-000000000005',
        )!.shares.length = 0;
        await page.reload();
        await expect(banner).toContainText('shares nothing with you any more');
        await banner.getByRole('button', { name: 'Back to Lakeshore Outdoor' }).click();
        await expect(page.getByTestId('headline')).toBeVisible();
        await expect(banner).toHaveCount(0);
    });
});

test('a logo is refused in words, put, seen everywhere and removed', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/company');
        const brand = page.locator('.side .brand img');
        await expect(brand).toHaveAttribute('src', '/mark.svg');
        const choose = async (name: string, mimeType: string, buffer: Buffer) => {
            const chooser = page.waitForEvent('filechooser');
            await page.getByRole('button', { name: /^Choose/ }).click();
            await (await chooser).setFiles({ name, mimeType, buffer });
        };
        await choose('logo.gif', 'image/gif', kPng);
        await expect(page.getByRole('alert')).toHaveText('A logo is a PNG, a JPEG or a WebP.');
        await choose('logo.png', 'image/png', Buffer.alloc(600 * 1024));
        await expect(page.getByRole('alert')).toContainText('this one has 600');
        await choose('logo.png', 'image/png', Buffer.from('no'));
        await expect(page.getByRole('alert')).toHaveText('This is no image.');
        await choose('logo.png', 'image/png', kPng);
        await expect(brand).toHaveAttribute('src', /^\/api\/v1\/company\/logo\?version=/);
        await expect(page.getByRole('alert')).toHaveCount(0);
        await page.getByRole('button', { name: 'Remove it' }).click();
        await expect(brand).toHaveAttribute('src', '/mark.svg');
    });
});

test('what one is told is chosen; what keeps the account safe is always sent', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/notices');
        const silent = page.getByRole('switch', { name: 'A sensor has fallen silent' });
        await expect(silent).toBeChecked();
        await silent.focus();
        await page.keyboard.press('Space');
        await expect(silent).not.toBeChecked();
        await expect(page.getByRole('list', { name: 'Security' })).toContainText('Always');
        await expect(page.getByRole('switch', { name: 'Your sign-in' })).toHaveCount(0);
        await page.reload();
        await expect(silent).not.toBeChecked();
    });
});
