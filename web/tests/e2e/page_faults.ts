// What a machine finds against WCAG 2.2 AA on a page as it is now.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Fault {
    rule: string;
    html: string;
    /** Of an asset's sign on the map. */
    sign: string;
}

async function found(page: Page): Promise<Fault[]> {
    await page.evaluate(kAxe);
    return page.evaluate(async () => {
        const { axe } = window as unknown as {
            axe: { run(on: Document, options: object): Promise<AxeResults> };
        };
        const { violations } = await axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        });
        return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ html, target }) => {
                const element = document.querySelector(String(target[0]));
                const isSign = element?.matches('.asset-sign') ?? false;
                return {
                    rule: id,
                    html: html.slice(0, 160),
                    sign: (isSign && element?.getAttribute('aria-label')) || '',
                };
            }),
        );
    });
}

/** Name and code of each asset in the list beside the map; on a phone it is unfolded for that. */
async function listed(page: Page): Promise<string[]> {
    const list = page.getByTestId('asset-list');
    const grip = page.locator('.map-grip[aria-expanded="false"]');
    const isFolded = await grip.isVisible();
    if (isFolded) await grip.click();
    await list.waitFor();
    const names = await list
        .locator('.asset-list-name')
        .evaluateAll(rows =>
            rows.map(row => [...row.children].map(part => part.textContent).join(', ')),
        );
    if (isFolded) await page.locator('.map-grip').click();
    return names;
}

/**
 * Where assets stand close together, so do their signs on the map: where a sign is, is what it says.
 * WCAG 2.5.8 lets them be small then, but for us only where the list of the map has the same asset.
 */
export async function faultsOf(page: Page): Promise<string[]> {
    const faults = await found(page);
    const isSmallSign = (fault: Fault) => fault.rule === 'target-size' && fault.sign !== '';
    const names = faults.some(isSmallSign) ? await listed(page) : [];
    return faults
        .filter(
            fault => !isSmallSign(fault) || !names.some(name => fault.sign.startsWith(`${name}, `)),
        )
        .map(fault => `${fault.rule}: ${fault.html}`);
}
