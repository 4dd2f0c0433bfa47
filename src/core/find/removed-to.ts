/** Where a mail is that automation took out. Only what lies where a soft delete puts it can be put back from here. */
export const PLACES = ['deleted', 'quarantine', 'junk', 'inbox', 'not known'] as const;
export type Place = (typeof PLACES)[number];

/** In the words of the service: where it was put, and what was done with it. */
interface Put {
  readonly location: string | null;
  readonly action: string;
}

/** The same of its delivery: where it was delivered to, and where it was last. */
interface Delivered {
  readonly delivered: string | null;
  readonly latest: string | null;
}

/**
 * Where it was put, unless it is told to be elsewhere since. The place that is told of a delivery may be from before the removal: where
 * that is the one it was delivered to, the two contradict each other, and only its mailbox knows.
 */
export function placeOf({ location, action }: Put, own: Delivered | null): Place {
  // `DeliveryLocation` of an event is documented as where the mail was delivered: what was done with it says where it went.
  const places = [placeIn(location), placeIn(action)];
  const put = places.find((place) => place !== 'inbox' && place !== 'not known') ?? placeIn(location);
  const told = placeIn(own?.latest ?? null);
  if (told === 'not known' || told === put) return put;
  return told === placeIn(own?.delivered ?? null) ? 'not known' : told;
}

/** The documentation has one spelling of places for each table, and hunting another. */
export function placeIn(words: string | null): Place {
  const word = (words ?? '').toLowerCase();
  if (word.includes('quarantine')) return 'quarantine';
  if (word.includes('junk')) return 'junk';
  if (word.includes('delet')) return 'deleted';
  return word.includes('inbox') ? 'inbox' : 'not known';
}

export function deliveredTo(location: string | null): 'inbox' | 'junk' | 'not known' {
  const place = placeIn(location);
  return place === 'inbox' || place === 'junk' ? place : 'not known';
}
