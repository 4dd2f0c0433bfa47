import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriers } from './axe.ts';
import { approveTogether, become, pressInSlack, pressInTeams, untilInSight, type Visit, visit } from './visit.ts';

/** The page as those find it who have a small screen, no mouse, or other eyes. */

let here: Visit;
let page: Page;

beforeAll(async () => {
  here = await visit({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  page = here.page;
  await untilInSight(here, 400);
});

afterAll(() => here?.close());

/** Whether a click there would hit it, as the page lies now. */
function isReached(button: Locator): Promise<boolean> {
  return button.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const hit = element.ownerDocument.elementFromPoint(left + width / 2, top + height / 2);
    return hit !== null && element.contains(hit);
  });
}

describe('without scrolling', () => {
  test('the button that approves is in view in both chats at 1280 × 900', async () => {
    for (const chat of [here.slack, here.teams]) {
      const button = chat.getByRole('button', { name: 'Approve purge' }).last();
      await button.waitFor();
      await expect.poll(() => isReached(button)).toBe(true);
      expect((await button.boundingBox())?.y).toBeLessThan(900);
    }
    expect(await page.evaluate('scrollY')).toBe(0);
  });

  test('at 390 pixels everybody can be chosen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const name of ['Omar', 'Lena', 'Gus', 'Emma', 'Dana']) {
      const choice = page.locator('label.person', { hasText: name });
      const box = await choice.boundingBox();
      expect([box?.x ?? -1, (box?.x ?? 0) + (box?.width ?? 999)].every((x) => x >= 0 && x <= 390)).toBe(true);
      await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
      expect(await page.getByRole('radio', { name }).isChecked()).toBe(true);
    }
    expect(await barriers(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 900 });
  });
});

test('whatever can be written or chosen shows where the keyboard is', async () => {
  const ringed = new Map<string, boolean>();
  await page.evaluate('document.activeElement?.blur(); scrollTo(0, 0)');
  for (let tabs = 0; tabs < 60; tabs += 1) {
    await page.keyboard.press('Tab');
    const [name, isRinged] = (await page.evaluate(`(() => {
      const at = document.activeElement;
      if (!at?.matches('input, textarea, select')) return ['', true];
      const ring = (one) => one !== null && getComputedStyle(one).outlineStyle !== 'none' && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
      return [at.id || at.name || at.closest('label')?.innerText.split('\\n')[0], [at, at.nextElementSibling, at.parentElement].some(ring)];
    })()`)) as [string, boolean];
    if (name !== '') ringed.set(name, isRinged);
  }
  expect([...ringed].filter(([, isRinged]) => !isRinged)).toEqual([]);
  expect([...ringed.keys()]).toEqual(
    expect.arrayContaining(['persona', 'slack-words', 'teams-words', 'Throttling storm', 'tamper-seq']),
  );
});

test('what the detector reported is shown with its reasons and how sure it is', async () => {
  const attacks = page.getByRole('region', { name: 'Attacks' });
  await attacks.getByText('97 % sure').waitFor();
  expect(await attacks.getByRole('list', { name: 'Its reasons' }).getByRole('listitem').count()).toBe(3);
});

describe('nothing keeps people out', () => {
  test('while a card waits', async () => {
    expect(await barriers(page)).toEqual([]);
  });

  test('when somebody is refused, in either chat', async () => {
    await become(here, 'Emma');
    await pressInTeams(here, 'Approve purge', 'Approve purge');
    await here.teams.getByText('Only you can see this').waitFor();
    await pressInSlack(here, 'Approve purge', 'Approve purge');
    await here.slack.getByText('Only visible to you').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  test('in the questions and forms of Slack', async () => {
    await become(here, 'Dana');
    await here.slack.getByRole('button', { name: 'Approve purge' }).last().click();
    await page.getByRole('dialog').waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await pressInSlack(here, 'Not malicious');
    const form = page.getByRole('dialog', { name: 'Not malicious' });
    await form.getByRole('button', { name: 'Close as not malicious' }).click();
    await form.getByText('Please complete this required field.').waitFor();
    expect(await barriers(page)).toEqual([]);
    await form.getByRole('button', { name: 'Cancel' }).click();
    await form.waitFor({ state: 'detached' });
  });

  test('in the form and the details of Teams', async () => {
    await become(here, 'Omar');
    await pressInTeams(here, 'Not malicious');
    await pressInTeams(here, 'Close as not malicious');
    await here.teams.getByText('Please give a reason').waitFor();
    expect(await barriers(page)).toEqual([]);
    await pressInTeams(here, 'Details');
    await here.teams.getByRole('button', { name: 'Back to the card' }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await pressInTeams(here, 'Back to the card');
  });

  test('in a mailbox, at a broken record, and where something was refused', async () => {
    await page.getByRole('button', { name: /^employee0001@/ }).click();
    await page
      .getByRole('dialog', { name: /employee0001@/ })
      .getByText('the attack')
      .first()
      .waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Change one byte' }).click();
    await page.getByText(/the bytes were changed/).waitFor();
    const mail = { name: 'picture.eml', mimeType: 'message/rfc822', buffer: Buffer.from('this is not a mail') };
    await page.locator('input[type=file]').setInputFiles(mail);
    await page
      .getByRole('alert')
      .getByText(/not a mail/)
      .waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Dismiss', exact: true }).click();
  });

  test('while Clawback is down in the middle of a purge, and after it', async () => {
    here.place.sandbox.graph.faults.set({ latencyMs: [800, 1_200] });
    await approveTogether(here);
    await page.getByText(/[1-9]\d* out of sight/).waitFor();
    await page.getByRole('button', { name: /kill -9 the bot/ }).click();
    await page.getByText('Clawback is down').first().waitFor();
    expect(await barriers(page)).toEqual([]);
    here.place.sandbox.graph.faults.clear();
    await untilInSight(here, 0);
    await here.slack.getByRole('button', { name: 'Undo the purge' }).waitFor();
    expect(await barriers(page)).toEqual([]);
  });
});
