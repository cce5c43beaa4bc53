// What the dashboard shows while it waits, when there is nothing, when something is broken, old,
// or held back. On the stand-in server, which can be all of these.

import { expect, signIn, test, withSimulator } from './fixtures';

test('a wrong password is told, too many are slowed down', async ({ page }) => {
    await withSimulator('normal', async site => {
        await page.goto(site.url);
        await page.getByLabel('E-mail').fill(site.email);
        const password = page.getByLabel('Password', { exact: true });
        const send = page.getByRole('button', { name: 'Sign in', exact: true });
        for (let i = 0; i < 5; ++i) {
            await password.fill(`wrong ${i}`);
            const answered = page.waitForResponse('**/api/v1/session');
            await send.click();
            await answered;
            await expect(page.getByRole('alert')).toHaveText(
                'That e-mail or password is not right.',
            );
        }
        await password.fill('wrong again');
        await send.click();
        await expect(page.getByRole('alert')).toHaveText(/Too many attempts. Try again in \d+ s./);
        await expect(send).toBeDisabled();
    });
});

test('an unreachable server is told at the sign-in', async ({ page }) => {
    await withSimulator('normal', async site => {
        await page.goto(site.url);
        await page.route('**/api/v1/session', route => route.abort());
        await page.getByLabel('E-mail').fill(site.email);
        await page.getByLabel('Password', { exact: true }).fill('x');
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await expect(page.getByRole('alert')).toContainText('The server cannot be reached');
    });
});

test('after signing in one is where one wanted to go', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/exposure?range=7d&grain=hour');
        await expect(page).toHaveURL(/\/exposure\?(grain=hour&range=7d|range=7d&grain=hour)$/);
        await page.goto(`${site.url}/sign-in?next=//example.org/`);
        await page.getByLabel('E-mail').fill(site.email);
        await page.getByLabel('Password', { exact: true }).fill(site.password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await expect(page.getByTestId('headline')).toBeVisible();
        expect(new URL(page.url()).origin).toBe(site.url);
    });
});

test('an address that says nonsense shows the default', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(
            page,
            site,
            '/exposure?tz=Mars/Olympus&range=decade&grain=second&source=x-ray',
        );
        await expect(page.getByTestId('range')).toHaveText('Last 24 hours');
        await expect(page.getByText('times in America/Chicago')).toBeVisible();
        await page.goto(`${site.url}/map?at=91,999,77&show=nothing&asset=asset_gone`);
        await expect(page.getByTestId('asset-list').getByRole('button')).toHaveCount(16);
    });
});

test('a session that ended leads to the sign-in and back', async ({ page, context }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/exposure');
        await expect(page.getByTestId('panel-visits-by-hour')).toBeVisible();
        await context.clearCookies();
        await page.getByTestId('range').click();
        await page.getByTestId('range-7d').click();
        await expect(page).toHaveURL(/\/sign-in\?next=\/exposure/);
        await page.getByLabel('E-mail').fill(site.email);
        await page.getByLabel('Password', { exact: true }).fill(site.password);
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await expect(page).toHaveURL(/\/exposure\?.*range=7d/);
    });
});

test('while it waits the layout stands still', async ({ page }) => {
    await withSimulator('slow', async site => {
        await signIn(page, site);
        const figures = page.locator('.figures');
        await expect(figures).toHaveAttribute('data-loading', 'true');
        const waiting = await figures.boundingBox();
        await expect(page.getByTestId('figure-visits')).toBeVisible({ timeout: 20_000 });
        const shown = await figures.boundingBox();
        expect(Math.abs(shown!.y - waiting!.y)).toBeLessThan(4);
        expect(Math.abs(shown!.height - waiting!.height)).toBeLessThan(4);
    });
});

test('an empty installation leads to a first sensor, and waits for its first report', async ({
    page,
}) => {
    await withSimulator('empty', async site => {
        await signIn(page, site);
        await expect(page.getByText('Nothing is measured yet')).toBeVisible();
        await page.getByRole('link', { name: 'Name it' }).click();
        await expect(page).toHaveURL(/\/assets\?.*connect=new/);
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Name').fill('First truck');
        await dialog.getByLabel('Code').fill('TRK-99');
        await dialog.getByRole('button', { name: 'Make a code' }).click();
        await expect(page.getByTestId('command')).toHaveText(
            /^mobilytics-sensor enroll --server \S+ --claim [0-9A-Z-]{23}$/,
        );
        const steps = page.getByTestId('connect-steps');
        await expect(steps).toContainText('sensor trk-99 has joined');
        await expect(steps).toContainText('First report');
        await dialog.getByRole('link', { name: 'Show it on the map' }).click();
        await expect(page.getByTestId('asset-panel')).toContainText('First truck');
    });
});

