// What several walks do: a second factor, out again, a browser with an authenticator in it.

import type { Page } from '@playwright/test';
import { kCode } from '../simulator/accounts';
import { expect } from './fixtures';
import type { Site } from './fixtures';

/** In the dialog of the security page that stands open. */
export async function setUpTotp(page: Page, password: string, code: string) {
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your password').fill(password);
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await expect(dialog.getByRole('img', { name: /QR code/ })).toBeVisible();
    await dialog.getByLabel('The code that the app shows').fill(code);
    await dialog.getByRole('button', { name: 'Put it in force' }).click();
    const codes = await dialog.getByTestId('recovery-codes').getByRole('listitem').allInnerTexts();
    expect(codes).toHaveLength(10);
    await dialog.getByRole('button', { name: 'I have kept them' }).click();
    await expect(page.getByText('In force')).toBeVisible();
    return codes;
}

export async function withSecondFactor(page: Page, site: Site) {
    await page.goto(`${site.url}/settings/security`);
    await page.getByRole('button', { name: 'Set it up' }).click();
    return setUpTotp(page, site.password, kCode);
}

export async function signOut(page: Page) {
    await page.getByRole('button', { name: /You and the looks/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page.getByLabel('E-mail')).toBeVisible();
}

/** A fingerprint reader that always says yes. Passkeys are of a domain: `localhost`, not 127.0.0.1. */
export async function withAuthenticator(page: Page) {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
        options: {
            protocol: 'ctap2',
            transport: 'internal',
            hasResidentKey: true,
            hasUserVerification: true,
            isUserVerified: true,
            automaticPresenceSimulation: true,
        },
    });
    return {
        /** While it does not, what the browser offers by itself waits. */
        simulate: (enabled: boolean) =>
            devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }),
    };
}

export const byName = (site: Site): Site => ({
    ...site,
    url: site.url.replace('127.0.0.1', 'localhost'),
});
