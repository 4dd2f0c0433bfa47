import { instantOf } from '../instant.ts';
import { isGuid, line } from '../measure/hand-line.ts';
import { inert, inertOr } from '../text.ts';
import { clickBefore } from './clicked.ts';
import type { Consent, PersonFacts } from './facts.ts';
import { found, type PersonFinding, type Told } from './finding.ts';

const OF_MAIL = /^(?:Mail|MailboxSettings|EWS|IMAP|POP|SMTP|full_access_as)\b/i;

/**
 * An app was let to the mail since the mail came: security_content "mail_permissioned_application". By the person alone it is medium,
 * and strong within an hour of a click, which is how consent phishing goes; for everybody it was an administrator.
 */
export function consent(facts: PersonFacts): readonly PersonFinding[] {
  const { person, consents, mailAt } = facts;
  const since = consents.filter(
    ({ at, scopes }) => scopes.some((scope) => OF_MAIL.test(scope)) && instantOf(at) >= instantOf(mailAt),
  );
  const newest = new Map(since.map((one): [string, Consent] => [one.appId || one.app, one]));
  return [...newest.values()].map((one) => {
    const isAfterClick = clickBefore(facts, one.at) !== null;
    const scopes = one.scopes.filter((scope) => OF_MAIL.test(scope)).join(', ');
    return found('consent', person, {
      strength: isAfterClick && !one.isForAll ? 'strong' : 'medium',
      sentence: `Let the app \u201c${inertOr(one.app, '(no name)', 60)}\u201d to ${one.isForAll ? 'mail of everybody' : 'the mail'}${isAfterClick ? ', within an hour of the click' : ''} (${inert(scopes, 80)})${one.isThere === false ? '; it is not there any more' : ''}.`,
      sources: isAfterClick ? [one.source, 'link clicks'] : [one.source],
      at: one.at,
      row: {
        app: one.app,
        appId: one.appId,
        scopes: one.scopes.join(' '),
        isForAll: one.isForAll,
        grant: one.grant,
        isThere: one.isThere,
      },
      ...answerTo(one),
    });
  });
}

/** An app that everybody let in is one for the administrator: its grant names no person. */
function answerTo({ app, appId, grant, isForAll, isThere }: Consent): Pick<Told, 'measure' | 'byHand'> {
  if (isThere === false) return {};
  if (isForAll)
    return isGuid(appId)
      ? { byHand: line`Update-MgServicePrincipalByAppId -AppId ${appId} -AccountEnabled:$false` }
      : {};
  return grant === null ? {} : { measure: { kind: 'revoke-grant', ref: grant, name: app } };
}
