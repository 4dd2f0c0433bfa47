import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openSandbox, type Sandbox } from '../sandbox/graph-stand-in.ts';
import { delivered, LOOK_ROLES, NETWORK_ID, OTHER_LOGS } from '../support/look-around.ts';

/** `npm run test:fault -- people`: how long a look at a thousand people takes, where each request takes its time and waits are real. */

const PEOPLE = 1_000;
const SERVICE_MS = 300;
const MINUTE = 60_000;
const DAYS = 14;

const say = (words: string) => void process.stdout.write(`${words}\n`);

async function tenantOf(hunting: boolean): Promise<readonly [Sandbox, readonly string[]]> {
  const names = Array.from({ length: PEOPLE }, (_none, n) => `person${n}`);
  const graph = { hunting, limits: { serviceMs: [SERVICE_MS, SERVICE_MS] as const } };
  const sandbox = await openSandbox({ users: names, roles: [...LOOK_ROLES, ...OTHER_LOGS], graph });
  for (let day = 0; day < DAYS; day += 1) {
    for (const [n, name] of names.entries()) sandbox.tenant.userSignsIn(name, { ip: `203.0.113.${n % 250}` });
    sandbox.pass(1_440 * MINUTE);
  }
  return [sandbox, names];
}

/** One in a hundred is taken over. */
function takenOver({ tenant }: Sandbox, names: readonly string[]): void {
  for (const name of names.filter((_name, n) => n % 100 === 0)) {
    tenant.userClicks(name, { networkMessageId: NETWORK_ID, url: 'https://login.fabrikam.example' });
    tenant.userSignsIn(name, { ip: '198.51.100.7', country: 'NG', factor: 'single' });
    tenant.ruleTold(name, { name: '.', marksRead: true, moveTo: 'RSS Feeds' });
    tenant.consentTold(name, { name: 'Mail Helper', id: randomUUID(), scopes: ['Mail.Read'] });
  }
}

it.each([
  ['by hunting', true, {}],
  ['by other logs', false, { hunting: false, signInLogs: true, auditSearch: true }],
] as const)(`a look at ${PEOPLE} people %s`, async (way, hunting, on) => {
  const [sandbox, names] = await tenantOf(hunting);
  await using _ = sandbox;
  const { around } = delivered(sandbox, names, {
    on,
    async sleep(ms) {
      await delay(ms);
      sandbox.pass(ms);
    },
  });
  sandbox.pass(5 * MINUTE);
  takenOver(sandbox, names);
  sandbox.pass(100 * MINUTE);
  let batches = 0;
  sandbox.graph.onBatch(() => {
    batches += 1;
  });
  const begun = performance.now();
  const look = await around();
  const took = performance.now() - begun;
  const alone = sandbox.graph.log.entries().filter(({ inBatch }) => !inBatch).length;
  const answered = look.answers.filter(({ is }) => is === 'answered').map(({ source, asked }) => `${source} ${asked}`);
  say(
    `${PEOPLE} people ${way}: ${Math.round(took)} ms, ${alone + batches} requests of ${SERVICE_MS} ms, ` +
      `${look.findings.length} findings; answered: ${answered.join(', ')}`,
  );
  expect(look.asked).toBe(PEOPLE);
  expect(look.findings.length).toBeGreaterThan(0);
});
