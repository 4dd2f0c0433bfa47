import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { configText } from '../support/configuration.ts';
import { cloudEvent, OCSF_FINDING, OWN } from '../support/payloads/generic.ts';

/** What a vendor's payload becomes can be seen before anything is set up, and nothing is sent. */

const folder = mkdtempSync(join(tmpdir(), 'clawback-source-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: unknown) =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
beforeAll(() => {
  file('finding.json', OCSF_FINDING);
  file('other.json', { hello: 'world' });
  file('cut.json', JSON.stringify(OCSF_FINDING).slice(0, -9));
});

async function run(...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const shell = {
    env: {},
    node: '24.0.0',
    folder,
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
    stop: new AbortController().signal,
  };
  const code = await runCommand(argv, shell);
  return { code, out: out.join('\n'), err: err.join('\n') };
}
const tried = async (...argv: string[]) => JSON.parse((await run('source', 'try', ...argv, '--json')).out);

describe('clawback source try', () => {
  it('says what becomes of a payload, and that nothing was sent', async () => {
    const { code, out } = await run('source', 'try', 'generic', 'finding.json');
    expect(code).toBe(0);
    for (const words of [
      'verdict: phishing, severity: high',
      'Message-ID: <wave-7@mailer[.]example>',
      'done there: removed (Quarantined)',
      '1 of 1 became an alert. Nothing was sent.',
    ])
      expect(out).toContain(words);
    expect(out).not.toContain('https://pay.mailer.example');
  });

  it('says it in JSON', async () => {
    expect(await tried('generic', 'finding.json')).toMatchObject({
      name: 'generic',
      vendor: 'generic',
      usable: true,
      alerts: [
        { id: 'finding-1', alert: { verdict: 'phishing' }, row: { bytes: JSON.stringify(OCSF_FINDING).length } },
      ],
      refused: [],
    });
  });

  it.each([
    ['other.json', /the payload: has no shape that is known here/],
    ['cut.json', /the payload is not JSON/],
  ])('of %s says why not, with exit code 1', async (name, why) => {
    const { code, err } = await run('source', 'try', 'generic', name);
    expect([code, err]).toEqual([1, expect.stringMatching(why)]);
    expect(await tried('generic', name)).toMatchObject({ usable: false, alerts: [], refused: [{}] });
  });

  it('takes a request as it came, with its headers', async () => {
    const head = 'POST /intake HTTP/1.1\r\nCE-SpecVersion: 1.0\r\nce-id: 77\r\nce-source: /guard\r\n\r\n';
    file('request.txt', `${head}${JSON.stringify({ ...OWN, id: undefined })}`);
    expect((await tried('generic', 'request.txt')).alerts[0].alert.id).toBe('/guard 77');
  });

  it('takes a payload on each line', async () => {
    file('lines.json', [OWN, cloudEvent(OCSF_FINDING), '{'].map((one) => JSON.stringify(one)).join('\n'));
    const { alerts, refused } = await tried('generic', 'lines.json');
    expect([alerts.map(({ id }: { id: string }) => id), refused.length]).toEqual([['own-1', 'finding-1'], 1]);
  });

  it('takes our own form, and a source by the name that the configuration has for it', async () => {
    file('own.json', OWN);
    file(
      'clawback.yaml',
      configText((tenant) => Object.assign(tenant, { sources: [{ name: 'guard', vendor: 'generic' }] })),
    );
    expect((await run('source', 'try', 'clawback', 'own.json')).code).toBe(0);
    const named = await run('source', 'try', 'guard', 'finding.json', '--json', '--config', 'clawback.yaml');
    expect([named.code, named.err]).toEqual([0, '']);
    expect(JSON.parse(named.out)).toMatchObject({ name: 'guard', vendor: 'generic' });
  });

  it.each([
    [['source'], /clawback source try <name> <file>/],
    [['source', 'try', 'generic'], /clawback source try/],
    [['source', 'show', 'generic', 'finding.json'], /clawback source try/],
    [['source', 'try', 'acme', 'finding.json'], /there is no vendor or source acme; vendors are: clawback, generic/],
  ])('called as %j says how it is called, with exit code 2', async (argv, words) => {
    const { code, err } = await run(...argv);
    expect([code, err]).toEqual([2, expect.stringMatching(words)]);
  });

  it('names the file that it cannot read', async () => {
    const { code, err } = await run('source', 'try', 'generic', 'nowhere.json');
    expect([code, err]).toEqual([1, expect.stringContaining('nowhere.json cannot be read')]);
  });
});
