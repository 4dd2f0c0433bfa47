import { defineConfig } from 'vitest/config';
import everyTest from '../vitest.config.ts';

/** For the copy of the product that knows what is made up here. Its nights are in memory: they are about what is joined. */
export default defineConfig({
  ...everyTest,
  test: {
    ...everyTest.test,
    include: ['test/made-up/**/*.story.ts'],
    globalSetup: [],
    provide: { databaseServer: '', nights: 'in memory' },
  },
});
