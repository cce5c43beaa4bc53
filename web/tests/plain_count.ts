// Ends a test run with one plain line that a program can add up: N passed, N failed.

import type { Reporter as UnitReporter, TestModule } from 'vitest/node';
import type { FullResult, Reporter as WalkReporter, Suite } from '@playwright/test/reporter';

function line(passed: number, failed: number, skipped: number): string {
    return `${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : '');
}

/** For Vitest and for Playwright alike. */
export default class PlainCount implements UnitReporter, WalkReporter {
    private root: Suite | undefined;

    onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[] = []) {
        const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
        for (const module of modules) {
            for (const test of module.children.allTests()) ++counts[test.result().state];
            // A file that does not load has no tests to fail.
            if (module.state() === 'failed' && module.errors().length > 0) ++counts.failed;
        }
        process.stdout.write(
            `\n${line(counts.passed, counts.failed + counts.pending, counts.skipped)}\n`,
        );
    }

    onBegin(...args: unknown[]) {
        this.root = args.at(-1) as Suite;
    }

    onEnd(result: FullResult) {
        const tests = this.root?.allTests() ?? [];
        const of = (...outcomes: string[]) =>
            tests.filter(test => outcomes.includes(test.outcome())).length;
        const failed = of('unexpected', 'flaky');
        const broken = failed === 0 && result.status !== 'passed' ? 1 : 0;
        process.stdout.write(`\n${line(of('expected'), failed + broken, of('skipped'))}\n`);
    }
}
