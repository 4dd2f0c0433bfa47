import { afterAll, beforeAll, expect, test } from 'vitest';
import { approveTogether, become, pressInSlack, pressInTeams, untilInSight, type Visit, visit } from './visit.ts';

let here: Visit;

beforeAll(async () => {
  here = await visit();
});

afterAll(() => here?.close());

test('two people in two chats take a phishing wave out of 400 mailboxes, and put it back', async () => {
  const { page, slack, teams } = here;
  await untilInSight(here, 400);
  await approveTogether(here);
  await untilInSight(here, 0);
  await slack.getByText('Purged: 400 removed').waitFor();
  await teams.getByText('Purged: 400 removed').waitFor();
  await become(here, 'Dana');
  await pressInSlack(here, 'Undo the purge', 'Put it back');
  await slack.getByText('Only visible to you').last().waitFor();
  await become(here, 'Lena');
  await pressInTeams(here, 'Undo the purge', 'Put it back');
  await untilInSight(here, 400);
  await page.getByText('That is the whole story').or(page.getByText('Every step is bound')).waitFor();
});

test('one byte changed in a copy of the record is found by verification', async () => {
  const { page } = here;
  const record = page.getByRole('region', { name: 'Record' });
  await record.getByText('Chain whole').waitFor();
  await record.getByLabel('Entry').fill('3');
  await record.getByRole('button', { name: 'Change one byte' }).click();
  await record.getByText(/broken at entry 3, the bytes were changed/).waitFor();
  await record.getByRole('button', { name: 'Back to the stored bytes' }).click();
  await record.getByText('Chain whole').waitFor();
});

test('a mailbox opens and shows where its copy is', async () => {
  const { page } = here;
  await page.getByRole('button', { name: /^employee0001@/ }).click();
  const mailbox = page.getByRole('dialog', { name: /employee0001@/ });
  await mailbox.getByText('the attack').first().waitFor();
  await page.keyboard.press('Escape');
  await mailbox.waitFor({ state: 'detached' });
});

test.each([1280, 390])('at %i pixels nothing sticks out sideways', async (width) => {
  const { page } = here;
  await page.setViewportSize({ width, height: 844 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
});

test('nothing that the page asks for is outside of this machine, and nothing complains', () => {
  const outside = here.requests.filter((url) => !(url.startsWith(here.place.url) || url.startsWith('data:')));
  expect(outside).toEqual([]);
  expect(here.complaints).toEqual([]);
});
