import { fold, foldedWords } from './fold.ts';

/** What a subject claims to be and asks for, by its words alone. Weak by nature: honest people write them all day. */

const LONGEST = 300;

/** In the languages of Outlook and of sublime-rules' `fake_thread_suspicious_indicators`; a number in brackets counts the answers. */
const REPLY = /^\s*(?:re|aw|antw|sv|vs|ref|res|r|odp|ynt|回复|回覆|答复|返信)\s*(?:\[\d{1,3}\])?\s*[:：]/iu;
const FORWARD = /^\s*(?:fw|fwd|wg|tr|vb|vl|rv|enc|i|pd|转发|轉寄|転送)\s*(?:\[\d{1,3}\])?\s*[:：]/iu;

export function claimsToBe(subject: string): 'reply' | 'forward' | null {
  const start = subject.slice(0, LONGEST);
  if (REPLY.test(start)) return 'reply';
  return FORWARD.test(start) ? 'forward' : null;
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.split(' ').map(fold));

const MONEY = wordsOf(
  'bank banking iban bic swift routing wire payment payments payroll salary invoice invoices remittance deposit ach giftcard giftcards ' +
    'überweisung rechnung rechnungen zahlung zahlungen bankverbindung bankdaten kontodaten gehalt gehaltskonto lohn ' +
    'virement facture paiement salaire salario nomina factura pago transferencia bonifico fattura pagamento stipendio betaling factuur',
);
const PRESSURE = wordsOf(
  'urgent urgently immediately asap today overdue quick task favor favour confidential available discreet request needed change changed update updated new ' +
    'dringend sofort heute eilig vertraulich änderung geändert neue bitte ' +
    'urgence immédiatement confidentiel changement nouveau nouvelle urgente inmediatamente cambio nuevo nueva oggi subito riservato cambiamento dringende vertrouwelijk',
);
/** Of a hurried superior: what is asked before what it is about is said. */
const SUMMONS =
  /\b(?:are you (?:there|available|at your desk|in the office|free)|quick (?:task|favou?r|request)|need (?:your|a) (?:help|favou?r|assistance)|gift ?cards?|strictly private|sind sie (?:da|im b\u00FCro)|bist du (?:da|im b\u00FCro))\b/iu;
/** Of everything that is urgent somewhere: only where hardly anything else is said. */
const HASTE = /\b(?:urgent|asap|confidential|dringend|vertraulich)\b/iu;
const MOST_HASTY_WORDS = 3;

/** Words of money beside words of haste or change. */
export function asksForMoney(subject: string): boolean {
  const words = foldedWords(subject);
  return words.some((word) => MONEY.has(word)) && words.some((word) => PRESSURE.has(word));
}

export function summons(subject: string): boolean {
  const text = subject.slice(0, LONGEST).normalize('NFKC');
  return SUMMONS.test(text) || (HASTE.test(text) && foldedWords(text).length <= MOST_HASTY_WORDS);
}
