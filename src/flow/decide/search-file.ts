import { Address, Alert } from '../../core/find/alert.ts';
import type { ToldAlert } from '../../core/find/alert-reader.ts';
import { askedFor } from '../../core/find/criteria.ts';
import type { Found, FoundMail } from '../../core/find/found.ts';
import type { Source } from '../../core/find/source.ts';
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
  name: 'search',
  kind: 'operator',
  claims: { confidence: 100, actFirst: false, recipients: true, ids: true, reporters: true },
};

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
  if (inquiry.isAnswered && !inquiry.found) return said({ code: 'search-says-nothing' });
  const mail = inquiry.found?.mails.find((one) => one.key === key);
  if (!inquiry.found || !mail) return said({ code: 'search-has-no-mail', search: id });
  const { found } = inquiry;
  const filed = await flow.store.transact(async (tx) => {
    if (!(await isAsSeen(flow.hash, tx, id, found))) return null;
    const told = alertOf(id, found, mail, standing.person);
    const receipt = await flow.report(tx, told, { source: SEARCHED, id: `${id}/${key}`, body: mail.digest });
    if (receipt.kind === 'accepted') {
      const clicked = followedIn(mail);
      await record(flow, tx, [
        {
          type: 'inquiry.filed',
          incident: receipt.incident,
          actor: personOf(standing),
          platform: call.by.platform,
          outcome: receipt.created ? 'made' : 'joined',
          detail: { inquiry: id, mail: key, digest: mail.digest, copies: mail.copies.length, clicked },
        },
      ]);
      await knowClicked(tx, receipt.incident, clicked);
    }
    return receipt;
  });
  if (filed === null || filed.incident === null) return refuse(flow, standing, call, 'search-changed');
  if (filed.kind === 'accepted') flow.observe({ what: 'alert', created: filed.created });
  const joined = filed.kind === 'reused' || !filed.created;
  return said({ code: 'search-filed', search: id, incident: filed.incident, copies: mail.copies.length, joined });
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
    source: 'search',
    verdict: 'suspicious',
    detectedAt: asOf,
    message,
    recipients,
    requester: { entraId: person },
    findings: [
      `Found by a search for ${askedFor(criteria)
        .map(({ by }) => by)
        .join(' and ')}.`,
    ],
  });
  const frozen = { search, digest: mail.digest, at: asOf, copies: recipients.length };
  return {
    ...alert,
    leftOut: mail.copies.length - recipients.length,
    seen: { networkIds: mail.networkMessageIds, frozen },
  };
}

/** What a service names may be of a form that no alert takes: then the mail is known by the rest. */
function orNone<T>(schema: { safeParse(value: unknown): { readonly data?: T } }, value: string | null): T | null {
  return schema.safeParse(value).data ?? null;
}
