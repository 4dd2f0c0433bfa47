import { execFile, execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What `npm pack` puts into the package, and whether it can live without what it leaves out. */

const REPO = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(REPO, file), 'utf8');
const MANIFEST = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
const INSTALLED = Object.keys(MANIFEST.dependencies);

let packed: readonly string[];
beforeAll(() => {
  const told = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: REPO,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [pack] = Object.values(JSON.parse(told) as Record<string, { files: readonly { path: string }[] }>);
  packed = pack?.files.map(({ path }) => path) ?? [];
});

/** What a file names in an import of any kind, types included, or finds beside itself. */
function namedIn(text: string): string[] {
  const patterns = [
    /\bfrom '([^']+)'/g,
    /\bimport '([^']+)'/g,
    /\bimport\(\s*'([^']+)'/g,
    /\bnew URL\(\s*'([^']+)', import\.meta\.url\)/g,
  ];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((found) => found[1] ?? ''));
}

const isOfNode = (name: string) => name.startsWith('node:');
const packageOf = (name: string) =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

describe('what is packed for installation', () => {
  const sources = () => packed.filter((file) => file.endsWith('.ts'));

  it('is all of the product', () => {
    const ours = globSync(['src/**/*.ts', 'cards/**/*.json', 'manifest/**/*.*'], { cwd: REPO });
    const product = ours.filter((file) => !file.startsWith('src/sandbox/'));
    expect([...product, 'README.md', 'LICENSE', 'SECURITY.md'].filter((file) => !packed.includes(file))).toEqual([]);
  });

  it('is nothing else: no sandbox, no test, no tool', () => {
    const product = /^(?:src\/(?!sandbox\/)|cards\/|manifest\/|(?:README|SECURITY)\.md$|LICENSE$|package\.json$)/;
    expect(packed.filter((file) => !product.test(file))).toEqual([]);
  });

  it('names no file that is left out', () => {
    const missing = sources().flatMap((file) =>
      namedIn(read(file))
        .filter((name) => name.startsWith('.'))
        .map((name) => posix.join(posix.dirname(file), name))
        .filter((named) => !packed.some((one) => one === named || one.startsWith(named)))
        .map((named) => `${file} -> ${named}`),
    );
    // The one place that looks whether the sandbox is there.
    expect(missing).toEqual(['src/cli/sandbox-commands.ts -> src/sandbox/']);
  });

  it('loads by a computed name only the commands of the sandbox', () => {
    const computed = sources().filter((file) =>
      /\bimport\((?!\s*')|\brequire\(|\bimport\.meta\.resolve/.test(read(file)),
    );
    expect(computed).toEqual(['src/cli/sandbox-commands.ts']);
  });

  it('names no package that is not installed with it', () => {
    const foreign = sources().flatMap((file) =>
      namedIn(read(file))
        .filter((name) => !name.startsWith('.') && !isOfNode(name) && !INSTALLED.includes(packageOf(name)))
        .map((name) => `${file} -> ${name}`),
    );
    expect(foreign).toEqual([]);
  });
});

describe('unpacked, with what is installed beside it and no tool', () => {
  let place: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'clawback-packed-'));
    for (const file of packed) {
      mkdirSync(dirname(join(place, file)), { recursive: true });
      cpSync(join(REPO, file), join(place, file));
    }
    const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { dev?: boolean }> };
    const [, ...locked] = Object.entries(lock.packages);
    for (const [path] of locked.filter(([name, { dev }]) => !dev && !name.includes('/node_modules/'))) {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      symlinkSync(join(REPO, path), join(place, path));
    }
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  function run(...args: readonly string[]): Promise<{ code: unknown; out: string; err: string }> {
    return new Promise((resolve) =>
      execFile(process.execPath, args, { cwd: place, env: { PATH: '/usr/bin:/bin' } }, (error, out, err) =>
        resolve({ code: error?.code ?? 0, out, err }),
      ),
    );
  }

  it('all of it can be loaded', async () => {
    const files = packed.filter((file) => file.endsWith('.ts') && file !== 'src/main.ts');
    const script = `for (const file of ${JSON.stringify(files)}) await import('${place}/' + file); process.exit();`;
    expect(await run('--input-type=module', '--eval', script)).toEqual({ code: 0, out: '', err: '' });
  });

  it.each([[[]], [['--or-sandbox']]])(
    'start %j refuses without a configuration and names the ways on',
    async (options) => {
      const { code, err } = await run('src/main.ts', 'start', ...options);
      expect([code, err]).toEqual([1, expect.stringMatching(/^clawback: there is no clawback\.yaml in /)]);
      expect(err).toMatch(/clawback init .*\n.*clawback sandbox .*this installation has no sandbox/s);
    },
  );

  it.each(['sandbox', 'demo', 'playground'])('%s says that it is not in this installation', async (name) => {
    const { code, out, err } = await run('src/main.ts', name);
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(/^clawback: .*this installation has no sandbox: /)]);
  });

  it('the usage does not offer what is not there', async () => {
    const { out } = await run('src/main.ts', '--help');
    expect(out).toContain('  start ');
    expect(out).not.toMatch(/^ +(sandbox|demo|playground) /m);
  });

  it('schema alert prints the schema', async () => {
    const { code, out } = await run('src/main.ts', 'schema', 'alert');
    expect([code, JSON.parse(out)]).toEqual([0, JSON.parse(read('manifest/alert.schema.json'))]);
  });

  it('manifest writes the apps, from the templates that are packed', async () => {
    const { code, err } = await run('src/main.ts', 'manifest', '--host', 'bot.contoso.example', '--out', 'made');
    expect([code, err]).toEqual([0, '']);
  });
});
