import { defineConfig } from 'vitest/config';

export default defineConfig({
    test: {
        include: ['apps/*/src/**/*.test.ts', 'packages/*/src/**/*.test.ts', 'tests/*.test.ts'],
        reporters: ['default', './tests/plain_count.ts'],
        // What is local must not come from the machine that tests.
        env: { TZ: 'Pacific/Auckland' },
    },
});
