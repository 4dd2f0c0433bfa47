import type { MeasureDefinition } from './definition.ts';

const CONFIRMED = 'confirmedCompromised';
/** What a risk that was dismissed by people reads as, now or after a while. */
const OVER: ReadonlySet<unknown> = new Set(['dismissed', 'confirmedSafe', 'none']);

/** Identity Protection takes the account for compromised, and its policies do what they do then. */
export const markCompromised: MeasureDefinition = {
  undo: 'in effect',
  ofAccount: true,
  isDone: (now) => now.is === 'there' && now.image['riskState'] === CONFIRMED,
  back(before, after, now) {
    if (now.is === 'gone' || after.is === 'gone') return 'changed';
    if (now.image['riskState'] === before['riskState'] || OVER.has(now.image['riskState'])) return 'as before';
    const isOurs = now.image['riskLastUpdatedDateTime'] === after.image['riskLastUpdatedDateTime'];
    return now.image['riskState'] === CONFIRMED && isOurs ? 'ours' : 'changed';
  },
  isBack: (before, now) =>
    now.is === 'there' && (now.image['riskState'] === before['riskState'] || OVER.has(now.image['riskState'])),
  words: {
    does: () => 'mark the account as compromised',
    done: 'Identity Protection holds the account for compromised',
    back: 'dismiss the risk again (what was marked stays in its history)',
    isBack: 'the risk is dismissed',
  },
};
