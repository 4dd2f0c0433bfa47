import { mergeConfig } from 'vitest/config';
import everyTest from '../vitest.config.ts';

export const ON_SERVER = Boolean(process.env['TEST_DATABASE_URL']);

/** For `npm run test:mutation`: without the stories that start everything, and with nights in memory. */
export default mergeConfig(
  // Stryker's workers are threads, which take no flags for the compiler.
  { ...everyTest, test: { ...everyTest.test, include: ['test/{core,flow,adapters}/**/*.test.ts'], execArgv: [] } },
  {
    test: {
      provide: { nights: ON_SERVER ? 'on a database' : 'in memory' },
      maxWorkers: 1,
      isolate: false,
      // A change after which something never happens is noticed here, and costs no more than this.
      testTimeout: 30_000,
      hookTimeout: 60_000,
    },
  },
);
