import { type Signal, seen } from './finding.ts';
import { standingOf, strangerIn } from './stranger.ts';
import { asksForMoney } from './subject.ts';

/**
 * Words of money beside words of haste or change, in the subject. Precedent: sublime-rules `payroll_fraud`, whose words stand beside a
 * model of language; words alone are weak.
 */
export const paymentWords: Signal = {
  most: 'weak',
  look(facts) {
    const stranger = strangerIn(facts);
    const { subject } = facts.mail;
    if (stranger === null || subject === null || !asksForMoney(subject.value)) return null;
    const { standing, on } = standingOf(facts, stranger);
    if (standing === 'established') return null;
    return seen({
      strength: 5,
      sentence: 'The subject speaks of money and of haste or a change.',
      on: [subject, stranger.from, stranger.own, ...on],
      row: { subject: subject.value },
    });
  },
};
