import type { ChatUser, Reply } from '../ports/desk.ts';
import type { Flow } from './flow.ts';
import { isProven } from './proven-ticket.ts';
import { record } from './record.ts';

/** Which person is behind a Slack account: proven by a sign-in in the browser and a code typed in the chat. */

/** The last step of a link. A link that exists is never overwritten. */
export async function linkByCode(flow: Flow, by: ChatUser, typed: string): Promise<Reply> {
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  const said = (line: string): Reply => ({ kind: 'said', lines: [line] });
  if (by.platform !== 'slack' || by.home !== flow.tenant.slackTeam || by.id === '')
    return said('Only Slack accounts of this workspace are linked.');
  if (flow.people.some(({ slackId }) => slackId === by.id)) return said('This account is linked by configuration.');
  return flow.store.transact(async (tx) => {
    const ticket = await tx.tickets.byCode(by.platform, by.id, flow.hash.of(code));
    if (!ticket?.signedIn || flow.clock.now() >= ticket.expiresAt || !(await isProven(flow, tx, ticket)))
      return said('I do not know this code, or it is too old. Say /clawback link to begin anew.');
    await tx.tickets.save(ticket.id, { state: 'used' });
    const { person, name } = ticket.signedIn;
    const otherAccount = flow.people.find(({ entraId }) => entraId === person)?.slackId;
    const link = { platform: by.platform, account: by.id, person, how: 'sign-in', at: flow.clock.now() } as const;
    if (otherAccount || !(await tx.people.add(link)))
      return said('This account, or the person you signed in as, is linked already. Ask whoever runs Clawback.');
    await record(flow, tx, [
      {
        type: 'account.linked',
        actor: { kind: 'person', id: person, name: name.slice(0, 200).toWellFormed() },
        platform: by.platform,
        detail: { account: by.id, how: 'sign-in' },
      },
    ]);
    return said(`Linked: this Slack account is ${name.slice(0, 80)}. Press the button again.`);
  });
}

/** By the operator: somebody left, or got another account. False when there is no such link. */
export function unlink(flow: Flow, account: string): Promise<boolean> {
  return flow.store.transact(async (tx) => {
    const link = await tx.people.of('slack', account);
    if (!link || !(await tx.people.remove('slack', account))) return false;
    await record(flow, tx, [
      {
        type: 'account.unlinked',
        actor: { kind: 'service', id: 'operator', name: 'The operator' },
        platform: 'slack',
        detail: { account, person: link.person },
      },
    ]);
    return true;
  });
}

/** Without asking the directory: good for stopping, never for approving. */
export async function personBehindLink(flow: Flow, by: ChatUser): Promise<string | null> {
  if (by.platform === 'teams') return by.id === '' ? null : by.id.toLowerCase();
  const configured = flow.people.find(({ slackId }) => slackId === by.id)?.entraId;
  return configured ?? (await flow.store.transact((tx) => tx.people.of('slack', by.id)))?.person ?? null;
}
