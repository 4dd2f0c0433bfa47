import { describe, expect, it } from 'vitest';
import {
  ACTIONS,
  type Action,
  actionNamed,
  definitionOf,
  policyActionOf,
  putBy,
} from '../../src/core/action/action.ts';

describe('the map of actions', () => {
  it.each(ACTIONS)('files %s under its own name', (action) => {
    expect([definitionOf(action).name, actionNamed(policyActionOf(action))]).toEqual([action, action]);
  });

  it('has no two that share a name, a word of the policy, or a button', () => {
    for (const key of ['name', 'word', 'verb'] as const) {
      const all = ACTIONS.map((action) => definitionOf(action)[key]);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it('promises an undo only of what the undo can find again', () => {
    const undoable = ACTIONS.map(definitionOf).filter(({ undo }) => undo === 'exact');
    const findable = ['take out removed from bin', 'set aside junked from junk'];
    expect(undoable.map(({ name, does, done }) => `${does} ${done} from ${putBy(name as Action)}`)).toEqual(
      undoable.map(({ does }) => findable.find((way) => way.startsWith(does))),
    );
  });

  it.each(['recall-unread', 'constructor', '__proto__', ''])(
    'knows nothing of %j, and takes it for nothing of ours',
    (name) => {
      expect([definitionOf(name as Action).name, actionNamed(name)]).toEqual(['unknown', null]);
      expect(policyActionOf(name as Action)).toBe(name);
    },
  );

  it.each(ACTIONS)('has words for %s that every chat has room for', (action) => {
    const { confirmation, reason, button } = definitionOf(action).words;
    expect([button.length <= 60, reason.title.length <= 24, reason.send.length <= 24]).toEqual([true, true, true]);
    for (const word of [confirmation?.yes ?? '', confirmation?.no ?? '']) expect(word.length).toBeLessThanOrEqual(30);
    expect(definitionOf(action).words.effect('5,000 copies in 4,900 mailboxes').length).toBeLessThanOrEqual(220);
  });
});
