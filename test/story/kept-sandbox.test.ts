import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readKept } from '../../src/sandbox/cli/kept-place.ts';
import { openSandbox, type SandboxPlace } from '../../src/sandbox/cli/open.ts';

/** Somebody tries the sandbox in the evening and goes on the next morning. */

let folder: string;
let place: SandboxPlace;

function begin(): Promise<SandboxPlace> {
  const found = readKept(folder);
  const kept = found.is === 'kept' ? { kept: found.place } : {};
  return openSandbox({ folder, env: {}, log: () => undefined, ports: 'any', employees: 30, ...kept });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clawback-kept-'));
  place = await begin();
});

afterAll(async () => {
  await place?.close();
  rmSync(folder, { recursive: true, force: true });
});

const inSight = () =>
  place.sandbox.tenant
    .mailboxes()
    .flatMap(({ folders }) => folders)
    .filter(({ name }) => ['Inbox', 'Archive', 'Junk Email'].includes(name))
    .reduce((sum, { total }) => sum + total, 0);
const slackCards = () => place.sandbox.slack.messages();
const teamsCards = () => place.sandbox.teams.messages().flatMap(({ activities }) => activities);

async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain until ${what}`);
}

const offers = (verb: string) => async () =>
  JSON.stringify(await slackCards()).includes(`cb:${verb}`) && JSON.stringify(teamsCards()).includes(`"${verb}"`);
const stamps = async () => [(await slackCards()).map(({ ts }) => ts), teamsCards().map(({ id }) => id)];

/** Dana presses in Slack, Omar in Teams. */
async function together(verb: string): Promise<void> {
  await until(`both cards offer ${verb}`, offers(verb));
  await place.sandbox.slack.click('dana', (await slackCards())[0]?.ts ?? '', `cb:${verb}`);
  await place.sandbox.teams.click('omar', teamsCards()[0]?.id ?? '', verb);
}

test('what was purged yesterday is purged today, in mailboxes and on cards, and its undo works', async () => {
  const landed = inSight();
  await together('purge');
  await until('both cards tell the purge', offers('undo'));
  const left = inSight();
  expect(left).toBe(landed - 31);
  const cards = await stamps();
  await place.close();

  place = await begin();
  expect(inSight()).toBe(left);
  expect(await stamps()).toEqual(cards);
  await together('undo');
  await until('the copies are back', () => inSight() === landed);
});

test('what cannot be read is not taken up', () => {
  const other = mkdtempSync(join(tmpdir(), 'clawback-kept-'));
  expect(readKept(other)).toEqual({ is: 'nothing' });
  writeFileSync(join(other, 'stand-ins.json'), '{"v":1,"ten');
  expect(readKept(other)).toEqual({ is: 'unreadable' });
  writeFileSync(join(other, 'stand-ins.json'), '{"v":2}');
  expect(readKept(other)).toEqual({ is: 'unreadable' });
  rmSync(other, { recursive: true, force: true });
});
