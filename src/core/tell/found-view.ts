import { z } from 'zod';
import { askedFor, type Criteria, type Criterion } from '../find/criteria.ts';
import { type Coverage, EXPOSURES, type Exposed, type Found, type FoundMail, type Told } from '../find/found.ts';
import { shortDigest } from '../find/plan.ts';
import { instantOf } from '../instant.ts';
import { clip, count, inert, inertOr, number, shortTime } from '../text.ts';

/** What a search found, in words: final, inert and clipped, for templates that bind nothing but strings and flat rows. */

export interface FoundPage {
  /** Id of the search. */
  readonly search: string;
  readonly criteria: Criteria;
  /** When it was asked for, and when somebody else has allowed it, ISO times; null where nobody had to. */
  readonly at: string;
  readonly allowedAt: string | null;
  /** Null while it is under way. */
  readonly found: Found | null;
}

const line = (max: number) => z.string().min(1).max(max);
export const FoundView = z.strictObject({
  search: line(40),
  title: line(120),
  /** What was looked for. */
  asked: line(600),
  isUnderWay: z.boolean(),
  /** How far the answer goes, a line for each service, and what is left out. */
  notes: z.array(z.strictObject({ text: line(300) })).max(8),
  mails: z.array(
    z.strictObject({
      /** Names it within the search. */
      mail: line(40),
      subject: line(200),
      sender: line(200),
      /** How many, when, by whom it was named, and which list that is. */
      facts: line(300),
      /** What became of it inside. */
      exposure: z.array(z.strictObject({ text: line(280) })).max(6),
    }),
  ),
});
export type FoundView = z.infer<typeof FoundView>;

const CRITERION_WORDS: Readonly<Record<Criterion, string>> = {
  sender: 'sender',
  messageId: 'Message-ID',
  subject: 'subject with',
  urlHost: 'link to',
  attachment: 'attachment with SHA-256',
};

/** `most`: mails that the place of the answer holds. What is left out is counted. */
export function presentFound({ search, criteria, at, allowedAt, found }: FoundPage, most: number): FoundView {
  const since = allowedAt === null ? '' : `, allowed ${shortTime(allowedAt)}, from when they count`;
  const mails = found?.mails ?? [];
  return FoundView.parse({
    search: inertOr(search, 'a search', 40),
    title: titleOf(search, found),
    asked: clip(`${criteriaWords(criteria)}, asked ${shortTime(at)}${since}`, 600),
    isUnderWay: found === null,
    notes: (found ? [...notesOf(found, most), ...howToFileAll(search, found)] : [UNDER_WAY]).map((text) => ({
      text: clip(text, 300),
    })),
    mails: mails.slice(0, most).map(mailView),
  });
}

/** `sender a@b[.]example and subject with x; the last 30 days`. */
export function criteriaWords(criteria: Criteria): string {
  const asked = askedFor(criteria).map(({ by, value }) => `${CRITERION_WORDS[by]} ${inert(value, 120)}`);
  const inside = criteria.inside ? ', sent to people inside' : '';
  return `${asked.join(' and ')}${inside}; the last ${count(criteria.days, 'day')}`;
}

const UNDER_WAY =
  'It is still being looked for. What is found is kept for a day, for you alone: look again in a moment.';

function titleOf(search: string, found: Found | null): string {
  const id = inertOr(search, 'a search', 40);
  if (!found) return `Search ${id} is under way`;
  const mails = found.mails.length + found.mailsLeft;
  if (mails > 0) return `Search ${id} found ${count(mails, 'mail')}`;
  return `Search ${id} found no mail${limitOf(found) === null ? '' : ' in what was looked at'}`;
}

function notesOf(found: Found, most: number): readonly string[] {
  const { coverage, mails, mailsLeft, copiesLeft, unnamed } = found;
  const hidden = mails.slice(most).length + mailsLeft;
  const limit = limitOf(found);
  return [
    ...coverage.map(coverageLine),
    ...(limit === null ? [] : [limit]),
    ...(hidden > 0 ? [`${count(hidden, 'more mail is', 'more mails are')} not shown here: search for less.`] : []),
    ...(copiesLeft > 0 ? [`${count(copiesLeft, 'copy', 'copies')} more of these are in no list here.`] : []),
    ...(unnamed > 0
      ? [
          `${count(unnamed, 'delivery', 'deliveries')} more of mail without any id: in no list here, and no incident is made of it.`,
        ]
      : []),
  ];
}

/** What an account sent to many comes under many subjects: nobody presses for each. */
function howToFileAll(search: string, { criteria, mails }: Found): readonly string[] {
  if (!criteria.inside || mails.length === 0) return [];
  return [
    `Say \u201csearch ${inertOr(search, 'its id', 40)} all\u201d to make an incident of each: ${count(mails.length, 'mail')}.`,
  ];
}

