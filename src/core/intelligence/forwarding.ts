import { bothForms } from '../address.ts';
import { instantOf } from '../instant.ts';
import { line } from '../measure/hand-line.ts';
import { domainOfAddress } from '../signal/domain.ts';
import { inertOr } from '../text.ts';
import type { Forwarding, PersonFacts } from './facts.ts';
import { found, type PersonFinding } from './finding.ts';
import { answerTo, hidingScore, ruleRow, rulesSince, STANDS_WORDS } from './inbox-rule.ts';

/**
 * Mail goes on to somebody else, by a rule or by the mailbox itself, since the mail came. Outside of the tenant it is strong
 * (detection-rules and security_content rate `ForwardTo`, `ForwardAsAttachmentTo`, `RedirectTo`, `ForwardingSmtpAddress` alike);
 * inside people do it every day.
 */
export function forwarding(facts: PersonFacts): readonly PersonFinding[] {
  return [...byRules(facts), ...byMailbox(facts)];
}

function byRules({ person, rules, mailAt, ownDomains }: PersonFacts): readonly PersonFinding[] {
  const own = rulesSince(rules, mailAt).filter(({ sendsTo }) => sendsTo.length > 0);
  return own.map((rule) => {
    const outside = rule.sendsTo.find((to) => isOutside(to, ownDomains));
    const to = outside ?? rule.sendsTo[0] ?? '';
    return found('forwarding', person, {
      strength: outside ? 'strong' : 6,
      sentence: `A rule sends mail on to ${toWords(to)}${outside ? ', outside of the tenant' : ''}: \u201c${inertOr(rule.name, '(no name)', 60)}\u201d${STANDS_WORDS[`${rule.stands}`]}.`,
      sources: rule.stands === null ? ['mailbox events'] : ['mailbox events', 'mailbox rules'],
      at: rule.at,
      row: ruleRow(rule, hidingScore(rule)),
      ...answerTo(rule, person.id),
    });
  });
}

/** What was switched off since is over: only the newest change counts. Graph can neither show nor change it. */
function byMailbox({ person, forwardings, mailAt, ownDomains }: PersonFacts): readonly PersonFinding[] {
  const newest = forwardings.reduce<Forwarding | null>(
    (last, one) => (last === null || instantOf(one.at) >= instantOf(last.at) ? one : last),
    null,
  );
  if (!newest || newest.to === '' || instantOf(newest.at) < instantOf(mailAt)) return [];
  const isOut = isOutside(newest.to, ownDomains);
  const kept = newest.keepsCopy === false ? ', and the mailbox keeps none of it' : '';
  return [
    found('forwarding', person, {
      strength: isOut ? 'strong' : 6,
      sentence: `All mail goes on to ${toWords(newest.to)}${isOut ? ', outside of the tenant' : ''}${kept}.`,
      sources: ['mailbox events'],
      at: newest.at,
      row: { to: newest.to, keepsCopy: newest.keepsCopy, ip: newest.ip },
      byHand: line`Set-Mailbox -Identity ${person.id} -ForwardingSmtpAddress $null -ForwardingAddress $null -DeliverToMailboxAndForward $false`,
    }),
  ];
}

const toWords = (to: string) => inertOr(bothForms(to), 'nobody readable', 100);

/** What is no address of the internet is a name of the directory: inside. */
function isOutside(to: string, own: PersonFacts['ownDomains']): boolean {
  const domain = domainOfAddress(to);
  return domain !== null && own.list.length > 0 && !own.has(domain);
}
