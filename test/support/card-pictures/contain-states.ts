import { choicesOf } from '../../../src/core/find/containing.ts';
import { MEASURE_KINDS } from '../../../src/core/measure/measure.ts';
import { type ContainForm, type ContainFormView, presentContainForm } from '../../../src/core/tell/contain-form.ts';
import { hostileTexts } from './hostile.ts';

/** The form in which measures are asked for: on a usual day, with nobody to choose, and with what attackers write. */

const FOUND = { measures: [{ kind: 'rule-off' as const }, { kind: 'revoke-grant' as const }], byHand: 1 };
export const CONTAIN: ContainForm = {
  incident: 'CB-7F3K2M',
  digest: 'a'.repeat(64),
  what: choicesOf({ kinds: MEASURE_KINDS, found: FOUND, playbooks: ['suspected-takeover'], invitations: 0 }),
  people: ['ann@contoso.example', 'bob@contoso.example'],
  typed: { what: null, who: [], address: null, reason: null },
  problem: null,
};

export function containStates(): { readonly name: string; readonly form: ContainFormView }[] {
  const hostile = hostileTexts();
  const many = Array.from(
    { length: 60 },
    (_, n) => `person${n}.of.a.long.name@${'department.'.repeat(8)}contoso.example`,
  );
  const typed = { what: 'found', who: [many[0] ?? ''], address: hostile.join(' '), reason: hostile.join('\n') };
  return [
    { name: 'contain', form: presentContainForm(CONTAIN) },
    { name: 'contain-nobody', form: presentContainForm({ ...CONTAIN, people: [], problem: { is: 'nobody' } }) },
    {
      name: 'contain-hostile',
      form: presentContainForm({
        ...CONTAIN,
        people: [...hostile.map((text) => `${text}@contoso.example`), ...many],
        typed,
        problem: { is: 'word', word: hostile[0] ?? '' },
      }),
    },
  ];
}
