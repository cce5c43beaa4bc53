// The privacy floor: where the company has none of its own, the one in force is named.

import { expect, signIn, test, withSimulator } from './fixtures';

test('the floor of the installation is named where the company has none', async ({ page }) => {
    await withSimulator('normal', async site => {
        await signIn(page, site, '/settings/privacy');
        await expect(page.getByPlaceholder('As the installation has it: 10')).toBeVisible();
    });
});
