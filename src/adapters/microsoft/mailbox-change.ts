import { addressKey } from '../../core/address.ts';
import type { Rows } from '../../ports/intelligence.ts';
import { addressesIn, consentIn, memberIn, namedIn, ruleIn } from './mailbox-record.ts';

/** What a record of Exchange or Entra says was changed, and in whose mailbox, whichever log passes it on. */

/** The field of this name as text; empty for none. */
export type Read = (name: string) => string;
type Part = { readonly [K in keyof Rows]: NonNullable<Rows[K]>[number] };
export type Parts = Partial<Part>;

/** What is in a row of each kind that says nothing of anybody. */
export function changeIn(text: Read): Parts {
  const operation = text('ActionType');
  if (FAILED.test(text('ResultStatus'))) return {};
  if (/InboxRules?$/.test(operation)) return ruleChangeOf(text, operation);
  if (operation === 'Set-Mailbox') return forwardingOf(text);
  if (/^(?:Add|Remove)-MailboxPermission$|FolderPermissions$|Delegation$/.test(operation))
    return delegateOf(text, operation);
  const about = { name: text('ObjectName'), objectId: text('ObjectId') };
  const consent = consentIn(namedIn(text('ModifiedProperties')), about);
  return consent === null
    ? {}
    : { consents: { ...consent, at: text('Timestamp'), isThere: null, source: 'mailbox events' } };
}

/** Tried, and not done. learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema, ResultStatus. */
const FAILED = /^fa(?:lse|il)/i;

const ipOf = (text: Read) => text('IPAddress') || null;

function ruleChangeOf(text: Read, operation: string): Parts {
  const rule = ruleIn(operation, namedIn(text('Parameters')), namedIn(text('OperationProperties')));
  return rule === null ? {} : { rules: { ...rule, at: text('Timestamp'), ip: ipOf(text), id: null, stands: null } };
}

/** An address that is set empty is forwarding switched off. */
function forwardingOf(text: Read): Parts {
  const parameters = namedIn(text('Parameters'));
  const to = parameters.get('forwardingsmtpaddress') ?? parameters.get('forwardingaddress');
  if (to === undefined) return {};
  const keeps = parameters.get('delivertomailboxandforward');
  const keepsCopy = keeps === undefined ? null : /true/i.test(keeps);
  return {
    forwardings: { at: text('Timestamp'), ip: ipOf(text), to: addressesIn(to)[0] ?? to.trim(), keepsCopy },
  };
}

/** Rights on a folder stand in the item that the record is about [Elastic, Splunk: `Item.ParentFolder.MemberUpn`]. */
function delegateOf(text: Read, operation: string): Parts {
  const parameters = namedIn(text('Parameters'));
  const folder = memberIn(text('Item'));
  const who = parameters.get('user') ?? parameters.get('trustee') ?? folder?.who ?? '';
  if (who === '') return {};
  return {
    delegates: {
      at: text('Timestamp'),
      operation,
      who,
      rights: parameters.get('accessrights') ?? folder?.rights ?? '',
    },
  };
}

/**
 * By which names a record calls the mailbox that it is about, the surest first. Without any it is the mailbox of whoever did it;
 * `isOwn`: also where none of them is known, as of a rule that names no other mailbox.
 */
export interface Named {
  readonly names: readonly string[];
  readonly isOwn: boolean;
}

export function mailboxIn(text: Read): Named {
  const operation = text('ActionType');
  const isRule = /InboxRules?$/.test(operation);
  if (!isRule && !/^Set-Mailbox$|MailboxPermission$|FolderPermissions$|Delegation$/.test(operation))
    return { names: [], isOwn: true };
  const parameters = namedIn(text('Parameters'));
  const identity = parameters.get('identity') ?? '';
  // Of a rule: `mailbox\rule`, where it is not the owner who changes it.
  const other = isRule ? (parameters.get('mailbox') ?? (identity.includes('\\') ? identity : '')) : identity;
  const names = [text('MailboxOwnerUPN'), other, text('ObjectId')].map(nameIn).filter((name) => name !== '');
  return { names, isOwn: isRule && other === '' };
}

/**
 * A mailbox is named by an address, an alias, a GUID, the way to it in the directory (`…/contoso.onmicrosoft.com/ann`), or its old
 * name (`/o=ExchangeLabs/ou=…/cn=Recipients/cn=0123…-ann`), and what is in it by `mailbox\thing`.
 */
function nameIn(named: string): string {
  const [mailbox = ''] = named.trim().split('\\');
  const last = mailbox.split('/').at(-1) ?? '';
  return addressKey(last.replace(/^cn=/i, '').replace(/^[0-9a-f]{32}-/i, ''));
}

/** Whose mailbox it is. `of`: object ids by name; null for somebody who is not asked about. */
export type Whose = { readonly is: 'person'; readonly id: string } | { readonly is: 'somebody else' | 'nobody known' };

/**
 * `actor`: object id of whoever did it; null for nobody who is asked about. What an administrator did is never put down to them.
 * `knowsAll`: all addresses of those who are asked about are among the names, so that another one is another person's.
 */
export function whoseIs(
  { names, isOwn }: Named,
  of: ReadonlyMap<string, string | null>,
  actor: string | null,
  knowsAll: boolean,
): Whose {
  const known = names.find((name) => of.has(name));
  const id = known === undefined ? undefined : of.get(known);
  if (id !== undefined) return id === null ? { is: 'somebody else' } : { is: 'person', id };
  if (names.some((name) => name.includes('@'))) return { is: knowsAll ? 'somebody else' : 'nobody known' };
  if (names.length > 0 && !isOwn) return { is: 'nobody known' };
  return actor === null ? { is: 'somebody else' } : { is: 'person', id: actor };
}
