// What a machine finds against WCAG 2.2 AA on a page as it is now.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function faultsOf(page: Page): Promise<string[]> {
    await page.evaluate(kAxe);
    const found = await page.evaluate(() =>
        (
            window as unknown as {
                axe: { run(on: Document, options: object): Promise<AxeResults> };
            }
        ).axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        }),
    );
    return found.violations.flatMap(violation =>
        violation.nodes.map(node => `${violation.id}: ${node.html.slice(0, 160)}`),
    );
}
