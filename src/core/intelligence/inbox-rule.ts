import { instantOf } from '../instant.ts';
import { line } from '../measure/hand-line.ts';
import { inert, inertOr } from '../text.ts';
import type { PersonFacts, RuleChange, RuleStands } from './facts.ts';
import { found, type PersonFinding, type Told } from './finding.ts';

/**
 * A rule of the Inbox that was made or changed after the mail. How much it looks like one that hides mail is the published score of
 * security_content "O365 BEC Email Hiding Rule Created": a point each for a name of little entropy, a name of at most three signs,
 * read at once, and a folder that nobody looks into; more than two is its alarm. Names of special characters only, and words about
 * security or payment together with a move out of sight, are those of detection-rules (`inbox_rule_obfuscated_name`,
 * `inbox_phishing_evasion`).
 */
export function inboxRule({ person, rules, mailAt }: PersonFacts): readonly PersonFinding[] {
  // One that only sends on is told as that.
  const own = rulesSince(rules, mailAt).filter((rule) => isOut(rule) || rule.sendsTo.length === 0);
  return own.map((rule) => {
    const points = hidingScore(rule);
    return found('inbox-rule', person, {
      strength: strengthOf(rule, points),
      sentence: `${isOut(rule) ? 'A rule that takes mail out of sight' : 'A rule of the Inbox'} was made or changed: ${nameWords(rule.name)}${doesWords(rule)}${STANDS_WORDS[`${rule.stands}`]}.`,
      sources: rule.stands === null ? ['mailbox events'] : ['mailbox events', 'mailbox rules'],
      at: rule.at,
      row: ruleRow(rule, points),
      ...answerTo(rule, person.id),
    });
  });
}

/**
 * Each rule once, as the newest record that tells what it does has it; whether it stands, as the newest of all has it. Where several were
 * made under one name, whatever any of them does is told: the newest may be there to be seen in place of another.
 */
export function rulesSince(rules: readonly RuleChange[], mailAt: string): readonly RuleChange[] {
  const since = rules
    .filter(({ at }) => instantOf(at) >= instantOf(mailAt))
    .toSorted((a, b) => instantOf(a.at) - instantOf(b.at));
  return [...Map.groupBy(since, ({ name }) => name).values()].flatMap((own) => {
    const made = new Set(own.filter(({ turn }) => turn === 'made').map(({ at, ...rule }) => `${at} ${doingOf(rule)}`))
      .size;
    const ends = new Set(own.filter(({ isEnd }) => isEnd).map(({ at }) => at)).size;
    const isOver = own.at(-1)?.isEnd === true && ends >= made;
    const told = own.filter(({ isEnd }) => !isEnd).toReversed();
    const each = told.filter((rule, n) => told.findIndex((other) => doingOf(other) === doingOf(rule)) === n);
    return (made > 1 ? each : told.slice(0, 1)).map((rule) => ({
      ...rule,
      stands: rule.stands === 'on' || !isOver ? rule.stands : ('off' as const),
    }));
  });
}

function doingOf({ moveTo, deletes, marksRead, sendsTo, words }: Omit<RuleChange, 'at'>): string {
  return JSON.stringify([moveTo, deletes, marksRead, sendsTo, words]);
}

export const STANDS_WORDS: Readonly<Record<`${RuleStands}`, string>> = {
  on: '',
  null: '',
  off: '; it is off or gone by now',
  'not shown': '; Graph does not show it, so that it is gone or hidden',
  beside: '; Graph shows another of that name, or fewer than were made, so that it may be hidden',
};

