// A new asset's place is picked on the map: by click, tap, drag or keys; and typed. On the stand-in
// server.

import type { Locator, Page } from '@playwright/test';
import { expect, signIn, test, withSimulator } from './fixtures';
import type { Site } from './fixtures';
import { faultsOf } from './page_faults';

interface Place {
    latitude: number;
    longitude: number;
}

/** Beyond the stand-in's fleet: the map has to go there. */
const kGary: Place = { latitude: 41.6, longitude: -87.3 };
/** As near as the map goes to a place that is typed. */
const kZoom = 14;
const kMetresRound = 40_075_016.7;

const metresPerPixel = (latitude: number) =>
    (kMetresRound * Math.cos((latitude * Math.PI) / 180)) / (512 * 2 ** kZoom);

function metresBetween(a: Place, b: Place): number {
    const degree = kMetresRound / 360;
    const east = (b.longitude - a.longitude) * Math.cos((a.latitude * Math.PI) / 180);
    return Math.hypot(east, b.latitude - a.latitude) * degree;
}

async function newBillboard(page: Page, site: Site, drawn = true): Promise<Locator> {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await signIn(page, site, '/assets?connect=new');
    const dialog = page.getByRole('dialog', { name: 'Connect a sensor' });
    await dialog.getByText('Billboard').click();
    await dialog.getByLabel('Name').fill('Gary west wall');
    await dialog.getByLabel('Code').fill('BB-77');
    if (drawn) {
        await expect(dialog.locator('[data-testid=place-map][data-idle=true]')).toBeVisible();
    }
    return dialog;
}

const pinOf = (dialog: Locator) => dialog.getByRole('button', { name: /^Pin/ });

/** Of the tip of the pin from where it should be, which is counted from the map's middle. */
async function pixelsOff(dialog: Locator, east: number, south: number): Promise<number> {
    const map = (await dialog.getByTestId('place-map').boundingBox())!;
    const pin = (await pinOf(dialog).boundingBox())!;
    return Math.hypot(
        pin.x + pin.width / 2 - (map.x + map.width / 2) - east,
        pin.y + pin.height - 2 - (map.y + map.height / 2) - south,
    );
}

async function expectPin(dialog: Locator, east: number, south: number) {
    await expect.poll(() => pixelsOff(dialog, east, south)).toBeLessThan(1.5);
}

async function typed(dialog: Locator, at: Place) {
    await dialog.getByLabel('Latitude').fill(String(at.latitude));
    await dialog.getByLabel('Longitude').fill(String(at.longitude));
}

async function shown(dialog: Locator): Promise<Place> {
    return {
        latitude: Number(await dialog.getByLabel('Latitude').inputValue()),
        longitude: Number(await dialog.getByLabel('Longitude').inputValue()),
    };
}

/** A place that is so many pixels from another, where the map shows it at `kZoom`. */
function beside(at: Place, east: number, south: number): Place {
    const metre = 360 / kMetresRound;
    const scale = metresPerPixel(at.latitude);
    return {
        latitude: at.latitude - south * scale * metre,
        longitude: at.longitude + (east * scale * metre) / Math.cos((at.latitude * Math.PI) / 180),
    };
}

async function clickAt(dialog: Locator, east: number, south: number) {
    const map = dialog.getByTestId('place-map');
    const { width, height } = (await map.boundingBox())!;
    await map.click({ position: { x: width / 2 + east, y: height / 2 + south } });
}

test('what is typed moves the pin; what is clicked is sent', async ({ page }) => {
    await withSimulator('normal', async site => {
        const dialog = await newBillboard(page, site);
        await expect(dialog).toContainText('Click the map where it stands.');
        await expect(pinOf(dialog)).toHaveCount(0);

        await typed(dialog, kGary);
        await expectPin(dialog, 0, 0);
        await expect(dialog).toContainText('Drag the pin to correct it.');

        await clickAt(dialog, 90, -60);
        await expectPin(dialog, 90, -60);
        const clicked = beside(kGary, 90, -60);
        expect(metresBetween(await shown(dialog), clicked)).toBeLessThan(4);

        // Closer goes to the pin, not to the middle.
        await dialog.getByRole('button', { name: 'Closer' }).click();
        await expectPin(dialog, 90, -60);
        expect(metresBetween(await shown(dialog), clicked)).toBeLessThan(4);

        const asked = page.waitForRequest(
            request => request.method() === 'POST' && request.url().endsWith('/assets'),
        );
        await dialog.getByRole('button', { name: 'Make a code' }).click();
        const { latitude, longitude, ...rest } = (await asked).postDataJSON() as Place & object;
        expect(rest).toEqual({ code: 'BB-77', name: 'Gary west wall', kind: 'billboard' });
        expect(metresBetween({ latitude, longitude }, clicked)).toBeLessThan(4);
        await expect(page.getByTestId('command')).toBeVisible();
    });
});

test('the pin is dragged, and its head is no ground', async ({ page }) => {
    await withSimulator('normal', async site => {
        const dialog = await newBillboard(page, site);
        await typed(dialog, kGary);
        await expectPin(dialog, 0, 0);
        const pin = (await pinOf(dialog).boundingBox())!;
        const [x, y] = [pin.x + pin.width / 2, pin.y + 18];
        await page.mouse.click(x, y);
        expect(await shown(dialog)).toEqual(kGary);
        await page.mouse.move(x, y);
        await page.mouse.down();
        await page.mouse.move(x + 20, y + 20);
        await page.mouse.move(x + 50, y + 40);
        await page.mouse.up();
        await expectPin(dialog, 50, 40);
        expect(metresBetween(await shown(dialog), beside(kGary, 50, 40))).toBeLessThan(4);
    });
});

