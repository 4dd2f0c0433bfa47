import { defineConfig } from 'vitest/config';
import everyTest from '../vitest.config.ts';

/** For the copy of the product that knows what is made up here. */
export default defineConfig({ ...everyTest, test: { ...everyTest.test, include: ['test/made-up/**/*.story.ts'] } });
