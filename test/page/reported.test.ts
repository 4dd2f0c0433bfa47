import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Visit, visit } from './visit.ts';

/** The page plays whoever tells of a mail: Defender, somebody with the button of Outlook, and Sublime, each in its own way. */

let here: Visit;
beforeAll(async () => {
  here = await visit();
});
afterAll(() => here.close());

const attacks = () => here.page.getByRole('region', { name: 'Attacks' });
/** The incident that came of the mail with this subject, as soon as there is one. */
async function incidentOf(subject: string): Promise<string> {
  const row = attacks().getByRole('listitem').filter({ hasText: subject }).getByText(/^CB-/);
  await row.waitFor();
  return (await row.textContent()) ?? '';
}

describe('the page of the sandbox', () => {
  it.each([
    ['Sublime flags a mail', 'New account for my salary', 'By Sublime: bec', 'sublime'],
    ['Defender alert', 'Your password ends today', 'By Defender: phishing', 'Defender for Office 365'],
    ['User report', 'Winter is near', 'By Emma, to Microsoft: phishing', 'Emma'],
  ])('%s: its card is in both chats, through the adapter of that vendor', async (button, subject, told, source) => {
    await attacks().getByRole('button', { name: button }).click();
    const incident = await incidentOf(subject);
    await attacks().getByText(told).first().waitFor();
    await here.slack.getByText(incident).first().waitFor();
    await here.teams.getByText(incident).first().waitFor();
    const card = await here.slack.locator('article, li, section').filter({ hasText: incident }).last().textContent();
    expect(card?.toLowerCase()).toContain(source.toLowerCase());
    expect(here.complaints).toEqual([]);
  });
});