test('a place is picked by keys alone', async ({ page }) => {
    await withSimulator('normal', async site => {
        const dialog = await newBillboard(page, site);
        const canvas = dialog.getByRole('region', { name: /arrow keys move it/ });
        await canvas.focus();
        await page.keyboard.press('ArrowRight');
        await dialog.getByRole('button', { name: 'Use the middle of the map' }).focus();
        await page.keyboard.press('Enter');
        await expectPin(dialog, 0, 0);

        const before = await shown(dialog);
        await pinOf(dialog).focus();
        await page.keyboard.press('Shift+ArrowUp');
        await page.keyboard.press('ArrowLeft');
        await expectPin(dialog, -2, -20);
        const after = await shown(dialog);
        expect(after.latitude).toBeGreaterThan(before.latitude);
        expect(after.longitude).toBeLessThan(before.longitude);
        await expect(pinOf(dialog)).toBeFocused();
    });
});

test('what cannot be a place is told beside its field, and not sent', async ({ page }) => {
    await withSimulator('normal', async site => {
        const dialog = await newBillboard(page, site);
        const sent: string[] = [];
        page.on('request', request => {
            if (request.method() === 'POST') sent.push(request.url());
        });
        const latitude = dialog.getByLabel('Latitude');
        const longitude = dialog.getByLabel('Longitude');
        const make = dialog.getByRole('button', { name: 'Make a code' });
        await typed(dialog, { latitude: 90.5, longitude: -181 });
        await expect(latitude).toHaveAccessibleDescription('From -90 to 90 degrees.');
        await expect(longitude).toHaveAccessibleDescription('From -180 to 180 degrees.');
        await expect(pinOf(dialog)).toHaveCount(0);
        await make.click();
        await expect(latitude).toBeFocused();
        await expect(latitude).toHaveValue('90.5');

        await latitude.fill('-90');
        await longitude.fill('');
        await expect(latitude).toHaveAccessibleDescription('');
        await make.click();
        await expect(longitude).toHaveAccessibleDescription('Give both, or neither.');
        await expect(longitude).toBeFocused();
        await longitude.fill('180');
        await expect(longitude).toHaveAccessibleDescription('');
        await expect(pinOf(dialog)).toHaveCount(1);
        expect(sent).toEqual([]);

        // A vehicle is where its sensor says.
        const asked = page.waitForRequest(
            request => request.method() === 'POST' && request.url().endsWith('/assets'),
        );
        await dialog.getByText('Vehicle').click();
        await make.click();
        expect((await asked).postDataJSON()).toEqual({
            code: 'BB-77',
            name: 'Gary west wall',
            kind: 'vehicle',
        });
    });
});

test('where no map can be drawn, the position is typed', async ({ page }) => {
    await withSimulator('normal', async site => {
        await page.addInitScript(() => {
            HTMLCanvasElement.prototype.getContext = () => null;
        });
        const dialog = await newBillboard(page, site, false);
        await expect(dialog).toContainText('Type the position instead.');
        await expect(dialog.getByRole('button', { name: /middle/ })).toHaveCount(0);
        await typed(dialog, kGary);
        const asked = page.waitForRequest(
            request => request.method() === 'POST' && request.url().endsWith('/assets'),
        );
        await dialog.getByRole('button', { name: 'Make a code' }).click();
        expect((await asked).postDataJSON()).toMatchObject({ ...kGary });
    });
});

/** By one finger. */
async function drag(page: Page, [x, y]: [number, number], [east, south]: [number, number]) {
    const browser = await page.context().newCDPSession(page);
    const touch = (type: 'touchStart' | 'touchMove', part: number) =>
        browser.send('Input.dispatchTouchEvent', {
            type,
            touchPoints: [{ x: x + east * part, y: y + south * part }],
        });
    await touch('touchStart', 0);
    for (const tenth of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) await touch('touchMove', tenth / 10);
    await browser.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`on a phone, ${colorScheme}`, () => {
        test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

        test('a tap picks, a finger drags the pin or scrolls the form', async ({ page }) => {
            await withSimulator('normal', async site => {
                await page.emulateMedia({ colorScheme });
                await page.setViewportSize({ width: 390, height: 600 });
                const dialog = await newBillboard(page, site);
                const map = dialog.getByTestId('place-map');
                await map.scrollIntoViewIfNeeded();
                const { x, y, width, height } = (await map.boundingBox())!;
                await drag(page, [x + width / 2 - 40, y + height - 40], [0, -80]);
                await expect.poll(async () => (await map.boundingBox())!.y).toBeLessThan(y - 40);
                await expect(pinOf(dialog)).toHaveCount(0);

                await map.tap({ position: { x: width / 2 - 60, y: height / 2 + 10 } });
                await expectPin(dialog, -60, 10);
                const before = (await map.boundingBox())!;
                const pin = (await pinOf(dialog).boundingBox())!;
                await drag(page, [pin.x + pin.width / 2, pin.y + 18], [30, 40]);
                await expectPin(dialog, -30, 50);
                expect((await map.boundingBox())!.y).toBe(before.y);
                expect(await faultsOf(page)).toEqual([]);
                const overflow = await page.evaluate(
                    () => document.documentElement.scrollWidth - window.innerWidth,
                );
                expect(overflow).toBeLessThanOrEqual(0);
            });
        });
    });
}
