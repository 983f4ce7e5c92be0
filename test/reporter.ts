// The last line of a test run, in a form that needs no terminal to read: `N passed, N failed, N skipped`.

import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/** Counts the tests of a run and prints the plain closing line after Vitest's own report. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
      // A file that could not even be read has no tests, and must not count as nothing.
      if (module.state() === 'failed' && !tests.some((test) => test.result().state === 'failed')) failed += 1;
    }
    if (errors.length > 0 || reason === 'interrupted') failed += Math.max(1, errors.length);
    // After the summary of the default reporter, which is written when this hook returns.
    process.on('exit', () => console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`));
  }
}
