import { isReadRight } from '../../core/ask/reads.ts';
import { BUTTONS } from '../../core/tell/button.ts';
import { reasonFor } from '../../core/tell/common-reasons.ts';
import { EVERYTHING, type Look } from '../../core/tell/details-rows.ts';
import { MEASURE_VERBS } from '../../core/tell/measure-buttons.ts';
import type { ChatUser, Press } from '../../ports/desk.ts';
import type { Place } from './card.ts';
import { ButtonValue, DetailsPlace, fromJson, type Pressed, ReasonValue } from './payload.ts';
import { SLACK } from './platform.ts';

/** What a press in Slack asks of the desk: on a card, or in the window with the mailbox list. */

/** A group of unsure copies has a button of its own. */
const GROUP = /^cb:(take-in):[0-2]$/;
/** A measure that can be put back has one too. */
const BACK = /^cb:(measure-back):\d{1,2}$/;
/** A line of a message that gathers many incidents. */
const OPENS = /^cb:open:\d{1,2}$/;
/** The menu with common reasons beside the button of this verb. */
const BECAUSE = /^cb:([a-z-]{1,30}):why$/;
const PAGES: ReadonlySet<string> = new Set(['cb:page:previous', 'cb:page:next']);

type Action = Pressed['actions'][number];

/** The card that a press is about; null where it names none. */
export function placeOf({ container, view }: Pressed): Place | null {
  if (view) return fromJson(DetailsPlace, view.private_metadata);
  const { channel_id: channel, message_ts: ts } = container;
  return channel && ts ? { channel, ts } : null;
}

/** Null for what no card and no window of ours sends. */
export function pressOf({ actions: [action, ...more], view }: Pressed, by: ChatUser, place: Place): Press | null {
  if (!action || more.length > 0) return null;
  const asked = view ? inWindow(action, view) : onCard(action);
  const card = { platform: SLACK.platform, channel: place.channel, message: place.ts } as const;
  return asked && { by, card, reason: null, ...asked };
}

type Asked = Pick<Press, 'verb' | 'incident' | 'digest' | 'page' | 'look'> & Partial<Pick<Press, 'reason'>>;

function onCard(action: Action): Asked | null {
  const verb = BECAUSE.exec(action.action_id)?.[1];
  return verb === undefined ? byButton(action) : byReason(verb, action);
}

/** What was chosen names a reason; its words are ours. */
function byReason(verb: string, { block_id: block, selected_option: chosen }: Action): Asked | null {
  const said = fromJson(ReasonValue, chosen?.value);
  if (!said || !block.startsWith(`cb:${said.incident}:`)) return null;
  const { incident, digest, why } = said;
  const reason = reasonFor(verb, why);
  return reason === null ? null : { verb, incident, digest, page: 0, reason };
}

function byButton({ action_id: id, block_id: block, value }: Action): Asked | null {
  const isLine = OPENS.test(id);
  const verb = isLine ? 'open' : verbBehind(id);
  const said = fromJson(ButtonValue, value);
  if (!verb || !said || !block.startsWith(isLine ? 'cb:gathered:' : `cb:${said.incident}:`)) return null;
  return { verb, ...said };
}

/** The verb behind the `action_id` of a button on a card; undefined for none of ours. */
function verbBehind(action: string): string | undefined {
  const numbered = GROUP.exec(action)?.[1] ?? BACK.exec(action)?.[1];
  const verb = numbered ?? action.replace(/^cb:(?!take-in|measure-back)/, '');
  return verb !== action && (BUTTONS.has(verb) || MEASURE_VERBS.has(verb)) ? verb : undefined;
}

/** A window shows; decisions are made on the card. */
function inWindow(action: Action, view: NonNullable<Pressed['view']>): Asked | null {
  const place = fromJson(DetailsPlace, view.private_metadata);
  if (!place || !action.block_id.startsWith('cb:page:')) return null;
  const { incident, digest } = place;
  const asked = { incident, digest, page: 0, look: lookIn(view.state ?? null, place) };
  if (action.action_id === 'cb:filter') return { ...asked, verb: 'details' };
  const said = fromJson(ButtonValue, action.value);
  if (said?.incident !== incident || said.digest !== digest) return null;
  if (PAGES.has(action.action_id)) return { ...asked, verb: 'details', page: said.page };
  const verb = action.action_id.replace(/^cb:/, '');
  return isReadRight(verb) ? { ...asked, verb } : null;
}

type Drawn = { readonly [K in keyof Look]?: Look[K] | undefined };
type State = NonNullable<Pressed['view']>['state'] | null;

/** As it stands in the window; where Slack does not tell it, as it was drawn. */
export function lookIn(state: State, drawn: Drawn): Look {
  const values = state?.values;
  const filter = values?.['cb:page:filter']?.['cb:filter'].selected_option?.value ?? drawn.filter;
  const typed = values?.['cb:page:search']?.['cb:search'];
  return { filter: filter ?? EVERYTHING.filter, search: (typed ? typed.value : drawn.search) ?? '' };
}
