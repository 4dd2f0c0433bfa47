import { notOurRoom, RoomError } from '../../core/error.ts';
import type { GatheredView } from '../../core/tell/card.ts';
import type { AnyCard, CardRef, PlatformName, Rooms } from '../../ports/rooms.ts';

/** What is the same for a card in every chat; how one is drawn and sent is the chat's own. */
interface Sending<Message> {
  readonly paceMs: number;
  readonly roomPaceMs: number;
  readonly newPerMinute?: number | undefined;
  card(view: AnyCard): Message;
  gathering(view: GatheredView): Message;
  /** Where the message stands now; null when the chat took it and did not say. Throws `RoomError`. */
  post(message: Message, key: string): Promise<Omit<CardRef, 'platform'> | null>;
  /** Throws `RoomError`. */
  replace(ref: CardRef, message: Message): Promise<void>;
  /** Whether the message stands in the room of the cards, and not in one that was it once. */
  holds(ref: CardRef): boolean;
}

type Cards = Omit<Rooms, 'find' | 'nudge' | 'addressOf'>;

const NEW_PER_MINUTE = 6;

export function cardsOf<Message>({ platform, name }: PlatformName, chat: Sending<Message>): Cards {
  const post = async (message: Message, key: string): Promise<CardRef> => {
    const place = await chat.post(message, key);
    if (!place) throw new RoomError('lost', `${name} took the card but did not say where it is`);
    return { platform, ...place };
  };
  const replace = (ref: CardRef, message: Message): Promise<void> =>
    chat.replace(ref, message).catch((error: unknown) => {
      throw chat.holds(ref) ? error : notOurRoom(error);
    });
  return {
    platform,
    paceMs: chat.paceMs,
    roomPaceMs: chat.roomPaceMs,
    newPerMinute: chat.newPerMinute ?? NEW_PER_MINUTE,
    post: (view, key) => post(chat.card(view), key),
    update: (ref, view) => replace(ref, chat.card(view)),
    gather: (view, key) => post(chat.gathering(view), key),
    regather: (ref, view) => replace(ref, chat.gathering(view)),
  };
}
