// A server to walk through, and what every walk watches for: errors on the page, requests to
// anywhere else.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test as base } from '@playwright/test';
import type { Page } from '@playwright/test';
import { Simulator } from '../simulator/server';
import type { Mode } from '../simulator/server';

export interface Site {
    url: string;
    email: string;
    password: string;
    /** The stand-in; none when the server is real. */
    simulator?: Simulator;
}

const kSite = fileURLToPath(new URL('../../apps/dashboard/dist', import.meta.url));
const kBackoffice = fileURLToPath(new URL('../../dist/backoffice', import.meta.url));

export const kRealUrl = process.env['MOBILYTICS_URL'];

/** The stand-in in a mode, for one test. */
export async function withSimulator(mode: Mode, walk: (site: Site) => Promise<void>) {
    if (!existsSync(`${kSite}/index.html`)) throw new Error('npm run build comes first.');
    const simulator = new Simulator({
        mode,
        site: kSite,
        backoffice: kBackoffice,
        sensorPauseMs: 700,
    });
    const url = await simulator.start();
    try {
        await walk({ url, email: simulator.email, password: simulator.password, simulator });
    } finally {
        await simulator.stop();
    }
}

/** `then`: what is asked for after the password, when it is not the page itself. */
export async function signIn(page: Page, site: Site, path = '/', then?: 'one-time' | 'code') {
    await page.goto(site.url + path);
    await page.getByLabel('E-mail').fill(site.email);
    await page.getByLabel('Password', { exact: true }).fill(site.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    if (then === 'one-time') await expect(page.getByLabel('New password')).toBeVisible();
    else if (then === 'code') await expect(page.getByLabel('Code')).toBeVisible();
    else await expect(page.locator('main#main')).toBeVisible();
}

interface Watched {
    watched: { errors: string[]; elsewhere: string[] };
}

interface Shared {
    site: Site;
}

export const test = base.extend<Watched, Shared>({
    site: [
        async ({}, use) => {
            if (kRealUrl) {
                const password = process.env['MOBILYTICS_PASSWORD'] ?? '';
                const email = process.env['MOBILYTICS_EMAIL'] ?? 'owner@localhost';
                await use({ url: kRealUrl.replace(/\/$/, ''), email, password });
            } else {
                await withSimulator('normal', use);
            }
        },
        { scope: 'worker' },
    ],
    watched: [
        async ({ page }, use) => {
            const watched: Watched['watched'] = { errors: [], elsewhere: [] };
            page.on('pageerror', error => watched.errors.push(error.message));
            page.on('request', request => {
                const url = new URL(request.url());
                const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
                const own = kRealUrl !== undefined && url.host === new URL(kRealUrl).host;
                if (url.protocol.startsWith('http') && !local && !own) {
                    watched.elsewhere.push(request.url());
                }
            });
            await use(watched);
            expect(watched.elsewhere, 'nothing is asked of the internet').toEqual([]);
            expect(watched.errors, 'nothing is thrown on the page').toEqual([]);
        },
        { auto: true },
    ],
});

export { expect };
