// npm run e2e: the built dashboard in Debian's Chromium. Against the stand-in server; and where
// MOBILYTICS_URL and MOBILYTICS_PASSWORD name a real one, the walk goes there.

import { defineConfig } from '@playwright/test';

export default defineConfig({
    testDir: '.',
    testIgnore: [
        // Pictures are for people: made when it is said where to.
        ...(process.env['MOBILYTICS_SCREENSHOTS']
            ? []
            : ['screenshots.spec.ts', 'console_pictures.spec.ts']),
        // On a server of its own only, with a provider beside it: tests/e2e/entry_walk.py.
        ...(process.env['MOBILYTICS_URL'] ? [] : ['real_entry.spec.ts']),
    ],
    outputDir: '../../test-results',
    timeout: 90_000,
    expect: { timeout: 15_000 },
    workers: 1,
    forbidOnly: true,
    reporter: [['list'], ['../plain_count.ts']],
    use: {
        viewport: { width: 1440, height: 900 },
        locale: 'en-US',
        // The browser's own zone must not matter.
        timezoneId: 'Pacific/Auckland',
        trace: 'retain-on-failure',
        launchOptions: {
            executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
            args: [
                '--no-sandbox',
                '--disable-gpu',
                '--disable-quic',
                '--no-first-run',
                '--disable-background-networking',
                '--disable-component-update',
                '--disable-sync',
            ],
        },
    },
});
