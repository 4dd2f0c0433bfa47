import { afterAll, beforeAll, expect, test } from 'vitest';
import { approveTogether, become, pressInSlack, untilInSight, type Visit, visit } from './visit.ts';

let here: Visit;

beforeAll(async () => {
  here = await visit();
  await untilInSight(here, 400);
});

afterAll(() => here?.close());

test('the bot is killed in the middle of a purge, comes back and finishes', async () => {
  const { page, place } = here;
  // Slow enough to be caught in the middle.
  place.sandbox.graph.faults.set({ latencyMs: [800, 1_200] });
  await approveTogether(here);
  await page.getByText(/[1-9]\d* out of sight/).waitFor();
  await page.getByRole('button', { name: /kill -9 the bot/ }).click();
  await page.getByText('Clawback is down').first().waitFor();
  expect(Number(await page.getByTestId('in-sight').textContent())).toBeGreaterThan(0);
  await page.getByTestId('bot-state').getByText('Clawback is up').waitFor();
  place.sandbox.graph.faults.clear();
  await untilInSight(here, 0);
  await here.slack.getByText('Purged: ').waitFor();
});

test('a storm shows as answers 429, and ends when it is switched off', async () => {
  const { page } = here;
  await page.getByText('Throttling storm').click();
  await page.getByRole('switch', { name: /Throttling storm/, checked: true }).waitFor();
  await page.getByRole('button', { name: /Stolen thread/ }).click();
  await here.slack.getByText('Approval needed').waitFor();
  await page.locator('.graph .bad').getByText('answered 429').waitFor();
  await page.getByText('Throttling storm').click();
  await page.getByRole('switch', { name: /Throttling storm/, checked: false }).waitFor();
  await become(here, 'Lena');
  // Few mailboxes: the sandbox's policy asks for one person.
  await pressInSlack(here, 'Approve purge', 'Approve purge');
  await untilInSight(here, 0);
});

test('a mail of your own lands, is found and asked about', async () => {
  const { page, slack } = here;
  const mail = [
    'From: Parcel Desk <desk@parcels.example>',
    'To: someone@contoso.example',
    'Subject: Your parcel waits',
    'Message-ID: <own-1@parcels.example>',
    'Date: Mon, 5 Jan 2026 10:00:00 +0000',
    '',
    'https://parcels.example/pay',
  ];
  await page.locator('input[type=file]').setInputFiles({
    name: 'own.eml',
    mimeType: 'message/rfc822',
    buffer: Buffer.from(mail.join('\r\n')),
  });
  await slack.getByText('Your parcel waits').waitFor();
  await slack.getByText(/24 copies in 24 mailboxes, /).waitFor();
});

test('a file that is no mail is refused with a reason', async () => {
  const { page } = here;
  await page.locator('input[type=file]').setInputFiles({
    name: 'picture.eml',
    mimeType: 'message/rfc822',
    buffer: Buffer.from('this is not a mail'),
  });
  await page
    .getByRole('alert')
    .getByText(/not a mail/)
    .waitFor();
});
