/** The texts of a card or message that its platform shows literally, in order. */
export function literalTexts(card: unknown, type: 'TextRun' | 'text'): readonly string[] {
  if (Array.isArray(card)) return card.flatMap((item) => literalTexts(item, type));
  if (typeof card !== 'object' || card === null) return [];
  const own = 'type' in card && card.type === type && 'text' in card ? [String(card.text)] : [];
  return [...own, ...Object.values(card).flatMap((value) => literalTexts(value, type))];
}