/** The rule off, where the mailbox knows it by an id; else the line that does it, or that shows what is hidden. */
export function answerTo({ stands, id, name }: RuleChange, mailbox: string): Pick<Told, 'measure' | 'byHand'> {
  if (stands === 'off') return {};
  if (id !== null) return { measure: { kind: 'rule-off', ref: id, name } };
  if (stands === 'not shown' || stands === 'beside')
    return { byHand: line`Get-InboxRule -Mailbox ${mailbox} -IncludeHidden | Where-Object Name -eq ${name}` };
  // Several are called so, of which one may be the owner's: which it is somebody has to see.
  if (stands === 'on') return { byHand: line`Get-InboxRule -Mailbox ${mailbox} | Where-Object Name -eq ${name}` };
  // Found by its name first: as an identity a name may lead elsewhere, as `somebody\rule` does to another mailbox.
  return {
    byHand: line`Get-InboxRule -Mailbox ${mailbox} | Where-Object Name -CEQ ${name} | Disable-InboxRule -Confirm:$false`,
  };
}

export function ruleRow(rule: RuleChange, points: number): PersonFinding['row'] {
  const { name, id, stands, moveTo, deletes, marksRead, sendsTo, words, ip } = rule;
  return {
    ...{ name, id, stands, moveTo, deletes, marksRead, ip, points },
    sendsTo: sendsTo.join(' '),
    words: words.join(' '),
  };
}

const OUT_OF_SIGHT = /^(?:RSS|Conversation History|Archive)/i;
const ALSO_OUT = /^(?:Deleted|Junk|RSS|Calendar|Conversation History|Archive)/i;
const ABOUT_MONEY_OR_SAFETY =
  /\b(?:phish|hack|fraud|scam|suspicious|security|password|mfa|invoice|payment|iban|wire|bank|payroll|rechnung|zahlung|\u00fcberweisung)/i;

/** Two bits; roots are not exact, so that four signs, each once, come out a little above them. */
const LITTLE_VARIETY = 4 + 1e-9;

export function hidingScore({ name, marksRead, moveTo }: RuleChange): number {
  const tests = [
    varietyOf(name) <= LITTLE_VARIETY,
    [...name].length <= 3,
    marksRead,
    OUT_OF_SIGHT.test(leafOf(moveTo)),
  ];
  return tests.filter(Boolean).length;
}

function strengthOf(rule: RuleChange, points: number): Told['strength'] {
  if (isOut(rule) && (points > 2 || isUnnamed(rule.name))) return 'strong';
  const isAimed = rule.words.some((word) => ABOUT_MONEY_OR_SAFETY.test(word));
  if (isOut(rule) && isAimed) return 'medium';
  return isOut(rule) ? 8 : 5;
}

const isOut = ({ deletes, moveTo }: RuleChange) => deletes || ALSO_OUT.test(leafOf(moveTo));
const isUnnamed = (name: string) => name.trim() === '' || !/[\p{L}\p{N}]/u.test(name);

/** The folder itself: Exchange writes the way to it as `owner:\Folder`. */
function leafOf(folder: string | null): string {
  return (
    folder
      ?.split(/[\\/:]/)
      .at(-1)
      ?.trim() ?? ''
  );
}

/** Two to the power of Shannon's entropy, in bits a sign: how many signs there would be, were each as frequent. */
function varietyOf(text: string): number {
  const signs = [...text];
  const counts = Map.groupBy(signs, (sign) => sign);
  return [...counts.values()].reduce((product, own) => {
    return product * (signs.length / own.length) ** (own.length / signs.length);
  }, 1);
}

const nameWords = (name: string) => `\u201c${inertOr(name, '(no name)', 60)}\u201d`;

function doesWords({ deletes, moveTo, marksRead, words }: RuleChange): string {
  const does = [
    ...(words.length > 0 ? [`looks for ${inert(words.slice(0, 3).join(', '), 60)}`] : []),
    ...(deletes ? ['deletes'] : moveTo === null ? [] : [`moves to ${inertOr(leafOf(moveTo), 'a folder', 40)}`]),
    ...(marksRead ? ['marks as read'] : []),
  ];
  return does.length === 0 ? '' : `, which ${does.join(', ')}`;
}