/** Less than this a service forgets while it is asked. */
const SLACK_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Why this need not be all; null where a service has told all that it knows, for the whole time that was asked for. */
function limitOf({ coverage, criteria }: Found): string | null {
  const uncut = coverage.filter(({ status, cutAt }) => status === 'answered' && cutAt === null);
  if (uncut.length === 0) return 'No service has told all that it knows: there may be more mail than this.';
  const whole = uncut.filter(({ detail }) => detail === '');
  if (whole.length === 0) return 'Who answered did so within the limits in brackets: there may be more mail than this.';
  const longest = whole.some(
    ({ from, until }) => instantOf(until) - instantOf(from) >= criteria.days * DAY_MS - SLACK_MS,
  );
  return longest
    ? null
    : `No service has told all of the last ${count(criteria.days, 'day')}: there may be older mail than this.`;
}

const TITLES: Readonly<Record<string, string>> = { hunting: 'Advanced hunting', trace: 'Message trace' };
const STATUS_WORDS: Readonly<Record<Exclude<Coverage['status'], 'answered'>, string>> = {
  off: 'was not asked',
  'cannot say': 'cannot answer this',
  'not licensed': 'is not licensed in this tenant',
  'not permitted': 'is not permitted to this application',
  refused: 'refused the question',
  busy: 'asked to wait for too long',
  silent: 'gave no answer',
};

/** `Advanced hunting: 20 Oct 08:00 UTC to 19 Nov 08:00 UTC, complete: 3 deliveries`. */
function coverageLine({ name, status, from, until, found, cutAt, detail }: Coverage): string {
  const title = TITLES[name] ?? inertOr(name, 'a service', 40);
  const why = detail === '' ? '' : ` (${inert(detail, 160)})`;
  if (status !== 'answered') return `${title} ${STATUS_WORDS[status]}${why}.`;
  const span = from !== null && until !== null ? `${shortTime(from)} to ${shortTime(until)}, ` : '';
  const all = detail === '' ? 'complete' : 'not cut off';
  const whole = cutAt === null ? all : `cut off at ${number(cutAt)} rows, the newest`;
  return `${title}: ${span}${whole}: ${count(found, 'delivery', 'deliveries')}${why}.`;
}

function mailView(mail: FoundMail): FoundView['mails'][number] {
  const { key, digest, subject, sender, first, last, copies } = mail;
  const when =
    first === null ? '' : first === last ? shortTime(first) : `${shortTime(first)} to ${shortTime(last ?? first)}`;
  const by = [...new Set(copies.flatMap((copy) => copy.by))].sort().join(' and ');
  const parts = [count(copies.length, 'mailbox', 'mailboxes'), when, `named by ${by}`, `list ${shortDigest(digest)}`];
  return {
    mail: key,
    subject: `\u201c${inertOr(subject, 'no subject', 160)}\u201d`,
    sender: inertOr(sender, 'sender not known', 190),
    facts: clip(parts.filter((part) => part !== '').join(' \u00b7 '), 300),
    exposure: [placesLine(mail), ...EXPOSURES.map((what) => exposureLine(what, mail.exposure[what]))].map((text) => ({
      text,
    })),
  };
}

const MOST_NAMED = 3;

/** Received: by whom, and where it went. */
function placesLine({ copies }: FoundMail): string {
  const places = new Map<string, number>();
  for (const { where } of copies) {
    const place = inertOr(where, 'a place that is not told', 40);
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  const counted = [...places].map(([place, n]) => `${number(n)} in ${place}`).join(', ');
  return clip(`Received by ${names(copies.map(({ recipient }) => recipient))}: ${counted}`, 280);
}

const EXPOSED_WORDS: Readonly<Record<Exposed, string>> = {
  read: 'Read',
  clicked: 'Link pressed (also where it was blocked)',
  replied: 'Replied to, by its subject',
  forwarded: 'Passed on, by its subject',
  moved: 'Moved since, by Defender or an administrator',
};

function exposureLine(what: Exposed, told: Told): string {
  return clip(`${EXPOSED_WORDS[what]}: ${toldWords(told)}`, 200);
}

function toldWords(told: Told): string {
  switch (told.is) {
    case 'known':
      return `${names(told.people)}${told.times > told.people.length ? `, ${count(told.times, 'time')}` : ''}${told.cut ? '; there may be more' : ''}`;
    case 'nothing':
      return 'nothing found';
    case 'nothing in part':
      return `nothing found in what was looked at: ${inertOr(told.part, 'a part of it', 120)}`;
    case 'not yet':
      return 'nothing seen yet, and it came only lately';
    case 'not licensed':
      return 'not licensed in this tenant';
    case 'not permitted':
      return 'not permitted to this application';
    case 'not asked':
      return `not known, ${inertOr(told.why, 'nobody could be asked', 120)}`;
  }
}

function names(people: readonly string[]): string {
  const shown = people.slice(0, MOST_NAMED).map((one) => inertOr(one, 'somebody', 60));
  const more = people.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${number(more)} more` : shown.join(', ');
}
