import { bothForms } from '../address.ts';
import { type Already, type Only, type SourceAnswer, type Standing, standingOf } from '../intelligence/asked.ts';
import type { Compared } from '../intelligence/compare.ts';
import type { IntelligenceSource } from '../intelligence/facts.ts';
import type { PersonFinding } from '../intelligence/finding.ts';
import type { PeopleLook, PeopleReason } from '../intelligence/look.ts';
import type { KindCount } from '../intelligence/precision.ts';
import type { MeasureKind } from '../measure/measure.ts';
import { clip, count, inertOr, number, shortTime } from '../text.ts';
import { precisionLines } from './evidence-words.ts';

/** What was found out about the people of an incident: the few lines of the card, and all of it for who asks. */

/** `differs`: what is stored is not what was written down, and nothing of it is told. */
export type PeopleNow =
  /** `since`: against the look from before something was done about it; null where nothing was. */
  { readonly is: 'looked'; readonly look: PeopleLook; readonly since: Compared | null } | { readonly is: 'differs' };

const SHOWN = 3;
const LONGEST_LINE = 300;

/** On the card, the most weighty first; none where nobody has looked. */
export function peopleRemarks(people: PeopleNow | null): readonly string[] {
  if (people === null) return [];
  if (people.is === 'differs')
    return ['What is stored of the people who received it is not what was written down: nothing of it is shown.'];
  const { look, since } = people;
  const top = look.findings.slice(0, SHOWN);
  const more = look.findings.length + look.leftOut - top.length;
  return [
    ...sinceLine(since, look),
    ...suspicionLine(look),
    ...top.map((finding) => clip(`${who(finding)}: ${finding.sentence}`, LONGEST_LINE)),
    ...(more > 0 ? [`${count(more, 'more finding')} about people, and where they are from: see People.`] : []),
    ...look.mail.slice(0, SHOWN).map(({ sentence }) => clip(sentence, LONGEST_LINE)),
    didLine(look),
  ];
}

/** What is not seen any more was not thereby never there: the findings from before stay in the record. */
function sinceLine(since: Compared | null, { at }: PeopleLook): readonly string[] {
  if (since === null) return [];
  const fresh = since.fresh.length > 0 ? `, ${number(since.fresh.length)} of them new` : '';
  return [
    `Findings about people before something was done: ${number(since.before)}; still seen ${shortTime(at)}: ${number(since.after)}${fresh}.`,
    ...(since.unknown > 0
      ? [
          `Of ${number(since.unknown)} of them nobody knows whether they are over: what they came from did not answer in full.`,
        ]
      : []),
  ];
}

function suspicionLine({ suspected, asked, people }: PeopleLook): readonly string[] {
  if (suspected.length === 0) return [];
  const of =
    asked < people
      ? `${number(asked)} people who were asked about, of ${number(people)}`
      : count(people, 'person', 'people');
  return [`Account takeover suspected: ${number(suspected.length)} of ${of}.`];
}

/** `read`: as the list has it; the others as of the look. What is not known is said as that. */
function didLine({ did, people, at }: PeopleLook): string {
  const told = (what: string, n: number | null) => (n === null ? `${what}: not known` : `${what} by ${number(n)}`);
  const parts = [
    told('read', did.read),
    told('link followed', did.clicked),
    told('answered', did.replied),
    told('passed on', did.forwarded),
  ];
  return `Of ${count(people, 'person', 'people')}: ${parts.join(', ')}, as seen ${shortTime(at)}.`;
}

const who = ({ address }: PersonFinding) => inertOr(bothForms(address), 'Somebody', 100);

/** Findings of one answer: a window of either chat holds no more. */
const MOST_TOLD = 20;

/** For who presses People, line by line. `now`: ISO time. */
export function peopleLines(
  incident: string,
  { look, counts, now }: { readonly look: PeopleLook; readonly counts: readonly KindCount[]; readonly now: string },
): readonly string[] {
  const { findings, leftOut, mail, answers, mailAt } = look;
  const more = findings.length + leftOut - MOST_TOLD;
  return [
    `${incident}: ${REASONS[look.because]}, ${shortTime(look.at)}. Asked about ${askedWords(look)}; the mail came first at ${shortTime(mailAt)}.`,
    didLine(look),
    ...suspicionLine(look),
    ...(findings.length === 0 ? ['Nothing was found about these people.'] : []),
    ...findings.slice(0, MOST_TOLD).flatMap(findingLines),
    ...(more > 0 ? [`${count(more, 'more finding')}, none of them heavier.`] : []),
    ...(findings.some(({ measure }) => measure !== null)
      ? [`To have that done, say \u201ccontain ${incident} found because \u2026\u201d: people approve it first.`]
      : []),
    ...(look.already ?? []).map(alreadyLine),
    ...mail.map(({ sentence, strength }) => `The mail itself: ${sentence} (${strength})`),
    ...answers.map((answer) => sourceLine(answer, mailAt, now)),
    ...precisionLines(look, counts),
  ];
}

