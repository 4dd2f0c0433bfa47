import { addressKey } from '../address.ts';
import { domainNamed } from '../signal/domain.ts';
import type { TakenAlert } from './alert.ts';

/**
 * Copies of one attack come with different Message-IDs and subjects. What they share are marks; where two that are independent
 * of each other agree, the incidents are shown together as a campaign. That ties them together for people and does nothing
 * else: each stays judged on its own facts, because whoever writes mail can copy every mark of another one.
 */

/** Marks of one kind depend on each other: who sends as somebody chooses address and display name together. */
type MarkKind = 'sender' | 'host' | 'file' | 'campaign' | 'body';

export interface Mark {
  readonly kind: MarkKind;
  readonly value: string;
}

/** What the configuration says is no mark. Domains in lower case; all below them are meant too. */
export interface CampaignTerms {
  readonly ownDomains: readonly string[];
  /** Hosts of services that everybody uses, so that a link to one says nothing. */
  readonly sharedHosts: readonly string[];
}

/** Two marks of different kinds, in the order of the kinds. */
export type MarkPair = readonly [Mark, Mark];

/** A mail full of links must not make thousands of pairs: the same few are taken whatever order they stand in. */
const MOST_OF_A_KIND = 5;
/** Shorter names are nobody's own. */
const LEAST_NAME = 4;

/** What an alert says of the mail by which it may be known as part of an attack. None for what Microsoft calls an exercise. */
export function marksOf(alert: TakenAlert, terms: CampaignTerms): readonly Mark[] {
  if ((alert.exercises ?? []).length > 0) return [];
  const { sender, senderName, urls } = alert.message;
  return [
    ...ofKind('sender', [sender === null ? '' : `address ${addressKey(sender)}`, nameMark(senderName)]),
    ...ofKind(
      'host',
      urls
        .map(hostOf)
        .filter((host) => isTelling(host, terms))
        .map((host) => ownerOf(host, terms)),
    ),
    ...ofKind('file', alert.evidence?.files.map(({ sha256 }) => sha256 ?? '') ?? []),
    ...ofKind('campaign', [campaignMark(alert)]),
  ];
}

/** What Microsoft finds alike in the contents of mails, by what hunting calls each such group of them. */
export function bodyMarks(clusters: readonly string[]): readonly Mark[] {
  return ofKind('body', clusters);
}

/** Every two marks that are independent. Incidents that share one of these are of one campaign. */
export function pairsOf(marks: readonly Mark[]): readonly MarkPair[] {
  return marks.flatMap((one, at) =>
    marks.slice(at + 1).flatMap((other) => (one.kind === other.kind ? [] : [[one, other] as const])),
  );
}

function ofKind(kind: MarkKind, values: readonly string[]): readonly Mark[] {
  const told = [...new Set(values.map((value) => value.toWellFormed()))].filter((value) => value !== '');
  return told
    .sort()
    .slice(0, MOST_OF_A_KIND)
    .map((value) => ({ kind, value }));
}

function nameMark(name: string | null): string {
  const folded = (name ?? '').normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  return folded.length < LEAST_NAME ? '' : `name ${folded}`;
}

/** What a vendor calls an attack is its own word: the same id from another source is another thing. */
function campaignMark({ from, campaign }: TakenAlert): string {
  return campaign ? JSON.stringify([from.name, campaign.source, campaign.id]) : '';
}

/** Empty for what is no web address. */
function hostOf(url: string): string {
  const at = URL.parse(url.trim());
  if (at === null || !/^https?:$/.test(at.protocol)) return '';
  return at.hostname.replace(/\.$/, '').replace(/^www\./, '');
}

/**
 * What somebody has registered of it (publicsuffix.org): under that the owner makes as many hosts as they like, one for each
 * mail. Where everybody gets a host from one service, as below github.io, each has an owner of its own; and of a name under
 * which a host is shared, as docs.google.com is, the whole host says more.
 */
function ownerOf(host: string, { sharedHosts }: CampaignTerms): string {
  const name = domainNamed(host)?.name ?? host;
  return sharedHosts.some((shared) => shared.endsWith(`.${name}`)) ? host : name;
}

function isTelling(host: string, { ownDomains, sharedHosts }: CampaignTerms): boolean {
  return ![...ownDomains, ...sharedHosts].some((known) => host === known || host.endsWith(`.${known}`));
}

/** More waves than these are shown by nobody: then another campaign begins, which names the older one. */
const MOST_WAVES = 50;

/** What an alert that fits a campaign becomes. */
export type Wave =
  | { readonly is: 'wave' }
  /** It gets a card and a campaign of its own, which names the other one. */
  | { readonly is: 'new'; readonly because: 'worse' | 'full' };

/**
 * `said`: what was said of the waves and the first mail. Worse than all of it, from a source that had not spoken, must not
 * vanish in a list that people have judged already.
 */
export function placeIn(waves: number, isWorse: boolean): Wave {
  if (isWorse) return { is: 'new', because: 'worse' };
  return waves >= MOST_WAVES ? { is: 'new', because: 'full' } : { is: 'wave' };
}
