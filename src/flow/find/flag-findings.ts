import { lookIs } from '../../core/flag/look-is.ts';
import { instantOf, isoOf } from '../../core/instant.ts';
import { standingSince } from '../../core/intelligence/compare.ts';
import { findingsAbout } from '../../core/intelligence/findings.ts';
import type { FlagFindings, FlagLookAt } from '../../ports/flags.ts';
import type { Intelligence, PeopleQuestion } from '../../ports/intelligence.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { caseBreach } from '../record/trust.ts';
import { firstOf, whatIsKnown } from './people-around.ts';

/** Where nobody knows which mail it is about, what happened so long before the flag counts as well. */
const BEFORE_MS = 24 * 3_600_000;
const WITHIN_MS = 25_000;

type Looking = Pick<Flow, 'clock' | 'store' | 'hash'>;

/** The same questions about the owner of a flagged mailbox, before anything is done and after it. */
export function findingsForFlags(flow: Looking, intelligence: Intelligence): FlagFindings {
  return {
    async look(about) {
      const asked = lookAtOwner(flow, intelligence, about);
      const late = new Promise<null>((resolve) => setTimeout(resolve, WITHIN_MS, null).unref());
      return (await Promise.race([asked.catch(() => null), late])) ?? { is: 'not seen yet', findings: 0, unlooked: [] };
    },
  };
}

async function lookAtOwner(
  flow: Looking,
  intelligence: Intelligence,
  about: FlagLookAt,
): ReturnType<FlagFindings['look']> {
  const question = await questionOf(flow, about);
  const now = flow.clock.now();
  const [{ facts, answers }] = await whatIsKnown(intelligence, question, now, () => Promise.resolve(null));
  const all = facts.flatMap(findingsAbout);
  const standing = about.containedAt === null ? all : standingSince(all, about.containedAt);
  const since = about.containedAt ?? question.mailAt;
  // What was done to a mail says nothing of an account; and where it is about no mail, there is none whose links somebody could have pressed.
  const ofAccount = answers.filter(({ source }) => source !== 'post-delivery actions');
  const counted = about.incidents.length === 0 ? ofAccount.filter(({ source }) => source !== 'link clicks') : ofAccount;
  return { ...lookIs(counted, standing.length, since, now), findings: standing.length };
}

/** Of all its mails at once: from when the first came, and whoever of them can be told apart by one name, the latest. */
async function questionOf(
  { store, hash }: Looking,
  { person, incidents, raisedAt, address }: FlagLookAt,
): Promise<PeopleQuestion> {
  const people = [{ id: person.toLowerCase(), address }];
  const mails: Mail[] = [];
  for (const id of incidents) mails.push(...(await store.transact((tx) => mailOf({ hash }, tx, id))));
  const latest = mails.at(-1);
  if (!latest) {
    const mailAt = isoOf(Date.parse(raisedAt) - BEFORE_MS);
    return { people, mailAt, networkMessageIds: [], sender: null, subject: null };
  }
  const [mailAt = latest.at] = mails.map(({ at }) => at).toSorted((a, b) => instantOf(a) - instantOf(b));
  const networkMessageIds = [...new Set(mails.flatMap(({ ids }) => ids))];
  return { people, mailAt, networkMessageIds, sender: latest.sender, subject: latest.subject };
}

interface Mail {
  /** ISO time: when it first came to anybody. */
  readonly at: string;
  readonly ids: readonly string[];
  readonly sender: string | null;
  readonly subject: string | null;
}

/** None for a case that is not stored any more, or that the record tells otherwise. */
async function mailOf({ hash }: Pick<Flow, 'hash'>, tx: Tx, id: string): Promise<readonly Mail[]> {
  const incident = await tx.incidents.lock(id);
  const plan = incident?.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
  // A list that was put in its place may begin after all that is to be found.
  if (!incident || !plan || (await caseBreach({ hash }, tx, incident)) !== null) return [];
  const { sender, subject } = incident.alert.message;
  return [{ at: firstOf(plan, incident), ids: plan.key.identified, sender, subject }];
}
