/** Nothing that Teams sends is nested this deep; what is has to break somebody's recursion. */
const DEEPEST = 64;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/g;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The value of a JSON text that everybody reads alike: well-formed UTF-8, no key twice in one object (one reader takes
 * the first, another the last), no `__proto__`, no deep nest. Throws SyntaxError or TypeError for everything else.
 */
export function strictJson(bytes: Uint8Array): unknown {
  const text = utf8.decode(bytes);
  const value: unknown = JSON.parse(text);
  if (isAmbiguous(text)) throw new SyntaxError('JSON that readers may understand differently');
  return value;
}

/** `text` is valid JSON: a string before a colon is a key, and brackets match. */
function isAmbiguous(text: string): boolean {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ':' && !isNewKey(JSON.parse(last), open.at(-1))) return true;
    if (token === '{' || token === '[') open.push(new Set());
    if (token === '}' || token === ']') open.pop();
    if (open.length > DEEPEST) return true;
    last = token;
  }
  return false;
}

function isNewKey(key: string, keys: Set<string> | undefined): boolean {
  if (key === '__proto__' || !keys || keys.has(key)) return false;
  keys.add(key);
  return true;
}
