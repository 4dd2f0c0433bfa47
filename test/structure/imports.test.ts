import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The linter is the one that says who may import whom. Here it is asked, of files that do what they may not. */

const REPO = join(import.meta.dirname, '../..');
const CORE = ['signal', 'measure', 'intelligence', 'action', 'ask', 'find', 'incident', 'record', 'flag', 'tell'];
const FLOW = ['record', 'tell', 'decide', 'find', 'act'];
const ADAPTERS = [
  ...['chat', 'defender', 'eml', 'entra', 'files', 'graph', 'http', 'microsoft', 'pagerduty', 'schedule'],
  ...['slack', 'store', 'teams'],
];
/** What several adapters share stands in a folder of its own, and only they may look there. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  microsoft: ['defender', 'graph'],
  chat: ['slack', 'teams'],
};
const STAND_INS = ['entra', 'graph', 'page', 'slack', 'teams', 'tenant'];
/** Of the product, what only the sandbox's command line may know. */
const PRODUCT = ['app.ts', 'config/y.ts', 'cli/shell.ts', 'core/y.ts', 'adapters/store/y.ts'];
const VENDORS = {
  teams: 'botbuilder',
  slack: '@slack/bolt',
  chat: 'adaptivecards-templating',
  microsoft: '@microsoft/microsoft-graph-client',
  entra: '@azure/msal-node',
  store: 'kysely',
  eml: 'mailparser',
  http: 'rate-limiter-flexible',
};

/** A file of the product and what it would import. */
type Arrow = readonly [from: string, to: string];

const chapters = (folder: string, names: readonly string[], onward: boolean): Arrow[] =>
  names.flatMap((from, at) =>
    (onward ? names.slice(at + 1) : names.slice(0, at)).map((to): Arrow => [`${folder}/${from}/x.ts`, `../${to}/y.ts`]),
  );

const forbidden: readonly Arrow[] = [
  ...chapters('src/core', CORE, true),
  ...chapters('src/flow', FLOW, true),
  ...CORE.flatMap((chapter): Arrow[] => [
    ['src/core/x.ts', `./${chapter}/y.ts`],
    [`src/core/${chapter}/x.ts`, '../../ports/y.ts'],
    [`src/core/${chapter}/x.ts`, 'kysely'],
    ...(chapter === 'signal' ? [] : [[`src/core/${chapter}/x.ts`, 'tldts'] as const]),
    [`src/core/${chapter}/x.ts`, '../../flow/flow.ts'],
  ]),
  ...FLOW.flatMap((chapter): Arrow[] => [
    ['src/flow/flow.ts', `./${chapter}/y.ts`],
    [`src/flow/${chapter}/x.ts`, '../sweep.ts'],
    [`src/flow/${chapter}/x.ts`, '../../adapters/graph/y.ts'],
    [`src/flow/${chapter}/x.ts`, 'botbuilder'],
  ]),
  ['src/flow/sweep.ts', '../adapters/store/y.ts'],
  ['src/ports/x.ts', '../flow/flow.ts'],
  ['src/ports/x.ts', '../adapters/store/y.ts'],
  ...ADAPTERS.flatMap((one): Arrow[] => [
    [`src/adapters/${one}/x.ts`, '../../flow/flow.ts'],
    [`src/adapters/${one}/x.ts`, '../../sandbox/y.ts'],
    ...ADAPTERS.filter((other) => other !== one && !SHARED[other]?.includes(one)).map(
      (other): Arrow => [`src/adapters/${one}/x.ts`, `../${other}/y.ts`],
    ),
    ...Object.entries(VENDORS)
      .filter(([owner]) => owner !== one)
      .map(([, vendor]): Arrow => [`src/adapters/${one}/x.ts`, vendor]),
  ]),
  ...ADAPTERS.flatMap((one): Arrow[] => [
    [`src/adapters/${one}/x.ts`, '../sources/clawback/y.ts'],
    [`src/adapters/${one}/x.ts`, 'standardwebhooks'],
    ['src/adapters/sources/vendor/x.ts', `../../${one}/y.ts`],
  ]),
  ...Object.values(VENDORS).map((vendor): Arrow => ['src/adapters/sources/vendor/x.ts', vendor]),
  ['src/adapters/sources/vendor/x.ts', '../another/y.ts'],
  ['src/adapters/sources/report-mailbox/x.ts', '../defender/y.ts'],
  ['src/adapters/sources/report-mailbox/x.ts', '../../graph/y.ts'],
  ['src/adapters/sources/report-mailbox/x.ts', 'mailparser'],
  ['src/adapters/sources/vendor/x.ts', '../../../flow/flow.ts'],
  ['src/adapters/sources/x.ts', '../http/y.ts'],
  ['src/adapters/graph/measures/x.ts', '../../defender/y.ts'],
  ['src/adapters/graph/measures/x.ts', '../../../flow/flow.ts'],
  ['src/config/x.ts', '../adapters/sources/clawback/y.ts'],
  ['src/adapters/store/documents/x.ts', '../y.ts'],
  ['src/adapters/store/documents/x.ts', '../../../flow/flow.ts'],
  ['src/adapters/store/documents/x.ts', 'kysely'],
  ['src/config/x.ts', '../adapters/store/y.ts'],
  ['src/config/x.ts', '../flow/flow.ts'],
  ['src/doctor/x.ts', '../sandbox/y.ts'],
  ['src/doctor/x.ts', '../cli/y.ts'],
  ['src/doctor/x.ts', '../app.ts'],
  ['src/doctor/x.ts', '../flow/decide/y.ts'],
  ['src/app.ts', './sandbox/y.ts'],
  ['src/tenant.ts', './cli/y.ts'],
  ['src/new-file.ts', './doctor/y.ts'],
  ['src/main.ts', './app.ts'],
  ['src/cli/x.ts', '../sandbox/sandbox.ts'],
  ['src/cli/x.ts', '../sandbox/cli/commands.ts'],
  ['src/cli/x.ts', '../main.ts'],
  ...PRODUCT.flatMap((file): Arrow[] => [
    ['src/sandbox/x.ts', `../${file}`],
    ...STAND_INS.map((one): Arrow => [`src/sandbox/${one}/x.ts`, `../../${file}`]),
  ]),
  ['src/sandbox/x.ts', './cli/y.ts'],
  ...STAND_INS.map((one): Arrow => [`src/sandbox/${one}/x.ts`, '../cli/y.ts']),
  ['src/sandbox/page/client/x.ts', '../../cli/y.ts'],
  ['src/sandbox/page/client/x.ts', '../../tenant/y.ts'],
];

