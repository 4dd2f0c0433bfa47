import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertFromEml } from '../../src/adapters/eml/alert.ts';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { incidentCard } from '../../src/adapters/teams/card.ts';
import { sendAlert } from '../../src/cli/submit.ts';
import { loadConfig } from '../../src/config/load.ts';
import { type Alert, TakenAlert } from '../../src/core/find/alert.ts';
import { present } from '../../src/core/tell/present.ts';
import { blockProblems } from '../../src/sandbox/slack/block-kit.ts';
import { cardProblems } from '../../src/sandbox/teams/card-rules.ts';
import { factsOf, incidentOf } from '../support/cases.ts';
import { type Story, startStory } from '../support/story.ts';

/** Real mails of others lie beside the project on some machines; one of our own always stands in. */
const FOLDER = join(import.meta.dirname, '../../../shared/samples/eml');

const OWN = Buffer.from(
  [
    'From: Fabrikam, Billing <billing@fabrikam.example>',
    'To: "Emma" <emma@contoso.example>',
    'Subject: =?utf-8?B?PCFjaGFubmVsPiBbcGF5XShodHRwczovL2V2aWwuZXhhbXBsZSkgJHsxKzF9?=',
    'Message-ID: <own-1@fabrikam.example>',
    'Date: Fri, 20 Nov 2026 08:00:00 +0000',
    '',
    'Please pay at https://evil.example/pay',
  ].join('\r\n'),
);

async function mails(): Promise<[name: string, bytes: Buffer][]> {
  const names = existsSync(FOLDER) ? await readdir(FOLDER, { recursive: true }) : [];
  const real = names.filter((name) => name.endsWith('.eml')).sort();
  return [
    ['a mail of our own', OWN],
    ...real.map((name): [string, Buffer] => [name, readFileSync(join(FOLDER, name))]),
  ];
}

const read = (bytes: Buffer) =>
  alertFromEml(bytes, { verdict: 'phishing', to: ['emma@contoso.example'], now: '2026-11-23T12:00:00Z' });
const cards = slackCards();
const cardOf = (alert: Alert) =>
  present(factsOf('open', { incident: { ...incidentOf('open'), alert: TakenAlert.parse(alert) } }));

describe('every mail there is', async () => {
  const all = await mails();

  it.each(all)('%s becomes a card that both platforms take', async (_name, bytes) => {
    const view = cardOf(await read(bytes));
    expect([cardProblems(incidentCard(view)), blockProblems(cards.incident(view).blocks, 'message')]).toEqual([[], []]);
  });

  it.each(all)(
    '%s says nothing that a platform would take for a link, a mention or a template',
    async (_name, bytes) => {
      const view = cardOf(await read(bytes));
      const words = JSON.stringify([view.subject, view.sender, view.facts, view.warnings]);
      expect(words).not.toMatch(/https?:\/\/|\$\{|\{\{|[\u202a-\u202e\u2066-\u2069\u200b]|\\n|\\r/i);
    },
  );

  describe('submitted to the running product', () => {
    let story: Story;
    beforeAll(async () => {
      story = await startStory({ employees: 3, seed: 9 });
    });
    afterAll(() => story.close());

    it('none is lost, none stops it', async () => {
      const { secrets } = loadConfig(story.configFile, {});
      const secret = secrets.tenants[story.sandbox.tenantId]?.intake[0] ?? '';
      const incidents = new Set<string | null>();
      for (const [, bytes] of all) incidents.add((await sendAlert(story.url, secret, await read(bytes))).incident);
      expect(incidents).not.toContain(null);
      expect(incidents.size).toBeGreaterThan(0);
      const ready = await fetch(`${story.url}/readyz`);
      expect(ready.status).toBe(200);
    });
  });
});
