import { ACTIONS, type Action, definitionOf, isUndo } from '../action/action.ts';
import { CONFIRM_WORD, type ReasonForm } from '../action/definition.ts';
import { type Ask, isAction } from '../ask/ask.ts';
import { VERBS } from '../ask/policy.ts';
import { advance, situationOf } from '../incident/incident.ts';
import { count } from '../text.ts';
import { offersAnotherLook } from './another-look.ts';
import { askWords } from './ask-words.ts';
import { amountOfAll, askedFor, FOR_ALL } from './campaign-view.ts';
import type { CardView } from './card.ts';
import { type CaseFacts, canCancel } from './case.ts';
import { commonReasons } from './common-reasons.ts';
import { type Amount, amountOf, confirmationText, effectOf, isIrreversible } from './effect.ts';
import { undoWords } from './wording.ts';

/** The buttons of a card: which it shows, what each one asks for, and the words of all of them. */
export interface Button {
  /** `page` tells apart what a card shows more than once. */
  readonly isShown: (view: Pick<CardView, 'actions' | 'canTakeIn' | 'unsure'>, page: number) => boolean;
  /** Null for a button that only shows something. */
  readonly asks: Ask | null;
}

const DETAILS = 'details';
/** What was found out about who received it. */
export const PEOPLE = 'people';
/** Asks what is to be done about its people, where nobody has looked at them; else it stands beside what was found. */
export const CONTAIN = 'contain';
/** Takes a wave out of its campaign: it shows it by itself, and does nothing else. */
export const APART = 'apart';

/** By the verb that a press names. */
export const BUTTONS: ReadonlyMap<string, Button> = new Map<string, Button>([
  ...ACTIONS.map((action): [string, Button] => {
    const { verb } = definitionOf(action);
    return [verb, { isShown: isOffered(verb), asks: action }];
  }),
  ...VERBS.map((verb): [string, Button] => [
    verb,
    { isShown: verb === 'take-in' ? isGroupShown : isOffered(verb), asks: verb },
  ]),
  ...[...FOR_ALL].map(([verb, ask]): [string, Button] => [verb, { isShown: isOffered(verb), asks: ask }]),
  [DETAILS, { isShown: isOffered(DETAILS), asks: null }],
  [PEOPLE, { isShown: isOffered(PEOPLE), asks: null }],
  [CONTAIN, { isShown: isOffered(CONTAIN), asks: null }],
  [APART, { isShown: isOffered(APART), asks: null }],
]);

function isOffered(verb: string): Button['isShown'] {
  return ({ actions }) => actions.some(({ id }) => id === verb);
}

function isGroupShown({ canTakeIn, unsure }: Pick<CardView, 'canTakeIn' | 'unsure'>, group: number): boolean {
  return canTakeIn && unsure.some(({ page }) => page === String(group));
}

/** The words of the form that a press of this verb may lead to. */
export interface FormWords extends ReasonForm {
  /** What it does, with the copies that it is done to. */
  readonly effect: string;
}

export function formWords(verb: string, amount: Amount): FormWords {
  const ask = BUTTONS.get(verb)?.asks ?? 'reopen';
  return { ...askWords(ask).reason, effect: effectOf(ask, amount) };
}

/** Above the field that the word goes into. */
export const WORD_LABEL = `Type ${CONFIRM_WORD} to approve it`;

/** What sends the form of this verb. */
export function sendWords(verb: string): string {
  return askWords(BUTTONS.get(verb)?.asks ?? 'reopen').reason.send;
}

/** In the order that they are read in: what can be done, no, the undo, and what else there is. */
export function buttonsOf(facts: CaseFacts, may: Readonly<Record<Action, boolean>>): CardView['actions'] {
  const { incident, plan } = facts;
  const possible = ACTIONS.filter((action) => may[action]);
  const verbsOf = (actions: readonly Action[]) => actions.map((action) => definitionOf(action).verb);
  const shown: readonly (readonly string[])[] = [
    verbsOf(possible.filter((action) => !isUndo(action))),
    // Of what a filter took out, to call it harmless would be to put it back.
    advance(situationOf(incident), 'rejected') !== null && !incident.alert.automation ? ['reject'] : [],
    verbsOf(possible.filter(isUndo)),
    offersAnotherLook(facts) ? ['reopen'] : [],
    canCancel(facts) ? ['cancel'] : [],
    plan === null ? [] : [DETAILS],
    facts.people?.is === 'looked' ? [PEOPLE] : facts.containable ? [CONTAIN] : [],
    incident.campaign === null ? [] : [APART],
  ];
  const own = shown.flat().map((verb) => {
    const ask = BUTTONS.get(verb)?.asks ?? null;
    return buttonFor(verb, undoWords(facts), ask === null ? NOTHING : amountOf(facts, ask));
  });
  return [...own, ...buttonsForAll(facts)];
}

/** One press for all waves: each of them is decided as if it had been pressed by itself. */
function buttonsForAll(facts: CaseFacts): CardView['actions'] {
  const { campaign } = facts;
  if (!campaign) return [];
  return [...FOR_ALL].flatMap(([verb, ask]) => {
    const asked = askedFor(facts, ask);
    if (asked.length === 0) return [];
    const button = buttonFor(verb, askWords(ask).button, amountOfAll(asked, ask));
    const { digest } = campaign;
    // Why is typed: what a menu offers speaks of one mail.
    return [
      {
        ...button,
        label: `${button.label}: ${asked.length === 1 ? '' : 'all '}${count(asked.length, 'wave')}`,
        style: 'plain' as const,
        reasons: [],
        digest,
      },
    ];
  });
}

/** A button as cards show it in this state. `undo`: what the undo is called in it. */
export function buttonFor(verb: string, undo: string, amount: Amount): CardView['actions'][number] {
  const ask = BUTTONS.get(verb)?.asks ?? null;
  if (ask === null) return { ...PLAIN, id: verb, label: SHOWING.get(verb) ?? 'Details' };
  const { button, style, needs, tooltip, reason, confirmation: asked } = askWords(ask);
  const label = isAction(ask) && isUndo(ask) ? undo : button;
  const question = needs === 'reason' ? reason.question : '';
  const confirmation = asked && { ...asked, text: confirmationText(ask, amount) };
  const isApart = isAction(ask) && isIrreversible(ask);
  const reasons = [...commonReasons(verb)];
  return { id: verb, label, style, isApart, needs, tooltip, question, reasons, confirmation };
}

/** Buttons that only show something, beside the details. */
const SHOWING: ReadonlyMap<string, string> = new Map([
  [APART, 'Not part of this campaign'],
  [PEOPLE, 'People'],
  [CONTAIN, 'Contain\u2026'],
]);

/** Pressed and done: nothing is asked, nothing is coloured. */
export const PLAIN: Omit<CardView['actions'][number], 'id' | 'label'> = {
  style: 'plain',
  isApart: false,
  needs: 'press',
  tooltip: '',
  question: '',
  reasons: [],
  confirmation: null,
};
const NOTHING: Amount = { copies: 0, mailboxes: null, mode: 'live' };

/** What touches no mailbox. */
export function withoutActions(actions: CardView['actions']): CardView['actions'] {
  return actions.filter(({ id }) => {
    const ask = BUTTONS.get(id)?.asks ?? null;
    return ask === null || !isAction(ask);
  });
}

/** As for a case whose rows and record differ: it can be looked at, and nothing else. */
export function onlyDetails(actions: CardView['actions']): CardView['actions'] {
  return actions.filter(({ id }) => id === DETAILS);
}
