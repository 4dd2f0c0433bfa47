import { addressKey } from '../address.ts';
import { inert } from '../text.ts';
import type { Facts, Vip } from './facts.ts';
import { type Signal, seen } from './finding.ts';
import { fold, foldedWords } from './fold.ts';
import { addressStanding, type Stranger, standingOf, strangerIn } from './stranger.ts';
import { summons } from './subject.ts';

/**
 * The name of somebody important at an address that is not theirs. Precedent: sublime-rules `vip_impersonation`, high, which wants a
 * suspicious request beside the name; so does a strong one here, because people have namesakes, and private addresses. Services and
 * lists write in somebody's name for weeks, or with more words behind it: that is weak.
 */
export const vipName: Signal = {
  most: 'strong',
  look(facts) {
    const stranger = strangerIn(facts);
    const { vips } = facts.tenant;
    if (stranger === null || vips === null || stranger.name === null) return null;
    const found = namedLike(stranger.name, vips.value);
    if (found === null || isThemselves(found.vip, stranger, facts.mailbox)) return null;
    const { standing, on } = addressStanding(facts);
    const known = [standing, standingOf(facts, stranger).standing];
    if (known.includes('established')) return null;
    const isPlain = found.plainly && !known.includes('heard');
    const { subject } = facts.mail;
    const pressing = isPlain && standing === 'new' && subject !== null && summons(subject.value) ? [subject] : [];
    const isStrong = pressing.length > 0;
    return seen({
      strength: isStrong ? 'strong' : isPlain ? 'medium' : 10,
      sentence: `Named like ${inert(found.vip.name, 60)}, but from ${inert(stranger.address, 80)}${
        isStrong ? ', and the subject presses' : ''
      }.`,
      on: [vips, stranger.from, stranger.own, ...on, ...pressing],
      row: { name: stranger.name, address: stranger.address, vip: found.vip.name, plainly: found.plainly, standing },
    });
  },
};

/** What people put behind a name without becoming somebody else, as `foldedWords` reads it. */
const TITLES = new Set(
  (
    'ceo cfo coo cto cio chief executive financial officer president chairman chair director managing owner founder head of the dr prof ' +
    'gesch\u00E4ftsf\u00FChrer gesch\u00E4ftsf\u00FChrerin vorstand inhaber directeur directrice g\u00E9n\u00E9ral directora general mobile iphone office'
  )
    .split(' ')
    .map(fold),
);

interface NamedLike {
  readonly vip: Vip;
  /** Nothing stands beside the name but a title. */
  readonly plainly: boolean;
}

function namedLike(name: string, vips: readonly Vip[]): NamedLike | null {
  const told = foldedWords(name).filter((word) => word.length > 1);
  for (const vip of vips) {
    const rest = behindName(
      told,
      foldedWords(vip.name).filter((word) => word.length > 1),
    );
    if (rest !== null) return { vip, plainly: rest.every((word) => TITLES.has(word)) };
  }
  return null;
}

/** A short word alone is everybody's name. */
const SHORTEST_ALONE = 6;

/**
 * `Ana Bell`, `Bell, Ana`, `AnaBell`, `Ana M. Bell`, and whatever stands behind it, which is the answer; null where it is another name.
 * One without letters that stand alone is meant: they are middle names.
 */
function behindName(told: readonly string[], wanted: readonly string[]): readonly string[] | null {
  const [only = ''] = wanted;
  if (wanted.length === 0 || (wanted.length === 1 && only.length < SHORTEST_ALONE)) return null;
  if (told[0] === wanted.join('')) return told.slice(1);
  const turned = [...wanted.slice(-1), ...wanted.slice(0, -1)];
  const start = told.slice(0, wanted.length).join(' ');
  return start === wanted.join(' ') || start === turned.join(' ') ? told.slice(wanted.length) : null;
}

/** To nobody but their own mailbox people write from private addresses; a copy for them beside others keeps nothing quiet. */
function isThemselves(vip: Vip, { address }: Stranger, { owner, isShared = false }: Facts['mailbox']): boolean {
  const theirs = new Set(vip.addresses.map(addressKey));
  const isToThem = !isShared && owner !== null && owner.value.some((one) => theirs.has(addressKey(one)));
  return theirs.has(addressKey(address)) || isToThem;
}
