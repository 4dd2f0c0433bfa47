import { defineConfig } from 'vitest/config';

/** `npm run test:fault`: the long ones. */
export default defineConfig({
  root: `${import.meta.dirname}/..`,
  test: {
    include: ['test/fault/**/*.fault.ts'],
    globalSetup: ['test/support/template-database.ts'],
    // The storm of clicks needs a server, because two processes share the database.
    provide: {
      databaseServer: process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres',
      histories: Number(process.env['HISTORIES'] ?? 100_000),
      reports: Number(process.env['REPORTS'] ?? 10_000),
      clicks: Number(process.env['CLICKS'] ?? 10_000),
      freezes: Number(process.env['FREEZES'] ?? 20),
      kills: Number(process.env['KILLS'] ?? 1_000),
      realKills: Number(process.env['REAL_KILLS'] ?? 10),
      seed: Number(process.env['SEED'] ?? 1),
      outages: (process.env['OUTAGES'] ?? '1,20,180').split(',').map(Number),
    },
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
