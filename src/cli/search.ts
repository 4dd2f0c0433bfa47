import { userInfo } from 'node:os';
import { operatorSocket } from '../adapters/http/operator.ts';
import { ClawbackError } from '../core/error.ts';
import { presentFound } from '../core/tell/found-view.ts';
import type { OperatorSearch } from '../flow/decide/search-operator.ts';
import { askOperator } from './operator.ts';
import { chosenTenant, configToAsk } from './place.ts';
import { type Arguments, SEARCHED, type Shell } from './shell.ts';

/** As the options are called, and as the running Clawback calls them. */
const FIELDS: Readonly<Record<(typeof SEARCHED)[number], string>> = {
  from: 'sender',
  'message-id': 'messageId',
  subject: 'subject',
  'url-host': 'urlHost',
  attachment: 'attachment',
  days: 'days',
  reason: 'reason',
};
/** As many as an answer holds. */
const ALL = 1_000;

type Answer = OperatorSearch | { readonly problem: string };

/**
 * `clawback search --from a@b.example --reason …`: asks the running Clawback, as the policy lets people. Recorded. With the id of a
 * search in place of that: how it stands by now.
 */
export async function searchMail(shell: Shell, args: Arguments): Promise<number> {
  const loaded = configToAsk(shell, args);
  const { tenant } = chosenTenant(loaded, args.tenant);
  const given = SEARCHED.flatMap((option) => {
    const value = args.about[option];
    return value === undefined ? [] : [[FIELDS[option], value] as const];
  });
  const [search, ...more] = args.words;
  if (more.length > 0 || (search !== undefined && given.length > 0))
    throw new ClawbackError('invalid', 'give either the id of one search, or what to look for', { field: 'search' });
  const socket = operatorSocket(loaded.config.data);
  const who = nameOfUser();
  const asked = new URLSearchParams({ ...Object.fromEntries(given), tenant: tenant.id, who });
  const answer = await (search === undefined
    ? askOperator<Answer>(socket, `/search?${asked}`, { method: 'POST' })
    : askOperator<Answer>(socket, `/search?${new URLSearchParams({ search, tenant: tenant.id, who })}`));
  if ('problem' in answer) throw new ClawbackError('invalid', answer.problem, { field: 'search' });
  if (args.json) shell.out(JSON.stringify(answer));
  else for (const line of linesOf(answer)) shell.out(line);
  return 0;
}

function linesOf({ state, ...page }: OperatorSearch): readonly string[] {
  const view = presentFound(page, ALL);
  if (state === 'waits to be allowed')
    return [`Search ${view.search} waits to be allowed: nothing was looked for`, view.asked];
  return [
    view.title,
    view.asked,
    ...view.notes.map(({ text }) => text),
    ...view.mails.flatMap(({ mail, subject, sender, facts, exposure }) => [
      '',
      `${mail}. ${subject}`,
      `   from ${sender}`,
      `   ${facts}`,
      ...exposure.map(({ text }) => `   ${text}`),
    ]),
  ];
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in the list of users.
    return 'the operator';
  }
}
