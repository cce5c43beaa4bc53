// Every page of both apps, and what stands open over them, for pictures and for accessibility.

import type { Page } from '@playwright/test';
import { expect } from './fixtures';

export interface Screen {
    name: string;
    path: string;
    /** Before it is looked at: a dialog, a row beside the list. */
    then?: (page: Page) => Promise<void>;
}

const click = (role: 'button' | 'tab', name: string | RegExp) => async (page: Page) => {
    await page.getByRole(role, { name }).first().click();
    await expect(page.getByRole('dialog').first()).toBeVisible();
};

/** The first row of a list, beside it. */
const firstRow = async (page: Page) => {
    await page.locator('[data-row-open]').first().click();
    await expect(page.getByRole('dialog').first()).toBeVisible();
};

export const kEntry: Screen[] = [
    { name: 'sign-in', path: '/sign-in' },
    { name: 'forgotten', path: '/forgotten' },
    { name: 'sign-in-trouble', path: '/sign-in?error=sso_no_account' },
    { name: 'redeem', path: '/redeem#token=reset-1' },
    { name: 'redeem-cut', path: '/redeem' },
    { name: 'accept-over', path: '/accept#token=used' },
    { name: 'accept-cut', path: '/accept' },
    { name: 'confirm-email', path: '/confirm-email#token=email-1' },
    { name: 'confirm-email-cut', path: '/confirm-email' },
    { name: 'unsubscribe', path: '/unsubscribe#token=some' },
];

export const kSettings: Screen[] = [
    { name: 'settings', path: '/settings' },
    { name: 'profile', path: '/settings/profile' },
    { name: 'security', path: '/settings/security' },
    { name: 'security-totp', path: '/settings/security', then: click('button', 'Set it up') },
    { name: 'security-passkey', path: '/settings/security', then: click('button', 'Add one') },
    {
        name: 'profile-email',
        path: '/settings/profile',
        then: async page => {
            await page.getByRole('button', { name: 'Change it' }).click();
            await expect(page.getByLabel('New e-mail')).toBeVisible();
        },
    },
    { name: 'notices', path: '/settings/notices' },
    { name: 'company', path: '/settings/company' },
    {
        name: 'company-factor',
        path: '/settings/company',
        then: async page => {
            await page.getByText('Everybody needs one').click();
            await expect(page.getByRole('dialog')).toBeVisible();
        },
    },
    { name: 'people', path: '/settings/people' },
    { name: 'people-invite', path: '/settings/people?invite=new' },
    { name: 'contacts', path: '/settings/contacts' },
    { name: 'contacts-new', path: '/settings/contacts', then: click('button', 'Add a contact') },
    { name: 'companies', path: '/settings/companies' },
    { name: 'api-keys', path: '/settings/api-keys' },
    { name: 'api-keys-new', path: '/settings/api-keys', then: click('button', 'Make a key') },
    { name: 'webhooks', path: '/settings/webhooks' },
    {
        name: 'webhook',
        path: '/settings/webhooks',
        then: async page => {
            await page.locator('[data-row-open]').first().click();
            await expect(page.getByTestId('table-webhook-attempts')).toBeVisible();
        },
    },
    { name: 'audit', path: '/settings/audit' },
    {
        name: 'audit-entry',
        path: '/settings/audit?action=accounts.company_changed',
        then: firstRow,
    },
    { name: 'privacy', path: '/settings/privacy' },
    { name: 'privacy-retention', path: '/settings/privacy?tab=retention' },
    { name: 'privacy-requests', path: '/settings/privacy?tab=requests' },
    { name: 'privacy-consents', path: '/settings/privacy?tab=consents' },
];

const openCell = async (page: Page) => {
    await page.locator('.quality-cell[data-grade=poor]').first().click();
    await expect(page.getByTestId('quality-day').locator('[data-drawn=true]')).toBeVisible();
};

export const kQuality: Screen[] = [
    { name: 'quality', path: '/quality?range=28d&order=worst' },
    { name: 'quality-finding', path: '/quality?range=28d&finding=gap' },
    { name: 'quality-day', path: '/quality?range=7d&order=worst', then: openCell },
    { name: 'quality-note', path: '/quality?range=7d', then: click('button', 'Add a note') },
    { name: 'exposure-notes', path: '/exposure?range=7d' },
];

export const kBackoffice: Screen[] = [
    { name: 'backoffice-companies', path: '/backoffice/companies' },
    {
        name: 'backoffice-company',
        path: '/backoffice/companies/company_0190c000-0000-7000-8000-000000000002',
    },
    { name: 'backoffice-people', path: '/backoffice/people' },
    { name: 'backoffice-person', path: '/backoffice/people?q=marcus', then: firstRow },
    { name: 'backoffice-contacts', path: '/backoffice/contacts' },
    { name: 'backoffice-sessions', path: '/backoffice/sessions' },
    { name: 'backoffice-impersonations', path: '/backoffice/impersonations' },
    { name: 'backoffice-health', path: '/backoffice/health' },
    { name: 'backoffice-jobs', path: '/backoffice/jobs' },
    { name: 'backoffice-job', path: '/backoffice/jobs?state=discarded', then: firstRow },
    { name: 'backoffice-schedules', path: '/backoffice/jobs?tab=schedules' },
    { name: 'backoffice-webhooks', path: '/backoffice/webhooks' },
    { name: 'backoffice-mail', path: '/backoffice/mail' },
    { name: 'backoffice-letter', path: '/backoffice/mail', then: firstRow },
    { name: 'backoffice-audit', path: '/backoffice/audit' },
];

/** As our staff: in our own house. */
export async function toTheHouse(page: Page, url: string) {
    await page.goto(`${url}/backoffice/`);
    await page.getByRole('button', { name: /Go on as superuser/ }).click();
    await expect(page.getByTestId('table-all-companies')).toBeVisible();
}
