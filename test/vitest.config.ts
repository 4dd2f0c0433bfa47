import { defineConfig } from 'vitest/config';

const SERVER = process.env['TEST_DATABASE_URL'] ?? '';

/**
 * Nights of the flow are played twice: on a server, and, where there is none, in memory, where a night takes milliseconds.
 * Both stores pass one contract suite; the embedded database is met by that, by nights with an intruder, and by test/story.
 */
export default defineConfig({
  root: `${import.meta.dirname}/..`,
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/template-database.ts'],
    // A PostgreSQL server to run the same suite on, e.g. postgres://postgres@127.0.0.1:5432/test; else embedded.
    provide: { databaseServer: SERVER, nights: SERVER === '' ? 'in memory' : 'on a database' },
    mockReset: true,
    // Generous: the machine that runs this may be busy; no test asserts a time.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // One more than the processors of the machine that is asked for: stories wait more than they compute.
    maxWorkers: 3,
    // Each worker opens embedded databases of its own: a compiler that takes pains costs more than it saves there.
    execArgv: ['--liftoff-only'],
    coverage: { include: ['src/**'] },
  },
});
