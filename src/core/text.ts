/**
 * Untrusted text (subjects, names, addresses, URLs) becomes one visible, inert line here, once, before any card,
 * log line or terminal sees it. Platforms still have to put it where they render it literally.
 */

const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2800]/gu;
const LINE_BREAKS = /(?:\r\n|[\r\n\t\u0085\u2028\u2029])(?:\s*[\r\n\t\u0085\u2028\u2029])*/g;
/** A zero-width joiner is honest only between two pictographs (family emoji); anywhere else it hides something. */
const LONE_JOINER =
  /(?<!\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D|\u200D(?!\p{Extended_Pictographic})/gu;
/** The emoji selector is honest only after a pictograph or in a keycap: in `evil\uFE0F.example` it hides a live link. */
const LONE_SELECTOR = /(?<!\p{Extended_Pictographic}|[0-9#*](?=\uFE0F\u20E3))\uFE0F/gu;
const HONEST = new Set(['\u200D', '\uFE0F']);
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function marker(char: string): string {
  return `[U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
}

/**
 * Attacker text -> one visible line of at most `max` UTF-16 units, cut between graphemes: hidden characters become `[U+XXXX]`, line breaks a
 * visible sign, links are defanged, template and date expressions are broken up. Escape for the platform AFTER this.
 */
export function inert(value: string, max = 200): string {
  const line = value
    .slice(0, max * 16)
    .toWellFormed() // after the cut, which may split a surrogate pair
    .replace(LINE_BREAKS, ' \u23CE ')
    .replace(LONE_JOINER, marker)
    .replace(LONE_SELECTOR, marker)
    .replace(HIDDEN, (char) => (HONEST.has(char) ? char : marker(char)))
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/(h)tt(ps?):\/\//gi, '$1xx$2://') // no word boundary: xHTTPS:// must not slip by
    .replace(/(ftp|mailto|javascript|vbscript|data|msteams|slack|file|tel|sip):/gi, '$1[:]')
    .replace(/(?<!hxxps?):(?=\/\/)/gi, '[:]')
    .replace(/(?<=[^\s.])[.\u3002\uFF0E\uFF61](?=\p{L})/gu, '[.]')
    .replace(/([{$])(?=\{)/g, '$1 ');
  return clip(value.length > max * 16 ? `${line}\u2026` : line, max);
}

/**
 * Cuts to `max` UTF-16 units, the last an ellipsis when anything was cut, and never inside a grapheme. Units, because
 * one grapheme can be thousands of them and every platform limit counts units or less.
 */
export function clip(line: string, max: number): string {
  if (line.length <= max) return line;
  let kept = '';
  for (const { segment } of graphemes.segment(line)) {
    if (kept.length + segment.length > max - 1) break;
    kept += segment;
  }
  const whole =
    kept ||
    line
      .slice(0, max - 1)
      .toWellFormed()
      .replace(/[\u200D\uFE0F]+$/, '');
  return `${whole}\u2026`;
}

/** Like `inert`, but never empty: shows `placeholder` where the mail had nothing to show. */
export function inertOr(value: string | null | undefined, placeholder: string, max?: number): string {
  return (value && inert(value, max).trim()) || placeholder;
}

/** `5214` -> `5,214`. */
export function number(n: number): string {
  return n.toString().replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 copy`, `2 copies`: numbers as people read them. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** ISO time -> `23 Nov 14:05 UTC`, or with its own offset; anything else stays as it is. Pure: the clock is not asked. */
export function shortTime(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2}).*?(Z|[+-]\d{2}:\d{2})?$/.exec(iso);
  if (!match) return iso;
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  // Detectors may send any offset: only UTC may be called UTC.
  const zone = (match[5] ?? 'Z').replace(/^(Z|[+-]00:00)$/, 'UTC');
  return `${Number(match[3])} ${months[Number(match[2]) - 1] ?? match[2]} ${match[4]} ${zone}`;
}

/** Without what neither the database nor the record can hold: U+0000 and half characters. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

/** Every text in a JSON value without half characters: those can be neither hashed nor, in some places, stored. */
export function wellFormed<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed() : part,
  ) as T;
}
