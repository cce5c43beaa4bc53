// What a machine finds against WCAG 2.2 AA on a page as it is now.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Of a target, by WCAG 2.5.8. */
const kLeastPixels = 24;

interface Fault {
    rule: string;
    html: string;
    /** The asset whose sign on the map it is. */
    asset: string | undefined;
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
                const sign = document.querySelector<HTMLElement>(
                    `:is(${String(target[0])}):is(button.asset-sign)`,
                );
                return { rule: id, html: html.slice(0, 160), asset: sign?.dataset['asset'] };
            }),
        );
    });
}

/** Assets that the list beside the map opens, by a button that is large enough. */
async function listed(page: Page): Promise<Set<string>> {
    const list = page.getByTestId('asset-list');
    const grip = page.locator('.map-grip[aria-expanded="false"]');
    const isFolded = await grip.isVisible();
    if (isFolded) await grip.click();
    await list.waitFor();
    const assets = await list.locator('button[data-asset]').evaluateAll(
        (buttons, least) =>
            buttons
                .filter(button => {
                    const { width, height } = button.getBoundingClientRect();
                    return width >= least && height >= least;
                })
                .map(button => (button as HTMLElement).dataset['asset']!),
        kLeastPixels,
    );
    if (isFolded) await page.locator('.map-grip').click();
    return new Set(assets);
}

/**
 * Where assets stand close together, so do their signs on the map: where a sign is, is what it says.
 * WCAG 2.5.8 lets a target be small where another on the page does the same and is large enough:
 * the button of that very asset in the list beside the map.
 */
export async function faultsOf(page: Page): Promise<string[]> {
    const faults = await found(page);
    const isSmallSign = (fault: Fault) => fault.rule === 'target-size' && fault.asset !== undefined;
    const others = faults.some(isSmallSign) ? await listed(page) : new Set<string>();
    return faults
        .filter(fault => !isSmallSign(fault) || !others.has(fault.asset!))
        .map(fault => `${fault.rule}: ${fault.html}`);
}
