import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, complaints, startBench } from './bench.ts';
import type { Faults } from './fault.ts';
import { CHAT_FAULTS } from './faults-chat.ts';
import { ENTRA_FAULTS } from './faults-entra.ts';

/** One thing is wrong at a time, and the doctor has to say which. */

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const nothing = () => undefined;

const OWN_FAULTS: Faults = {
  'the configuration has an unknown key': {
    change: ({ config }) => Object.assign(config, { lisen: {} }),
    check: 'configuration',
    words: 'unknown key lisen',
  },
  'secrets are missing': {
    change: ({ env }) =>
      delete env['CLAWBACK_SANDBOX_SLACK_SIGNING_SECRET'] && delete env['CLAWBACK_SANDBOX_BOT_SECRET'],
    check: 'secrets',
    words: 'CLAWBACK_SANDBOX_BOT_SECRET is not set',
  },
  'the policy has an unknown key': {
    change: ({ policy }) => Object.assign(policy, { ruels: [] }),
    check: 'policy',
    words: 'unknown key ruels',
  },
  'the policy wants a fresh sign-in and there is no page for it': {
    change: ({ tenant }) => delete tenant.signIn,
    check: 'policy',
    words: 'has no signIn in clawback.yaml',
  },
  'the clock is ten minutes fast': { clock: 600_000, check: 'clock', words: '10 min ahead of' },
  'the clock is ten minutes slow': { clock: -600_000, check: 'clock', words: '10 min behind' },
  'the database server is dead': {
    change: ({ env }) => Object.assign(env, { DATABASE_URL: 'postgres://clawback@127.0.0.1:9/clawback' }),
    check: 'database',
    words: 'DATABASE_URL does not answer',
  },
  'the data folder cannot be written': {
    change: ({ config, folder }) => {
      writeFileSync(join(folder, 'taken'), '');
      config.data = join(folder, 'taken');
    },
    check: 'data folder',
    words: 'is not a folder',
  },
  'something else listens where Clawback should': {
    change: ({ config, sandbox }) => Object.assign(config.listen, { port: Number(new URL(sandbox.slack.url).port) }),
    check: 'endpoint',
    words: 'something else answers',
  },
  'too few approvers can press a button': {
    change: ({ tenant }) => {
      delete tenant.teams;
      tenant.approvers = tenant.approvers.slice(0, 2);
      delete tenant.approvers[1].slackId;
    },
    check: 'quorum',
    words: 'only 1 approvers can press a button (“more than five mailboxes” needs 2',
  },
};

describe('the doctor names the one thing that is wrong', () => {
  it.each(Object.entries({ ...OWN_FAULTS, ...ENTRA_FAULTS, ...CHAT_FAULTS }))(
    '%s',
    async (_name, { change, seed, clock, check, words }) => {
      const mend = (await seed?.(bench)) ?? nothing;
      try {
        const look = clock === undefined ? {} : { now: () => Date.now() + clock };
        const findings = await bench.examined(change, look);
        const failing = complaints(findings, 'fail').map((line) => line.split(': ')[0]);
        expect([failing, complaints(findings, 'fail').join()]).toEqual([[check], expect.stringContaining(words)]);
      } finally {
        await mend();
      }
    },
  );

  it('every failing line says how to mend it', async () => {
    const findings = await bench.examined(({ tenant }) => Object.assign(tenant.slack, { channel: 'C0NOWHERE' }));
    expect(findings.filter(({ state, mend }) => (state === 'fail') !== (mend !== ''))).toEqual([]);
  });
});
