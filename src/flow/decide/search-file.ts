import { Address, Alert } from '../../core/find/alert.ts';
import type { ToldAlert } from '../../core/find/alert-reader.ts';
import { askedFor } from '../../core/find/criteria.ts';
import type { Found, FoundMail } from '../../core/find/found.ts';
import { SEARCH, SENT_INSIDE, type Source } from '../../core/find/source.ts';
import type { Reply, SearchCall } from '../../ports/desk.ts';
import type { Deciding } from '../flow.ts';
import { knowClicked } from '../record/cards.ts';
import { isAsSeen } from '../record/inquiry.ts';
import { personOf, record } from '../record/record.ts';
import { said } from './decision.ts';
import { idIn, ownSearch, refuse } from './search-begun.ts';
import type { Standing } from './standing.ts';

/** A mail that a search found becomes an incident. */

/** Who searched and asked for its removal is proven, and so is what the service's own tracking was seen to say. */
const SEARCHED: Source = {
  name: SEARCH,
  kind: 'operator',
  claims: { confidence: 100, actFirst: false, recipients: true, ids: true, reporters: true },
};

/** By its own name the policy has rules of its own for what an account sent to people inside. */
const sourceOf = ({ criteria }: Pick<Found, 'criteria'>): Source =>
  criteria.inside ? { ...SEARCHED, name: SENT_INSIDE } : SEARCHED;

/** Of a search for what an account sent inside, every mail becomes one. */
const ALL = 'all';

/** The list that was seen becomes the list that is asked about. Pressed twice, it is one incident. */
export async function file(
  flow: Deciding,
  standing: Standing,
  call: SearchCall,
  { search: typed, mail: key }: Extract<SearchCall['asks'], { readonly is: 'file' }>,
): Promise<Reply> {
  const id = idIn(typed);
  const looked = await ownSearch(flow, standing, id);
  if (looked.is === 'not known') return said({ code: 'search-not-known', asked: id });
  if (looked.is === 'changed') return refuse(flow, standing, call, 'search-changed');
  const { inquiry } = looked;
  const { found } = inquiry;
  if (inquiry.isAnswered && !found) return said({ code: 'search-says-nothing' });
  const isAll = key === ALL && found?.criteria.inside === true;
  const mails = found?.mails.filter((one) => isAll || one.key === key) ?? [];
  if (!found || mails.length === 0) return said({ code: 'search-has-no-mail', search: id });
  const filed: Filed[] = [];
  for (const mail of mails) {
    const one = await fileOne(flow, standing, call, { id, found, mail });
    // What was made of the others stands: the same again goes on from there.
    if (one === null) return refuse(flow, standing, call, 'search-changed');
    filed.push(one);
  }
  const [first] = filed;
  if (first && !isAll) return said({ code: 'search-filed', search: id, ...first });
  return said({
    code: 'search-filed-all',
    search: id,
    incidents: [...new Set(filed.map(({ incident }) => incident))],
    copies: filed.reduce((sum, { copies, joined }) => sum + (joined ? 0 : copies), 0),
    joined: filed.filter(({ joined }) => joined).length,
    left: found.mailsLeft + found.copiesLeft + found.unnamed,
    cut: found.coverage.some(({ cutAt }) => cutAt !== null),
  });
}

interface Filed {
  readonly incident: string;
  readonly copies: number;
  readonly joined: boolean;
}

interface Filing {
  readonly id: string;
  readonly found: Found;
  readonly mail: FoundMail;
}

/** Null where what is stored is not what the record says. */
async function fileOne(
  flow: Deciding,
  standing: Standing,
  { by }: SearchCall,
  { id, found, mail }: Filing,
): Promise<Filed | null> {
  const filed = await flow.store.transact(async (tx) => {
    if (!(await isAsSeen(flow.hash, tx, id, found))) return null;
    const told = alertOf(id, found, mail, standing.person);
    const source = sourceOf(found);
    const receipt = await flow.report(tx, told, { source, id: `${id}/${mail.key}`, body: mail.digest });
    if (receipt.kind === 'accepted') {
      const clicked = followedIn(mail);
      await record(flow, tx, [
        {
          type: 'inquiry.filed',
          incident: receipt.incident,
          actor: personOf(standing),
          platform: by.platform,
          outcome: receipt.created ? 'made' : 'joined',
          detail: { inquiry: id, mail: mail.key, digest: mail.digest, copies: mail.copies.length, clicked },
        },
      ]);
      await knowClicked(tx, receipt.incident, clicked);
    }
    return receipt;
  });
  if (filed === null || filed.incident === null) return null;
  if (filed.kind === 'accepted') flow.observe({ what: 'alert', created: filed.created });
  const joined = filed.kind === 'reused' || !filed.created;
  return { incident: filed.incident, copies: mail.copies.length, joined };
}

/** People who followed its link, as the answer has it; null where nobody could say. */
function followedIn({ exposure: { clicked } }: FoundMail): number | null {
  if (clicked.is === 'known') return clicked.followed ?? null;
  return clicked.is === 'nothing' ? 0 : null;
}

function alertOf(search: string, { asOf, criteria }: Found, mail: FoundMail, person: string): ToldAlert {
  const recipients = mail.copies.map(({ recipient }) => recipient).filter((one) => Address.safeParse(one).success);
  const [networkMessageId = null] = mail.networkMessageIds;
  const message = Alert.shape.message.parse({
    internetMessageId: orNone(Alert.shape.message.shape.internetMessageId, mail.internetMessageId),
    networkMessageId: orNone(Alert.shape.message.shape.networkMessageId, networkMessageId),
    sender: orNone(Alert.shape.message.shape.sender, mail.sender),
    subject: mail.subject,
    receivedAt: orNone(Alert.shape.message.shape.receivedAt, mail.first),
  });
  const alert = Alert.parse({
    id: `${search}/${mail.key}`,
    source: sourceOf({ criteria }).name,
    verdict: 'suspicious',
    detectedAt: asOf,
    message,
    recipients,
    requester: { entraId: person },
    findings: [criteria.inside ? SENT_BY_SENDER : foundBy(criteria)],
  });
  const frozen = { search, digest: mail.digest, at: asOf, copies: recipients.length };
  return {
    ...alert,
    leftOut: mail.copies.length - recipients.length,
    seen: { networkIds: mail.networkMessageIds, frozen },
  };
}

const SENT_BY_SENDER = 'Sent to people inside by this account, as the service’s own log has it.';

function foundBy(criteria: Found['criteria']): string {
  const by = askedFor(criteria).map((one) => one.by);
  return `Found by a search for ${by.join(' and ')}.`;
}

/** What a service names may be of a form that no alert takes: then the mail is known by the rest. */
function orNone<T>(schema: { safeParse(value: unknown): { readonly data?: T } }, value: string | null): T | null {
  return schema.safeParse(value).data ?? null;
}
