import { definitionOf } from '../action/action.ts';
import type { AskWords } from '../action/definition.ts';
import { type Ask, isAction } from '../ask/ask.ts';
import { VERB_WORDS } from './verb-words.ts';

/** What people read where they are asked, whatever it is that they are asked. */
export function askWords(ask: Ask): AskWords {
  return isAction(ask) ? definitionOf(ask).words : VERB_WORDS[ask];
}
