import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints `12 passed, 0 failed` as the last line, for what counts tests by the log. What failed outside of a test (a file
 * that cannot be loaded, a hook, an error that nobody awaited) counts as one, so that 0 failed means that all is well.
 */
export const closingLine: Reporter = {
  onTestRunEnd(modules, errors) {
    const states = modules.flatMap((module) => [...module.children.allTests()]).map((test) => test.result().state);
    const count = (state: string) => states.filter((one) => one === state).length;
    const outside = modules.reduce((sum, module) => sum + errorsOutside(module), errors.length);
    process.stdout.write(`${count('passed')} passed, ${count('failed') + outside} failed\n`);
  },
};

const errorsOutside = (module: TestModule): number =>
  [...module.children.allSuites()].reduce((sum, suite) => sum + suite.errors().length, module.errors().length);