test('a taken code is told beside its field', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets?connect=new');
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Name').fill('Another');
        await dialog.getByLabel('Code').fill('TRK-01');
        await dialog.getByRole('button', { name: 'Make a code' }).click();
        await expect(dialog.getByText('you have an asset of this code').first()).toBeVisible();
    });
});

test('a sensor is revoked after a second thought', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets?tab=sensors');
        await page.getByRole('button', { name: 'Revoke sensor trk-03' }).click();
        await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
        await expect(page.getByRole('row', { name: /sensor trk-03/ })).toContainText('Revoked');
    });
});

test('what fails says so, and works again after another try', async ({ page }) => {
    await withSimulator('failing', async site => {
        await signIn(page, site);
        const alert = page
            .getByRole('alert')
            .filter({ hasText: 'The figures could not be loaded' });
        await expect(alert).toContainText('The analytics store does not answer');
        site.simulator!.mode = 'normal';
        await alert.getByRole('button', { name: 'Try again' }).click();
        await expect(page.getByTestId('figure-visits')).toBeVisible();
    });
});

test('what stands still says since when', async ({ page }) => {
    await withSimulator('stale', async site => {
        await signIn(page, site);
        await expect(page.getByText(/Stands still since \d\d:\d\d/)).toBeVisible();
        await expect(page.getByTestId('stream-notice')).toContainText('No sign of life', {
            timeout: 45_000,
        });
    });
});

test('a stream that breaks is told, and opened again', async ({ page }) => {
    await withSimulator('normal', async site => {
        let broken = true;
        await page.route('**/api/v1/live/events', route =>
            broken ? route.abort() : route.continue(),
        );
        await signIn(page, site);
        await expect(page.getByTestId('stream-notice')).toContainText(
            'The live connection is broken',
        );
        broken = false;
        await expect(page.getByTestId('stream-notice')).toBeHidden({ timeout: 30_000 });
    });
});

test('figures of too few devices are held back', async ({ page }) => {
    await withSimulator('suppressed', async site => {
        await signIn(page, site, '/?assets=asset_0190a000-0000-7000-8000-000000000008');
        await expect(page.getByTestId('headline')).toContainText('Too few devices');
        await expect(page.getByTestId('figure-visits')).toContainText('held back');
        await page.getByTestId('figure-visits').click();
        await expect(page.getByRole('dialog')).toContainText('fewer than 10 devices');
        await page.goto(`${site.url}/map`);
        await expect(page.getByTestId('map-legend')).toContainText('with fewer than 10 devices');
    });
});

test('synthetic data are labelled on every page, wide and narrow', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site);
        for (const width of [1440, 390]) {
            await page.setViewportSize({ width, height: 844 });
            for (const path of ['/', '/map', '/exposure', '/assets', '/settings']) {
                await page.goto(site.url + path);
                await expect(
                    page.getByText('Synthetic data').filter({ visible: true }),
                ).toHaveCount(1);
            }
        }
    });
});

test('a browser without WebGL has the list instead of the map', async ({ page }) => {
    await withSimulator('normal', async site => {
        await page.addInitScript(() => {
            HTMLCanvasElement.prototype.getContext = () => null;
        });
        await signIn(page, site, '/map');
        await expect(page.getByText('This browser cannot draw the map')).toBeVisible();
        await expect(page.getByTestId('asset-list').getByRole('button')).toHaveCount(16);
    });
});

test('what was done without an answer is not done twice', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/assets?connect=new');
        const dialog = page.getByRole('dialog');
        const keys: (string | undefined)[] = [];
        let lost = true;
        await page.route('**/api/v1/assets', async route => {
            if (route.request().method() !== 'POST') return route.continue();
            keys.push(route.request().headers()['idempotency-key']);
            if (!lost) return route.continue();
            lost = false;
            await route.fetch();
            await route.abort();
        });
        await dialog.getByLabel('Name').fill('Another');
        await dialog.getByLabel('Code').fill('TRK-77');
        await dialog.getByRole('button', { name: 'Make a code' }).click();
        await expect(dialog.getByRole('alert')).toHaveText('The server cannot be reached.');
        await dialog.getByRole('button', { name: 'Make a code' }).click();
        await expect(page.getByTestId('command')).toBeVisible();
        expect(keys).toHaveLength(2);
        expect(keys[0]).toMatch(/^"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"$/);
        expect(keys[1]).toBe(keys[0]);
        await dialog.getByRole('button', { name: 'Close' }).click();
        await expect(page.getByRole('row', { name: /TRK-77/ })).toHaveCount(1);
    });
});
