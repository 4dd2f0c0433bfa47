import { badRequest } from './reply.ts';

/** The words of a whole query, of those that join several tables. */

export interface Piece {
  readonly type: 'string' | 'number' | 'word' | 'sign';
  readonly text: string;
}

const PIECE =
  /\s*(?:'((?:[^'\\\n\r]|\\.)*)'|"((?:[^"\\\n\r]|\\.)*)"|(\d+)(?![\w])|([A-Za-z_]\w*|\d+[dhms])|(in~|!contains\b)|(==|=~|!=|!~|>=|<=|[><(),|.[\];=]))/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

const unescaped = (text: string) =>
  text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, sign: string) =>
    sign.length === 5 ? String.fromCharCode(Number.parseInt(sign.slice(1), 16)) : (ESCAPES[sign] ?? sign),
  );

export function refuse(where: string): never {
  return badRequest(`The query failed: syntax error near '${where.slice(0, 40)}'.`);
}

export function pieces(query: string): readonly Piece[] {
  const found: Piece[] = [];
  PIECE.lastIndex = 0;
  let end = 0;
  while (query.slice(end).trim() !== '') {
    const match = PIECE.exec(query);
    if (!match) return refuse(query.slice(end));
    end = PIECE.lastIndex;
    const [, single, double, number, word, within, sign] = match;
    const text = single ?? double;
    if (text !== undefined) found.push({ type: 'string', text: unescaped(text) });
    else if (number !== undefined) found.push({ type: 'number', text: number });
    else if (word !== undefined && query[end] === '~' && word === 'in') {
      found.push({ type: 'word', text: 'in~' });
      end += 1;
      PIECE.lastIndex = end;
    } else if (word !== undefined) found.push({ type: 'word', text: word });
    else found.push({ type: 'sign', text: within ?? sign ?? '' });
  }
  return found;
}

/** Cut at each such sign that stands outside of all brackets. */
export function cutAt(all: readonly Piece[], sign: string): readonly (readonly Piece[])[] {
  const parts: Piece[][] = [[]];
  let depth = 0;
  for (const piece of all) {
    if (piece.type === 'sign' && '(['.includes(piece.text)) depth += 1;
    if (piece.type === 'sign' && ')]'.includes(piece.text)) depth -= 1;
    if (depth === 0 && piece.type === 'sign' && piece.text === sign) parts.push([]);
    else parts.at(-1)?.push(piece);
  }
  return parts;
}
