import { describe, expect, test } from 'vitest';
import type { Tenant } from '../../src/config/schema.ts';
import { judgeIntelligence, TABLE_QUERIES } from '../../src/doctor/judge-intelligence.ts';

/** What the doctor says of looks at people, by the tables that the tenant has. */

const HUNTING = ['ThreatHunting.Read.All'];
const graph = (intelligence: boolean, more: object) => ({ graph: { intelligence, ...more } }) as Pick<Tenant, 'graph'>;
const tables = (missing: readonly string[], status = 400) =>
  new Map(
    [...TABLE_QUERIES.keys()].map((table) => [table, { status: missing.includes(table) ? status : 200, code: '' }]),
  );

describe('looks at people', () => {
  test.each([
    ['switched off', false, [], tables([]), 'ok', /switched off/],
    ['without hunting', true, HUNTING, null, 'warn', /hardly anything/],
    [
      'without hunting, with other logs',
      true,
      [],
      null,
      'ok',
      /Entra logs them; rules/,
      { signInLogs: true, auditSearch: true },
    ],
    [
      'without cloud apps, with other logs',
      true,
      HUNTING,
      tables(['CloudAppEvents']),
      'warn',
      /asked instead/,
      { auditSearch: true },
    ],
    ['without the role', true, [], tables([]), 'skip', /role is missing/],
    ['with everything', true, HUNTING, tables([]), 'ok', /all tables are there/],
    ['with the older sign-ins', true, HUNTING, tables(['EntraIdSignInEvents']), 'ok', /AADSignInEventsBeta/],
    ['without cloud apps', true, HUNTING, tables(['CloudAppEvents']), 'warn', /rules, forwarding, consents/],
    ['at a busy moment', true, HUNTING, tables(['EmailEvents'], 429), 'warn', /not every table answered/],
  ] as const)('%s', (_name, isOn, roles, seen, verdict, words, more?: object) => {
    const finding = judgeIntelligence(graph(isOn, more ?? {}), roles, seen);
    expect([finding.state, finding.found]).toEqual([verdict, expect.stringMatching(words)]);
  });
});
