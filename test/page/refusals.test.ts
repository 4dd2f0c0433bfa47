import { afterAll, beforeAll, expect, test } from 'vitest';
import { become, pressInSlack, pressInTeams, untilInSight, type Visit, visit } from './visit.ts';

let here: Visit;

beforeAll(async () => {
  here = await visit();
  await untilInSight(here, 400);
});

afterAll(() => here?.close());

test('Emma, who received the mail, is refused in Teams in words that only she sees', async () => {
  await become(here, 'Emma');
  await pressInTeams(here, 'Approve purge', 'Approve purge');
  await here.teams.getByText('Only you can see this').waitFor();
  expect(await here.teams.locator('.toast').textContent()).toContain('received this mail');
  await become(here, 'Omar');
  expect(await here.teams.getByText('Only you can see this').count()).toBe(0);
});

test('Gus, a guest, is refused in Slack in words that only he sees', async () => {
  await become(here, 'Gus');
  await pressInSlack(here, 'Approve purge', 'Approve purge');
  await here.slack.getByText('Only visible to you').waitFor();
  await become(here, 'Dana');
  await here.slack.getByText('Only visible to you').waitFor({ state: 'detached' });
  expect(await here.slack.getByText('Waiting for approval: 0 of 2').count()).toBe(1);
});

test('a press in Slack asks first, and "Not now" sends nothing', async () => {
  await become(here, 'Dana');
  const before = here.requests.filter((url) => url.endsWith('/act')).length;
  await pressInSlack(here, 'Approve purge', 'Not now');
  await here.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(here.requests.filter((url) => url.endsWith('/act'))).toHaveLength(before);
});

test('the reason in Slack must be given: nothing typed is held back, blanks are refused by the bot', async () => {
  await become(here, 'Dana');
  await pressInSlack(here, 'Not malicious');
  const form = here.page.getByRole('dialog', { name: 'Not malicious' });
  await form.getByRole('button', { name: 'Close as not malicious' }).click();
  await form.getByText('Please complete this required field.').waitFor();
  await form.getByLabel('Why is this mail not malicious?').fill('   ');
  await form.getByRole('button', { name: 'Close as not malicious' }).click();
  await form.getByText('Please say why').waitFor();
  await form.getByRole('button', { name: 'Cancel' }).click();
  await form.waitFor({ state: 'detached' });
});

test('the reason in Teams must be given: the card itself says so', async () => {
  await become(here, 'Omar');
  await pressInTeams(here, 'Not malicious');
  await pressInTeams(here, 'Close as not malicious');
  await here.teams.getByText('Please give a reason').waitFor();
});

test('details in Teams are shown to the one who asked, with a way back', async () => {
  await become(here, 'Lena');
  await pressInTeams(here, 'Details');
  await here.teams.getByRole('button', { name: 'Back to the card' }).waitFor();
  await become(here, 'Omar');
  await here.teams.getByRole('button', { name: 'Approve purge' }).waitFor();
  await become(here, 'Lena');
  await pressInTeams(here, 'Back to the card');
  await here.teams.getByRole('button', { name: 'Approve purge' }).waitFor();
});

test('a purge is approved with the keyboard alone', async () => {
  const { page, slack } = here;
  await page.getByRole('radio', { name: 'Omar' }).focus();
  await page.keyboard.press('ArrowLeft');
  const approve = slack.getByRole('button', { name: 'Approve purge' }).last();
  for (let tabs = 0; tabs < 20; tabs += 1) {
    await page.keyboard.press('Tab');
    if (await approve.evaluate((button) => button === button.ownerDocument.activeElement)) break;
  }
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await slack.getByText('1 of 2').first().waitFor();
});
