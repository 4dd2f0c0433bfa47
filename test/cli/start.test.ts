import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { OF_THE_SANDBOX } from '../../src/cli/sandbox-commands.ts';
import { COMMANDS } from '../../src/sandbox/cli/commands.ts';
import { configText } from '../support/configuration.ts';

/** Which of the two it is that begins: Clawback with its configuration, or the sandbox. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawback-which-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** Asked to end as soon as it says a line that begins with `until`. */
async function run(argv: readonly string[], until = 'nothing') {
  const stop = new AbortController();
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(argv, {
    env: { PATH: '/usr/bin:/bin' },
    node: '24.0.0',
    folder,
    out: (line) => {
      out.push(line);
      if (line.startsWith(until)) stop.abort('SIGINT');
    },
    err: (line) => err.push(line),
    stop: stop.signal,
  });
  return { code, out, err: err.join('\n') };
}

describe('without a configuration', () => {
  it('start refuses, names the ways on, and leaves nothing behind', async () => {
    const { code, out, err } = await run(['start']);
    expect([code, out, err]).toEqual([1, [], expect.stringContaining(`there is no clawback.yaml in ${folder}`)]);
    expect(err).toMatch(/clawback init .*\n.*clawback sandbox +a whole tenant on this machine, without any account$/s);
    expect(existsSync(join(folder, '.clawback'))).toBe(false);
  });

  it('npm start is the sandbox: it says where to look, and goes on the next time unless it is to begin anew', async () => {
    const begins = async (...more: readonly string[]) => {
      const { code, out, err } = await run(['start', '--or-sandbox', ...more], 'Clawback is up');
      expect([code, err]).toEqual([0, '']);
      expect(out).toEqual([
        expect.stringMatching(/^Open http:\/\/127\.0\.0\.1:\d+\/ in a browser: a whole tenant on this machine/),
        expect.stringMatching(/^This sandbox /),
        expect.stringMatching(/^There is no clawback\.yaml here, so this is the sandbox\./),
        'Clawback is up. Ctrl+C ends it.',
      ]);
      return out[1];
    };
    expect(await begins()).toBe('This sandbox is new. The next start goes on where you leave it.');
    expect(await begins()).toMatch(/^This sandbox goes on where it was left, .*npm start -- --fresh$/);
    expect(await begins('--fresh')).toContain('is new, and the one before it is gone');
    rmSync(join(folder, '.clawback', 'sandbox', 'stand-ins.json'));
    expect(await begins()).toContain('what an earlier start left cannot be taken up again');
  }, 600_000);
});

it('npm start with a configuration is Clawback, also where it cannot start', async () => {
  const file = join(folder, 'clawback.yaml');
  writeFileSync(
    file,
    configText((tenant) => Object.assign(tenant.graph, { clientId: 'no id' })),
  );
  const { code, out, err } = await run(['start', '--or-sandbox']);
  expect([code, out]).toEqual([1, [`Clawback as ${file} says`]]);
  expect(err).toContain('tenants.0.graph.clientId');
  const fresh = await run(['start', '--or-sandbox', '--fresh']);
  expect([fresh.code, fresh.out]).toEqual([1, []]);
  expect(fresh.err).toContain('nothing of a tenant is thrown away');
});

describe('the commands of the sandbox', () => {
  it('are those that an installation without it knows by name', () => {
    expect(Object.keys(COMMANDS)).toEqual(OF_THE_SANDBOX);
  });

  it('are offered beside those of the product where it is at hand', async () => {
    const usage = (await run(['--help'])).out.join('\n');
    for (const name of ['start', 'schema', ...OF_THE_SANDBOX]) expect(usage).toMatch(new RegExp(`^ +${name} `, 'm'));
  });

  it('say how they are called', async () => {
    expect(await run(['help', 'sandbox'])).toMatchObject({
      code: 0,
      out: [expect.stringMatching(/^clawback sandbox /)],
    });
  });
});
