import { bothForms } from '../address.ts';
import { type AutomationList, type Cluster, type ClusterMail, canComeBack, countPlaces } from '../find/automation.ts';
import { clusterName } from '../find/cluster-name.ts';
import { subjectKey } from '../find/key.ts';
import { clip, count, inertOr, number, shortTime } from '../text.ts';
import type { GatheredView } from './card.ts';

/** The message of one day that lists what automation took out, and what a card made of it says of its cluster. */

/** Named in one message; the rest is counted, and named by the command. */
const MOST_SHOWN = 10;

export function presentAutomation(tenantName: string, list: AutomationList): GatheredView {
  const { id, clusters, until } = list;
  const copies = clusters.reduce((sum, cluster) => sum + cluster.copies.length, 0);
  return {
    ...about(tenantName),
    headline: clip(
      `${count(copies, 'copy', 'copies')} in ${count(clusters.length, 'cluster')}, as told ${shortTime(until)}`,
      120,
    ),
    notes: notesOf(list).map((text) => ({ text: clip(text, 300) })),
    lines: clusters.slice(0, MOST_SHOWN).map((cluster) => ({
      incident: clusterName(id, cluster.key),
      text: clip(clusterLine(cluster, list.samples), 700),
      button: canComeBack(cluster).length > 0 ? 'Put back\u2026' : '',
    })),
  };
}

/** Somebody has written into what is stored of it. */
export function presentChanged(tenantName: string, id: string): GatheredView {
  return {
    ...about(tenantName),
    headline: 'This list is not shown',
    notes: [
      {
        text: `What is stored of ${inertOr(id, 'this list', 40)} is not what the record says of it: nothing is shown or put back from it. Tell whoever runs Clawback.`,
      },
    ],
    lines: [],
  };
}

const about = (tenantName: string) => ({
  tenant: inertOr(tenantName, 'tenant', 80),
  title: 'What Defender took out on its own',
  intro:
    'Nothing can be decided in this message. \u201cPut back\u201d makes an incident of a cluster, whose list people approve first; who asks for it does not decide.',
});

/** How far the list goes, and what is in none of its clusters. */
export function notesOf(
  { from, until, clusters, apart, cutAt }: AutomationList,
  shown: 'all' | 'first' = 'first',
): string[] {
  const more = shown === 'all' ? 0 : clusters.length - MOST_SHOWN;
  return [
    `Advanced hunting was asked about ${shortTime(from)} to ${shortTime(until)}. It learns of some removals later: those come with the next list.`,
    ...(more > 0 ? [`${count(more, 'smaller cluster')} more: \u201cclawback automation\u201d names them.`] : []),
    ...(cutAt === null ? [] : [`Hunting told ${number(cutAt)} removals, and there are or may be more.`]),
    ...(apart.left > 0 ? [`${count(apart.left, 'copy', 'copies')} more found no room: look at them in Defender.`] : []),
    ...(apart.ours > 0
      ? [`${count(apart.ours, 'removal was', 'removals were')} of Clawback itself, says its record: not in this list.`]
      : []),
    ...(apart.odd > 0
      ? [
          `${count(apart.odd, 'row', 'rows')} could not be read, without an id or a recipient: look at them in Defender.`,
        ]
      : []),
    ...(apart.failed > 0 ? [`${count(apart.failed, 'removal')} did not work, says Defender.`] : []),
  ];
}

/** What it is, in samples; what Defender did with it and why; and where it is now. */
export function clusterLine(cluster: Cluster, samples: number): string {
  const mails = samplesOf(cluster.mails, samples);
  const named = mails.map(({ subject }) => `\u201c${inertOr(subject, 'no subject', 90)}\u201d`).join(', ');
  const others = new Set(cluster.mails.map(({ subject }) => subjectKey(subject))).size - mails.length;
  const more = others > 0 ? ` and ${count(others, 'more subject')}` : '';
  const people = new Set(cluster.copies.map(({ recipient }) => recipient)).size;
  return [
    `${named}${more} from ${senderWords(cluster)}`,
    `${count(cluster.copies.length, 'copy', 'copies')} of ${count(people, 'recipient')}, ${count(cluster.mails.length, 'mail')}${BY[cluster.by]}`,
    ...judgedWords(cluster),
    whyWords(cluster),
    whereWords(cluster),
  ].join(' \u00b7 ');
}

