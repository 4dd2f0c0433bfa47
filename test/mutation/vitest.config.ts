import { statSync } from 'node:fs';
import { mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import everyTest from '../vitest.config.ts';

export const ON_SERVER = Boolean(process.env['TEST_DATABASE_URL']);

/** The first test that fails ends it for one change: small files first, which are about one thing and take no time. */
class SmallFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sizes = new Map(files.map((file) => [file, statSync(file.moduleId).size]));
    return Promise.resolve(files.toSorted((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0)));
  }
}

/** For `npm run test:mutation`: without the stories that start everything, and with nights in memory. */
export default mergeConfig(
  // Stryker's workers are threads, which take no flags for the compiler.
  { ...everyTest, test: { ...everyTest.test, include: ['test/{core,flow,adapters}/**/*.test.ts'], execArgv: [] } },
  {
    test: {
      provide: { nights: ON_SERVER ? 'on a database' : 'in memory' },
      maxWorkers: 1,
      isolate: false,
      sequence: { sequencer: SmallFirst },
      // The first run, of every test on a machine that may be busy with something else, must not meet it. After a change
      // by which something never happens, Stryker's own patience ends first: it is measured by that first run.
      testTimeout: 600_000,
      hookTimeout: 600_000,
    },
  },
);
