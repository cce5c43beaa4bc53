// What a machine finds against WCAG 2.2 AA on a page as it is now.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Where assets stand close together, so do their signs on the map: where a sign is, is what it says. WCAG
 * 2.5.8 lets them be small then, but for us only where the list beside the map has the same asset.
 */
export async function faultsOf(page: Page): Promise<string[]> {
    await page.evaluate(kAxe);
    return page.evaluate(async () => {
        const { axe } = window as unknown as {
            axe: { run(on: Document, options: object): Promise<AxeResults> };
        };
        const found = await axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        });
        const listed = [
            ...document.querySelectorAll('[data-testid="asset-list"] .asset-list-name'),
        ].map(name => [...name.children].map(part => part.textContent).join(', '));
        const isListedSign = (selector: string) => {
            const sign = document.querySelector(`.asset-sign:is(${selector})`);
            const name = sign?.getAttribute('aria-label') ?? '';
            return listed.some(each => name.startsWith(`${each}, `));
        };
        return found.violations.flatMap(({ id, nodes }) =>
            nodes
                .filter(node => id !== 'target-size' || !isListedSign(String(node.target[0])))
                .map(node => `${id}: ${node.html.slice(0, 160)}`),
        );
    });
}