/** Of what may not be refused: else a fence that refuses everything would do. */
const allowed: readonly Arrow[] = [
  ...chapters('src/core', CORE, false),
  ...chapters('src/flow', FLOW, false),
  ['src/core/ask/x.ts', '../text.ts'],
  ['src/core/find/x.ts', 'zod'],
  ['src/core/signal/x.ts', 'tldts'],
  ['src/flow/act/x.ts', '../flow.ts'],
  ['src/flow/act/x.ts', '../../ports/y.ts'],
  ['src/flow/sweep.ts', './act/y.ts'],
  ...Object.entries(VENDORS).map(([owner, vendor]): Arrow => [`src/adapters/${owner}/x.ts`, vendor]),
  ...ADAPTERS.map((one): Arrow => [`src/adapters/${one}/x.ts`, '../../core/error.ts']),
  ...Object.entries(SHARED).flatMap(([folder, users]) =>
    users.map((one): Arrow => [`src/adapters/${one}/x.ts`, `../${folder}/y.ts`]),
  ),
  ['src/adapters/sources/x.ts', './vendor/y.ts'],
  ['src/adapters/sources/vendor/x.ts', './y.ts'],
  ['src/adapters/sources/vendor/x.ts', '../../../ports/y.ts'],
  ['src/adapters/sources/vendor/x.ts', 'standardwebhooks'],
  ['src/adapters/sources/report-mailbox/x.ts', '../../eml/y.ts'],
  ['src/config/x.ts', '../adapters/sources/vendors.ts'],
  ['src/adapters/store/documents/x.ts', '../../../core/error.ts'],
  ['src/adapters/graph/measures/x.ts', '../../../core/error.ts'],
  ['src/adapters/graph/measures/x.ts', '../../../ports/y.ts'],
  ['src/adapters/graph/measures/x.ts', '../../microsoft/y.ts'],
  ['src/adapters/graph/measures/x.ts', '../y.ts'],
  ['src/app.ts', './adapters/store/y.ts'],
  ['src/main.ts', './cli/y.ts'],
  ['src/cli/x.ts', '../app.ts'],
  ...PRODUCT.map((file): Arrow => ['src/sandbox/cli/x.ts', `../../${file}`]),
  ['src/sandbox/cli/x.ts', '../sandbox.ts'],
  ['src/sandbox/cli/x.ts', '../page/server.ts'],
  ...STAND_INS.map((one): Arrow => [`src/sandbox/${one}/x.ts`, '../attacks.ts']),
  ['src/sandbox/x.ts', './graph/y.ts'],
];

/** Several arrows may begin in one file: each gets a line of it, in a file of its own name. */
const fileOf = ([from]: Arrow, at: number) =>
  /\/(x|new-file)\.ts$/.test(from) ? from.replace(/[^/]+\.ts$/, `x-${at}.ts`) : from;

const RULE = 'style/noRestrictedImports';
/** Those of the arrows that the linter refuses. */
async function refused(arrows: readonly Arrow[]): Promise<readonly Arrow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-imports-'));
  try {
    copyFileSync(join(REPO, 'biome.json'), join(folder, 'biome.json'));
    const places = new Map<string, Arrow[]>();
    for (const [at, arrow] of arrows.entries()) {
      const file = fileOf(arrow, at);
      places.set(file, [...(places.get(file) ?? []), arrow]);
    }
    for (const [file, inIt] of places) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), inIt.map(([, to]) => `import '${to}';\n`).join(''));
    }
    const found = (await linted(folder)).filter(({ category }) => category === `lint/${RULE}`);
    const lines = new Set(found.map(({ location }) => `${location.path}:${location.start.line}`));
    return [...places].flatMap(([file, inIt]) => inIt.filter((_, at) => lines.has(`${file}:${at + 1}`)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

async function linted(folder: string): Promise<readonly Diagnostic[]> {
  const args = ['lint', `--only=${RULE}`, '--reporter=json', '--max-diagnostics=none', 'src'];
  const report = await new Promise<string>((resolve) => {
    // It ends with 1 where it refuses something: what it says is what counts.
    execFile(join(REPO, 'node_modules/.bin/biome'), args, { cwd: folder, maxBuffer: 2 ** 26 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  return (JSON.parse(report) as { diagnostics: readonly Diagnostic[] }).diagnostics;
}

describe('the linter', () => {
  it('refuses every import that goes backwards, sideways or out', async () => {
    const no = await refused(forbidden);
    expect(forbidden.filter((arrow) => !no.includes(arrow))).toEqual([]);
  });

  it('lets through what the product is made of', async () => {
    expect(await refused(allowed)).toEqual([]);
  });
});
