import { instantOf } from '../instant.ts';
import { line } from '../measure/hand-line.ts';
import { inertOr } from '../text.ts';
import type { Delegate, PersonFacts } from './facts.ts';
import { found, type PersonFinding } from './finding.ts';

/** Somebody else may read the mailbox since the mail came, and may still. The whole mailbox, or everybody, is medium; a folder is weak. */
export function delegate({ person, delegates, mailAt }: PersonFacts): readonly PersonFinding[] {
  const newest = new Map(
    // A log tells them in any order.
    delegates
      .toSorted((a, b) => instantOf(a.at) - instantOf(b.at))
      .map((one): [string, Delegate] => [`${one.operation.endsWith('Permission')} ${one.who}`, one]),
  );
  return [...newest.values()]
    .filter(({ operation, at }) => !/^remove/i.test(operation) && instantOf(at) >= instantOf(mailAt))
    .map((one) => {
      const isWhole = /fullaccess/i.test(one.rights);
      const isEverybody = /^(?:default|anonymous|everyone)$/i.test(one.who);
      return found('delegate', person, {
        strength: isWhole || isEverybody ? 'medium' : 7,
        sentence: `${inertOr(one.who, 'Somebody', 80)} was given rights on the mailbox (${inertOr(one.rights, 'not told which', 60)}).`,
        sources: ['mailbox events'],
        at: one.at,
        row: { who: one.who, rights: one.rights, operation: one.operation },
        byHand: isWhole
          ? line`Remove-MailboxPermission -Identity ${person.id} -User ${one.who} -AccessRights FullAccess -Confirm:$false`
          : null,
      });
    });
}