const BY: Readonly<Record<Cluster['by'], string>> = {
  cluster: '',
  subject: ' with one subject, in no cluster of Defender',
  mail: ', in no cluster of Defender',
};

/** Different ones first, so that they tell most. */
function samplesOf(mails: readonly ClusterMail[], most: number): readonly ClusterMail[] {
  const bySubject = new Map(mails.map((mail) => [subjectKey(mail.subject), mail]));
  return [...bySubject.values()].slice(0, most);
}

function senderWords({ sender, mailFrom }: Cluster): string {
  const from = inertOr(sender && bothForms(sender), 'an unknown sender', 120);
  const isOther = mailFrom !== null && sender !== null && domainOf(mailFrom) !== domainOf(sender);
  return isOther ? `${from} (sent by ${inertOr(domainOf(mailFrom), 'another', 80)})` : from;
}

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** None of a list from before it was asked about. */
function judgedWords({ authentication }: Cluster): readonly string[] {
  if (authentication === undefined) return [];
  return [authentication === null ? 'how it was authenticated is not told' : inertOr(authentication, 'not told', 100)];
}

function whyWords({ ways, actions, threatsThen, threatsNow }: Cluster): string {
  const did = `${listed(ways, 'unknown')}, ${listed(actions, 'unknown')}`;
  const then = listed(threatsThen, 'nothing');
  return `${did}; called ${listed(threatsNow, 'nothing')} then, ${then} on delivery`;
}

const listed = (words: readonly string[], none: string) =>
  words.length === 0 ? none : words.map((word) => inertOr(word, none, 40)).join(', ');

/** As Defender told it; the plan of an incident says what mailboxes hold. */
function whereWords(cluster: Cluster): string {
  const { deleted, quarantine, junk, inbox, 'not known': unknown } = countPlaces(cluster);
  const parts = [
    deleted > 0 ? `${number(deleted)} deleted` : '',
    quarantine > 0
      ? `${number(quarantine)} in quarantine: release ${quarantine === 1 ? 'it' : 'them'} in Defender`
      : '',
    junk > 0 ? `${number(junk)} in Junk Email, where owners reach them` : '',
    inbox > 0 ? `${number(inbox)} in a mailbox again` : '',
    unknown > 0 ? `${number(unknown)} at a place that is not told` : '',
  ].filter((part) => part !== '');
  return `now ${parts.join(', ')}`;
}

/**
 * Of Graph's documented requests none releases what is in quarantine: the one that moves mail names mailboxes alone
 * (learn.microsoft.com/graph/api/security-analyzedemail-remediate).
 */
const QUARANTINE = 'security.microsoft.com/quarantine';

/** For the card of an incident that is made of it: what its list does not hold, and why. At most 500 characters each. */
export function clusterFindings(cluster: Cluster, list: Pick<AutomationList, 'id' | 'asOf'>): readonly string[] {
  const { quarantine, junk, inbox } = countPlaces(cluster);
  const when = shortTime(list.asOf);
  return [
    `Cluster ${cluster.key} of ${list.id}: ${[...judgedWords(cluster), whyWords(cluster)].join('; ')}.`,
    ...(cluster.mails.length > 1
      ? [`${count(cluster.mails.length, 'mail')} of this sender, not one: all of them are in this list.`]
      : []),
    ...(quarantine > 0
      ? [
          `${count(quarantine, 'copy is', 'copies are')} in quarantine as of ${when}, and in no list here: release ${quarantine === 1 ? 'it' : 'them'} in Defender (${QUARANTINE}).`,
        ]
      : []),
    ...(junk > 0
      ? [`${count(junk, 'copy was', 'copies were')} put into Junk Email, where owners reach them: not in this list.`]
      : []),
    ...(inbox > 0
      ? [`${count(inbox, 'copy was', 'copies were')} in a mailbox again as of ${when}: not in this list.`]
      : []),
  ].map((text) => clip(text, 500));
}
