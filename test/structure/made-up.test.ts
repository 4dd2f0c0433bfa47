import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The product is copied, and what is made up in test/made-up is added as CONTRIBUTING.md says: a file, and a line in a map. */

const REPO = join(import.meta.dirname, '../..');
const COPIED = ['src', 'test', 'cards', 'manifest', 'package.json', 'tsconfig.json', 'biome.json'];
const run = promisify(execFile);
let copy: string;

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'clawback-made-up-'));
  for (const one of COPIED) cpSync(join(REPO, one), join(copy, one), { recursive: true });
  symlinkSync(join(REPO, 'node_modules'), join(copy, 'node_modules'));
  addFile('recall-unread.ts', 'src/core/action/recall-unread.ts');
  addLine('src/core/action/action.ts', {
    module: "import { recallUnread } from './recall-unread.ts';",
    before: '  restore,\n} as const',
    line: "  'recall-unread': recallUnread,",
  });
  for (const vendor of ['bell', 'watchtower']) {
    addFile(`${vendor}.ts`, `src/adapters/sources/${vendor}/${vendor}.ts`);
    addLine('src/adapters/sources/vendors.ts', {
      module: `import { ${vendor} } from './${vendor}/${vendor}.ts';`,
      before: '} as const satisfies',
      line: `  ${vendor},`,
    });
  }
  addFile('paper-trail.ts', 'src/adapters/paper-trail/paper-trail.ts');
  addLine('src/finders.ts', {
    module: "import { createPaperTrail } from './adapters/paper-trail/paper-trail.ts';",
    before: '} as const satisfies Readonly<Record<string, (setup: FinderSetup) => Finder>>',
    line: '  paper: createPaperTrail,',
  });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Beside its like, from where what it imports is somewhere else. */
function addFile(from: string, to: string): void {
  const text = readFileSync(join(REPO, 'test/made-up', from), 'utf8');
  const place = (imported: string) => relative(dirname(to), imported).replace(/^(?!\.)/, './');
  mkdirSync(dirname(join(copy, to)), { recursive: true });
  writeFileSync(
    join(copy, to),
    text.replaceAll(/'\.\.\/\.\.\/(src\/[^']+)'/g, (_all, imported: string) => `'${place(imported)}'`),
  );
  rmSync(join(copy, 'test/made-up', from));
}

function addLine(file: string, { module, before, line }: { module: string; before: string; line: string }): void {
  const text = readFileSync(join(copy, file), 'utf8');
  if (text.split(before).length !== 2) throw new Error(`the map in ${file} is not where it was`);
  writeFileSync(join(copy, file), `${module}\n${text.replace(before, `${line}\n${before}`)}`);
}

/** What a tool of ours says of the copy, whether it is content or not. */
async function node(script: string, ...args: readonly string[]): Promise<string> {
  // Nothing of the suite that this runs in.
  const how = { cwd: copy, maxBuffer: 2 ** 26, env: {} };
  try {
    return (await run(join(REPO, 'node_modules/.bin/node'), [script, ...args], how)).stdout;
  } catch (error) {
    return String((error as { readonly stdout: unknown }).stdout);
  }
}

describe('something made up', () => {
  it('fits every type of the product', async () => {
    // Declarations would name the place of packages that lie elsewhere.
    expect(await node('node_modules/typescript/bin/tsc', '-p', 'test', '--declaration', 'false')).toBe('');
  });

  it('goes all the way, from the alert to the verified undo', async () => {
    const config = 'test/made-up/vitest.config.ts';
    const to = ['--reporter=json', '--outputFile=told.json'];
    await node('node_modules/vitest/vitest.mjs', 'run', '--config', config, ...to);
    const report = JSON.parse(readFileSync(join(copy, 'told.json'), 'utf8')) as {
      testResults: { message: string; assertionResults: { title: string; failureMessages: string[] }[] }[];
    };
    const failures = report.testResults.flatMap(({ message, assertionResults }) => [
      ...(message === '' ? [] : [message]),
      ...assertionResults.flatMap(({ failureMessages }) => failureMessages),
    ]);
    expect(failures).toEqual([]);
    expect(report.testResults.flatMap(({ assertionResults }) => assertionResults)).not.toHaveLength(0);
  });
});
