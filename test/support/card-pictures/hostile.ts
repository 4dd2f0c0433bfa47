import { existsSync, readFileSync } from 'node:fs';

/** Texts that want to be more than text. The shared file is used where the project lies beside it. */
const SHARED = `${import.meta.dirname}/../../../../shared/contracts/hostile-inputs.json`;

const OWN = [
  '<!everyone> <@U012AB3CD> <https://evil.example|here>',
  '*bold* _it_ ~no~ `code` :tada: > quote',
  '[x](https://evil.example) ![i](https://evil.example/p.png) **b** # head',
  '\u0024{json(\'{"type":"Image"}\')} \u0024{1+1} \u0024\u0024{a} {{DATE(2026-01-01T00:00:00Z,SHORT)}} {{{x}}}',
  '","type":"Image","url":"https://evil.example/p.png","x":"',
  '\u202Egnp.exe \u2066x\u2069 \u200B\u200D\u00AD \uD800 \u{E0041}',
  'one\ntwo\r\nthree\u2028four\u0085five\u0000',
  '<at>Ana</at> <b>bold</b> <a href="https://evil.example">x</a> &lt;b&gt;',
];

interface Generated {
  readonly $generate?: { readonly repeat?: string; readonly times: number; readonly suffix?: string };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const generate = (value as Generated | null)?.$generate;
  return generate?.repeat ? `${generate.repeat.repeat(generate.times)}${generate.suffix ?? ''}` : JSON.stringify(value);
}

export function hostileTexts(): readonly string[] {
  if (!existsSync(SHARED)) return OWN;
  const { inputs } = JSON.parse(readFileSync(SHARED, 'utf8')) as { inputs: { value: unknown }[] };
  return [...OWN, ...inputs.map(({ value }) => textOf(value)).filter((text) => text !== '')];
}
