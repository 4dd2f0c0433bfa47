/** `words` over and over, up to `max` UTF-16 units. */
export const long = (words: string, max: number) =>
  words
    .repeat(Math.ceil(max / words.length))
    .slice(0, max)
    .trim();
