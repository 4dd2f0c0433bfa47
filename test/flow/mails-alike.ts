import { Alert } from '../../src/core/find/alert.ts';
import { NO_CLAIMS, type Source } from '../../src/core/find/source.ts';
import { receive } from '../../src/flow/find/intake.ts';
import { PEOPLE, type Someone, type World } from '../fault/world.ts';
import { answered } from '../support/answered.ts';
import { type Copy, RECOVERABLE, SUBJECT } from '../support/fake-mail.ts';
import type { FakeChat } from '../support/fake-rooms.ts';

/** What stories about mails that look alike have in common: one mail, its copies, and alerts that speak of it. */

export const ID = '<contract@contoso.example>';
export const BOSS = 'boss@contoso.example';
export const UNKNOWN: Source = { name: 'intake', kind: 'operator', claims: NO_CLAIMS };
export const [dana, omar, lee] = [PEOPLE[0], PEOPLE[1], PEOPLE[2]] as [Someone, Someone, Someone];

let deliveries = 0;

export function mailsAlike(world: () => World) {
  const lands = (name: string, change: object = {}): Copy =>
    world().mail.put(`${name}@contoso.example`, { internetMessageId: ID, sender: BOSS, subject: SUBJECT, ...change });

  async function alerted(message: object = {}, source: Source = UNKNOWN, more: object = {}): Promise<string> {
    deliveries += 1;
    const alert = Alert.parse({
      id: `alert ${deliveries}`,
      source: 'whatever it likes',
      verdict: 'phishing',
      detectedAt: '2026-11-20T07:59:00Z',
      message: { internetMessageId: ID, sender: BOSS, subject: SUBJECT, ...message },
      recipients: ['ann@contoso.example', 'bob@contoso.example'],
      ...more,
    });
    const id = `delivery ${deliveries}`;
    const receipt = await receive(world().flow, alert, { source, id, body: id });
    await atRest();
    return receipt.incident ?? '';
  }

  /** Everything is done, and the cards show it: they rest a little between two changes. */
  async function atRest() {
    await world().settle();
    world().pass(0.5);
    await world().settle();
  }

  const cardOf = (incident: string, platform: FakeChat = 'slack') => {
    const found = world().rooms[platform].cards.find(({ view }) => view.incident === incident);
    if (!found) throw new Error(`no card of ${incident}`);
    return found;
  };

  async function press(who: Someone, verb: string, incident: string, page = 0) {
    const { ref, view } = cardOf(incident);
    const reply = await world().desk.press({
      by: world().userOf(who, 'slack'),
      card: { platform: 'slack', channel: ref.channel, message: ref.message },
      verb,
      incident,
      digest: view.digest,
      reason: 'known sender',
      page,
    });
    await atRest();
    return answered(reply);
  }
  const gone = (...copies: Copy[]) => copies.map(({ folderId }) => folderId === RECOVERABLE);
  const warnings = (incident: string) => cardOf(incident).view.warnings.map(({ text }) => text);
  return { lands, alerted, cardOf, press, gone, warnings };
}
