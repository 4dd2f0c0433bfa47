import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { become, pressInTeams, untilInSight, type Visit, visit } from './visit.ts';

/** A mail is called not malicious with one of the common reasons, by the mouse alone. */
let here: Visit;

beforeAll(async () => {
  here = await visit();
  await untilInSight(here, 400);
});

afterAll(() => here?.close());

const menu = () => here.slack.getByRole('combobox', { name: 'Not malicious because\u2026' });

test('the menu in Slack stands on the card and keeps nobody out', async () => {
  // On the card that has its list: what is chosen on the one before would be about an older card.
  await here.slack.getByRole('button', { name: 'Approve purge' }).waitFor();
  expect(await menu().locator('option').allInnerTexts()).toEqual([
    'Not malicious because\u2026',
    'A newsletter or other bulk mail',
    'A colleague wrote it',
    'A partner or supplier wrote it',
    'Unwanted, but harmless',
  ]);
  expect(await barriers(here.page)).toEqual([]);
});

test('one choice in Slack closes it, and the menu is gone', async () => {
  await become(here, 'Dana');
  await menu().selectOption({ label: 'A newsletter or other bulk mail' });
  for (const chat of [here.slack, here.teams])
    await chat.getByText('Not malicious, says Dana Analyst: A newsletter or other bulk mail').waitFor();
  await menu().waitFor({ state: 'detached' });
});

test('one button in Teams, behind “Not malicious”, closes the next', async () => {
  await here.page.getByRole('button', { name: 'Stolen thread' }).click();
  await become(here, 'Omar');
  // Its list is there: a press on the card from before it would be one on an older card.
  await here.teams.getByRole('button', { name: 'Approve purge' }).waitFor();
  await pressInTeams(here, 'Not malicious', 'A colleague wrote it');
  for (const chat of [here.slack, here.teams])
    await chat.getByText('Not malicious, says Omar Analyst: A colleague wrote it').waitFor();
});

test('nothing complains', () => {
  expect(here.complaints).toEqual([]);
});