function askedWords({ asked, people, askedThemselves }: PeopleLook): string {
  const all = asked < people ? `${number(asked)} of ${number(people)} people` : count(people, 'person', 'people');
  const some = askedThemselves > 0 ? `, and looked into the settings of ${number(askedThemselves)} of them` : '';
  return `${all}${some}`;
}

const REASONS: Readonly<Record<PeopleReason, string>> = {
  plan: 'looked at when the list was made',
  late: 'looked at again, for what shows late',
  asked: 'looked at because somebody asked',
  contained: 'looked at after something was done about it',
};

/** What an administrator runs stands in a line of its own, to be taken as it is. */
function findingLines(finding: PersonFinding): readonly string[] {
  const { sentence, strength, sources, at, measure, byHand } = finding;
  const answer = measure === null ? '' : ` Can be answered: ${MEASURE_WORDS[measure.kind]}.`;
  const from = sources.map((source) => SOURCE_WORDS[source].toLowerCase()).join(', ');
  return [
    `${who(finding)}: ${sentence} (${strength}; ${from}; ${shortTime(at)})${answer}`,
    ...(measure === null && byHand !== null ? [`For an administrator to run: ${byHand}`] : []),
  ];
}

/** What somebody else did to the mail. That it was an administrator may mean that it was us: Defender tells both alike. */
function alreadyLine({ action, way, trigger, result, mailboxes, first, last }: Already): string {
  const by = /ZAP/i.test(way)
    ? 'Defender’s zero-hour purge'
    : /^automation$/i.test(trigger) || /^automated/i.test(way)
      ? 'an automated investigation of Defender'
      : /^adminaction$/i.test(trigger) || /^manual/i.test(way)
        ? 'an administrator, or Clawback by way of Defender'
        : 'somebody who is not named';
  const isDone = /^success$/i.test(result);
  const end = isDone ? '' : `, with the result “${inertOr(result, 'not told', 40)}”`;
  const when = first === last ? shortTime(first) : `${shortTime(first)} to ${shortTime(last)}`;
  return clip(
    `${isDone ? 'Already done to' : 'Tried on'} this mail: ${inertOr(action, 'something that is not named', 60).toLowerCase()} in ${count(mailboxes, 'mailbox', 'mailboxes')} by ${by} (${inertOr(way, 'no way named', 40)}; post-delivery actions; ${when})${end}.`,
    LONGEST_LINE,
  );
}

/** What would be done; who decides about it presses elsewhere. */
export const MEASURE_WORDS: Readonly<Record<MeasureKind, string>> = {
  'rule-off': 'switch the rule off',
  'revoke-sessions': 'end its sessions',
  'disable-account': 'disable the account',
  'mark-compromised': 'mark the account as compromised',
  'revoke-grant': 'take the app’s grant back',
  'remove-event': 'remove the calendar entry',
  'take-sent-copy': 'take the sent copy out',
};

const SOURCE_WORDS: Readonly<Record<IntelligenceSource, string>> = {
  'sign-ins': 'Sign-ins',
  'risk detections': 'Risk detections',
  'mailbox events': 'Mailbox events',
  'directory events': 'Directory events',
  'link clicks': 'Link clicks',
  'post-delivery actions': 'Post-delivery actions',
  'sent mail': 'Sent mail',
  'mailbox rules': 'Inbox rules',
  'app grants': 'App grants',
};

/** Four answers, and only one of them means that there is nothing. */
const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  seen: 'seen',
  'nothing found': 'nothing found',
  'not seen yet': 'nothing seen yet; it shows late, and is looked at again',
  'not licensed': 'the tenant has no licence for it',
  'not permitted': 'Clawback is not permitted to read it',
  'no answer': 'gave no answer',
};

const ONLY_WORDS: Readonly<Record<Only, string>> = {
  'interactive sign-ins': 'only of sign-ins in which somebody took part, and without the factors',
  changes: 'only of rules, forwarding and rights that were changed',
};

function sourceLine(answer: SourceAnswer, mailAt: string, now: string): string {
  const standing = standingOf(answer, mailAt, now);
  const rows = standing === 'seen' ? `, ${count(answer.rows, 'row')}` : '';
  const part = answer.cut ? '; not everything was told or asked' : '';
  const { unresolved = 0, only } = answer;
  const alone = only === undefined ? '' : `; ${ONLY_WORDS[only]}`;
  const whose =
    unresolved === 0 ? '' : `; nobody could tell whose mailbox ${count(unresolved, 'change')} since the mail is about`;
  return `${SOURCE_WORDS[answer.source]}: ${STANDING_WORDS[standing]}${rows}${alone}${part}${whose}.`;
}
