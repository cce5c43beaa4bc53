// Getting in, on a real server that nobody has used yet; one step goes on from the other.

import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { signOut, withAuthenticator } from './steps';
import { totp } from './totp';

test.describe.configure({ mode: 'serial' });

const kPassword = 'rivers run slowly in august';
const kOwner = 'ada@plaza.example';

/** As the page itself asks: with its session and its header. */
async function ask<R>(page: Page, method: string, path: string, body?: object): Promise<R> {
    return page.evaluate(
        async ([how, where, what]) => {
            const reply = await fetch(`/api/v1${where}`, {
                method: how!,
                headers: { 'X-Mobilytics': '1', 'Content-Type': 'application/json' },
                ...(what ? { body: what } : {}),
            });
            const text = await reply.text();
            if (!reply.ok) throw new Error(`${how} ${where}: ${reply.status} ${text}`);
            return (text ? JSON.parse(text) : undefined) as R;
        },
        [method, path, body && JSON.stringify(body)] as const,
    );
}

interface Session {
    company: { id: string };
    companies: { company_id: string; kind: string }[];
}

/** The link of the newest mail to somebody, as the backoffice shows it; in between for our house. */
async function mailed(page: Page, to: string, link: RegExp): Promise<string> {
    const { company, companies } = await ask<Session>(page, 'GET', '/session');
    const house = companies.find(each => each.kind === 'house')!.company_id;
    await ask(page, 'PUT', '/session/company', { company_id: house });
    let found: string | undefined;
    await expect
        .poll(
            async () => {
                const { items } = await ask<{ items: { id: string; to: string }[] }>(
                    page,
                    'GET',
                    '/backoffice/mail?limit=50',
                );
                for (const { id } of items.filter(each => each.to.includes(to))) {
                    const { text } = await ask<{ text: string }>(
                        page,
                        'GET',
                        `/backoffice/mail/${id}`,
                    );
                    found ??= link.exec(text)?.[0];
                }
                return found;
            },
            { timeout: 30_000 },
        )
        .toBeTruthy();
    await ask(page, 'PUT', '/session/company', { company_id: company.id });
    return found!;
}

async function signInAs(page: Page, url: string, email: string, password: string) {
    await page.goto(`${url}/sign-in`);
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Somebody is invited; the link of their mail. */
async function invited(page: Page, email: string) {
    await ask(page, 'POST', '/invitations', { email, role: 'viewer' });
    return mailed(page, email, /http\S+\/accept#token=\S+/);
}

test('the first person says their e-mail, and the link in the outbox makes it so', async ({
    page,
    site,
}) => {
    await signInAs(page, site.url, site.email, site.password);
    await page.getByLabel('New password').fill(kPassword);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByLabel('Your name').fill('Ada Okafor');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByLabel('E-mail').fill(kOwner);
    await page.getByLabel('Your password').fill(kPassword);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByLabel('Name').fill('Plaza Outdoor');
    await page.getByRole('button', { name: 'Begin' }).click();
    await expect(page.getByTestId('first-steps')).toBeVisible();
    const link = await mailed(page, kOwner, /http\S+\/confirm-email#token=\S+/);
    await page.goto(link);
    await expect(page).toHaveURL(`${site.url}/confirm-email`);
    await page.getByRole('button', { name: 'Yes, use it' }).click();
    await expect(page.getByRole('heading', { name: 'Your e-mail is changed' })).toBeVisible();
    await signInAs(page, site.url, site.email, kPassword);
    await expect(page.getByRole('alert')).toContainText('not right');
    await signInAs(page, site.url, kOwner, kPassword);
    await expect(page.getByTestId('first-steps')).toBeVisible();
});

test('a passkey is added, and signs in alone; the company then asks everybody for one', async ({
    page,
    site,
}) => {
    const authenticator = await withAuthenticator(page);
    await authenticator.simulate(false);
    await signInAs(page, site.url, kOwner, kPassword);
    await expect(page.getByTestId('first-steps')).toBeVisible();
    // Somebody of the company comes by the provider later, and somebody by a password.
    const link = await invited(page, 'lee@plaza.example');
    await invited(page, 'ana@plaza.example');
    await authenticator.simulate(true);
    await page.goto(`${site.url}/settings/security`);
    await page.getByRole('button', { name: 'Add one' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Test key');
    await dialog.getByLabel('Your password').fill(kPassword);
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByText('Test key', { exact: true })).toBeVisible();
    await authenticator.simulate(false);
    await signOut(page);
    await authenticator.simulate(true);
    // This authenticator's person answers at once: by the field's offer, or else by the button.
    await expect(async () => {
        const button = page.getByRole('button', { name: 'Sign in with a passkey' });
        if (await button.isVisible()) await button.click({ timeout: 2000 });
        await expect(page.getByTestId('first-steps')).toBeVisible({ timeout: 8000 });
    }).toPass();

    await page.goto(link);
    await expect(page).toHaveURL(`${site.url}/accept`);
    await page.getByLabel('Your name').fill('Lee Park');
    await page.getByLabel('New password').fill('another sentence here');
    await page.getByRole('button', { name: 'Join' }).click();
    await expect(page).toHaveURL(/\/sign-in/);
    await page.goto(`${site.url}/settings/company`);
    const panel = page.getByTestId('demanded-factor');
    await expect(panel.getByTestId('factor-lacking')).toContainText('1 of 2 have none yet.');
    await panel.getByText('Everybody needs one').click();
    await dialog.getByRole('button', { name: 'Ask everybody' }).click();
    await expect(dialog).toBeHidden();
    await expect(panel).toContainText('before they see anything else');
});

test('who has none sets up an app before all else', async ({ page, site }) => {
    await signInAs(page, site.url, 'lee@plaza.example', 'another sentence here');
    await expect(page.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
    await page.getByRole('button', { name: /Authenticator app/ }).click();
    const secret = await page.getByTestId('totp-secret').innerText();
    await page.getByLabel('The code that the app shows').fill(totp(secret));
    await page.getByRole('button', { name: 'Put it in force' }).click();
    const codes = page.getByTestId('recovery-codes').getByRole('listitem');
    await expect(codes).toHaveCount(10);
    const [first] = await codes.allInnerTexts();
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await expect(
        page.getByTestId('headline').or(page.getByText('Nothing is measured yet')),
    ).toBeVisible();
    await signOut(page);
    await signInAs(page, site.url, 'lee@plaza.example', 'another sentence here');
    await page.getByRole('button', { name: 'I have lost the app' }).click();
    await page.getByLabel('Recovery code').fill(first!);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.locator('main#main')).toBeVisible();
});

test('whom the provider vouches for comes in by their invitation, and nobody else', async ({
    browser,
    site,
}) => {
    // A browser of its own for each: the provider remembers who signed in. What its pages ask of the
    // internet is not ours.
    const bySso = async (login: string, see: (page: Page) => Promise<void>) => {
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.route(/^https:/, route => route.abort());
        await page.goto(`${site.url}/sign-in?next=/settings`);
        await page.getByRole('link', { name: 'Sign in with Plaza' }).click();
        await page.locator('input[name=login]').fill(login);
        await page.locator('input[name=password]').fill('any');
        await page.locator('button[type=submit]').click();
        await page.getByRole('button', { name: 'Continue' }).click();
        await see(page);
        await context.close();
    };
    await bySso('ben', page =>
        expect(page.getByRole('alert')).toContainText('no invitation waits for it'),
    );
    // The company asks everybody for a second factor, and she has none here.
    await bySso('ana', page =>
        expect(page.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible(),
    );
});
