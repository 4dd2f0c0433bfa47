import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { become, pressInSlack, pressInTeams, untilInSight, type Visit, visit } from './visit.ts';

/** A filter's mistake comes back to its readers by the page alone: listed, wanted, and approved by two others. */
let here: Visit;

beforeAll(async () => {
  here = await visit();
  // The wave that the page begins with.
  await untilInSight(here, 400);
});

afterAll(() => here?.close());

test('what Defender took out on its own is told in both chats', async () => {
  await here.page.getByRole('button', { name: 'A filter\u2019s mistake' }).click();
  for (const chat of [here.slack, here.teams]) {
    await chat.getByText('What Defender took out on its own').last().waitFor();
    await chat.getByText('40 copies of 40 recipients').last().waitFor();
  }
  expect(await barriers(here.page)).toEqual([]);
});

test('it comes back when two people say so who did not ask for it', async () => {
  await become(here, 'Dana');
  await here.slack.getByRole('button', { name: 'Put back\u2026' }).last().click();
  await here.slack.getByText('Taken out by Defender on its own').waitFor();
  await here.slack.getByRole('button', { name: 'Put back', exact: true }).waitFor();
  await become(here, 'Omar');
  await pressInSlack(here, 'Put back', 'Put it back');
  await here.slack.getByText('1 of 2').last().waitFor();
  await become(here, 'Lena');
  await pressInTeams(here, 'Put back', 'Put it back');
  for (const chat of [here.slack, here.teams]) await chat.getByText('Put back: 40 restored').last().waitFor();
  expect(here.complaints).toEqual([]);
});
