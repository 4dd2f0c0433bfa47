import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { become, pressInSlack, untilInSight, type Visit, visit } from './visit.ts';

/** A press in Slack that takes a fresh sign-in, all the way through the browser. */

let here: Visit;

beforeAll(async () => {
  here = await visit({ viewport: { width: 1280, height: 900 } });
  await untilInSight(here, 400);
});

afterAll(() => here?.close());

const factOf = (page: Page, label: string) => page.locator(`dt:text-is("${label}") + dd`).textContent();

/** Presses, gives a reason, and opens the page that Slack then links to. */
async function sentToSignIn(): Promise<Page> {
  await pressInSlack(here, 'Delete for good', 'Approve deleting for good');
  const form = here.page.getByRole('dialog', { name: 'Why?' });
  await form.getByRole('textbox').fill('The finance team has confirmed it');
  await form.getByRole('button', { name: 'Delete for good' }).click();
  const opened = here.page.context().waitForEvent('page');
  await here.slack.getByText('Sign in and approve').last().click();
  const page = await opened;
  await page.getByRole('heading', { name: 'Sign in to approve deleting for good' }).waitFor();
  return page;
}

test('before and after the sign-in it says what is approved, and then what came of it', async () => {
  await become(here, 'Lena');
  const page = await sentToSignIn();
  const toldBefore = await page.locator('dl').textContent();
  expect(await factOf(page, 'What')).toBe('Delete the copies for good');
  expect(await factOf(page, 'How many')).toBe('400 copies in 400 mailboxes');
  expect(await factOf(page, 'Can it be undone?')).toContain('nobody can bring these copies back');
  expect(await factOf(page, 'Mail')).toContain('Overdue invoice 48213');
  expect(await factOf(page, 'Your reason')).toBe('The finance team has confirmed it');
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Continue to Microsoft sign-in' }).click();
  await page.getByRole('link', { name: /Lena Lead/ }).waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('link', { name: /Lena Lead/ }).click();
  await page.getByRole('heading', { name: 'Approve deleting for good?' }).waitFor();
  expect(await page.locator('dl').textContent()).toBe(toldBefore);
  expect(await barriers(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(await barriers(page)).toEqual([]);
  await page.getByRole('button', { name: 'Approve deleting for good' }).click();
  await page.getByRole('heading', { name: 'Clawback says' }).waitFor();
  expect(await page.locator('main').textContent()).toContain('1 of 2');
  expect(await barriers(page)).toEqual([]);
});

test('somebody else’s sign-in is told apart, with what to do next', async () => {
  await become(here, 'Dana');
  const page = await sentToSignIn();
  await page.getByRole('button', { name: 'Continue to Microsoft sign-in' }).click();
  await page.getByRole('link', { name: /Omar Analyst/ }).click();
  await page.getByText('with the account that is yours in the chat').waitFor();
  expect(await barriers(page)).toEqual([]);
  await page.reload();
  await page.getByText('Press the button in the chat again').waitFor();
});
