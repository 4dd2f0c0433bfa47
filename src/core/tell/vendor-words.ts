import type { TakenAlert } from '../find/alert.ts';
import type { VendorState } from '../find/vendor-says.ts';
import { inertOr, shortTime } from '../text.ts';

/** What a vendor has done with a mail by itself, in the words of people; told as its word, and not as what was seen. */

const DONE: Readonly<Record<VendorState, string>> = {
  waiting: 'its automation holds the mail already, and waits for somebody’s approval there',
  running: 'its automation is removing the mail already',
  removed: 'its automation has removed the mail already',
  'kept-out': 'the mail was kept out of the mailbox',
  partly: 'its automation has removed some of it',
  failed: 'its automation has tried to remove the mail, and could not',
  'put-back': 'it has put the mail back',
  withdrawn: 'it takes its word back: no threat',
  other: '',
};

/** Rows of a card, where there is anything to tell. `by`: whose word it is, inert. */
export function vendorRows(alert: TakenAlert, by: string): (readonly [label: string, value: string])[] {
  const { campaign, vendorAction, link } = alert;
  return [
    ...(campaign
      ? [['Campaign', `${inertOr(campaign.id, '?', 120)}, says ${inertOr(campaign.source, '?', 80)}`] as const]
      : []),
    ...(vendorAction ? [['Done there', `${actionWords(vendorAction)}, says ${by}`] as const] : []),
    ...(link ? [['Page there', inertOr(link, '?', 300)] as const] : []),
  ];
}

function actionWords({ state, says, at }: NonNullable<TakenAlert['vendorAction']>): string {
  const own = says === null ? '' : `\u201c${inertOr(says, '?', 120)}\u201d`;
  const words = [DONE[state], own].filter((part) => part !== '').join(': ');
  return at === null ? words : `${words} (${shortTime(at)})`;
}

/** Shown among the warnings: an exercise that is purged helps nobody, and an attack that calls itself one is still an attack. */
export function simulationLines({ simulation }: Pick<TakenAlert, 'simulation'>, by: string): string[] {
  return simulation === true
    ? [`${by} says that this is a phishing exercise. Nothing here proves it: look before you decide.`]
    : [];
}

/** Among our own remarks. `undo`: whether what was removed can be put back on this card. */
export function takenBackLines({ retracted = [] }: Pick<TakenAlert, 'retracted'>, undo: boolean): string[] {
  return retracted.map(({ source, says, at }) => {
    const own = says === null ? '' : ` (\u201c${inertOr(says, '?', 80)}\u201d)`;
    const way = undo ? ' What was removed can be put back here; nothing is put back by itself because of it.' : '';
    return `${inertOr(source, 'A source', 80)} has taken back what it said of this mail${own}, ${shortTime(at)}: nothing is done unasked on its word, and approvals from before do not count.${way}`;
  });
}
