import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EXAMPLE, exampleWith, REPO, runManifest } from './run.ts';
import { unzip } from './unzip.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document that the test itself checks.
type Document = any;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function packed(config = EXAMPLE): Promise<Map<string, Buffer>> {
  const { read } = await runManifest(config, '--host', 'bot.example.com');
  return unzip(read('teams-app.zip'));
}

async function written(config = EXAMPLE): Promise<Document> {
  return JSON.parse((await packed(config)).get('manifest.json')?.toString('utf8') ?? '');
}

/** Width, height and pixels (RGBA) of a PNG with 8 bits per channel and filter 0 in every row. */
function picture(png: Buffer) {
  const [width, height, kind] = [png.readUInt32BE(16), png.readUInt32BE(20), png.subarray(24, 26).toString('hex')];
  const length = png.readUInt32BE(33);
  const rows = inflateSync(png.subarray(41, 41 + length));
  const pixels: number[][] = [];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * (1 + width * 4) + 1 + x * 4;
      pixels.push([...rows.subarray(at, at + 4)]);
    }
  return { width, height, kind, pixels };
}

describe('the Teams app package', () => {
  it('holds the manifest and both icons at its top, and nothing else', async () => {
    expect([...(await packed()).keys()]).toEqual(['manifest.json', 'color.png', 'outline.png']);
  });

  it('names the bot of the configuration', async () => {
    const manifest = await written();
    expect([manifest.id, manifest.bots[0].botId]).toEqual(Array(2).fill('8b4f2c6d-1e7a-4935-a0c8-5d3b9f6e2a74'));
    expect(manifest.id).toMatch(GUID);
  });

  it('keeps the limits of Teams', async () => {
    const { name, description, developer, accentColor, bots, manifestVersion } = await written();
    expect(name.short.length).toBeLessThanOrEqual(30);
    expect(name.full.length).toBeLessThanOrEqual(100);
    expect(description.short.length).toBeLessThanOrEqual(80);
    expect(description.full.length).toBeLessThanOrEqual(4_000);
    expect(bots[0].commandLists[0].commands.length).toBeLessThanOrEqual(12);
    expect(bots[0].commandLists[0].commands.every(({ title }: Document) => title.length <= 32)).toBe(true);
    expect([accentColor, manifestVersion]).toEqual([expect.stringMatching(/^#[0-9A-F]{6}$/), '1.30']);
    for (const url of [developer.websiteUrl, developer.privacyUrl, developer.termsOfUseUrl])
      expect(url).toMatch(/^https:\/\/bot\.example\.com/);
  });

  it('asks to be in a team, and in a chat with whoever wants to see their queue there, and for nothing more', async () => {
    const manifest = await written();
    expect([
      manifest.bots[0].scopes,
      manifest.authorization,
      manifest.webApplicationInfo,
      manifest.validDomains,
    ]).toEqual([['team', 'personal'], undefined, undefined, []]);
  });

  it('takes files, and has its action on messages, only where people report mail', async () => {
    const usual = await written();
    const reporting = await written(exampleWith(({ teams }) => Object.assign(teams, { reports: true })));
    expect([usual.bots[0].supportsFiles, usual.composeExtensions]).toEqual([false, undefined]);
    expect(reporting.bots[0].supportsFiles).toBe(true);
    const [{ botId, commands }] = reporting.composeExtensions;
    const source = readFileSync(`${REPO}/src/adapters/teams/report.ts`, 'utf8');
    const [, id] = /const REPORT_COMMAND = '(\w+)'/.exec(source) ?? [];
    expect([botId, commands]).toEqual([
      reporting.bots[0].botId,
      [expect.objectContaining({ id, type: 'action', context: ['message'], fetchTask: true })],
    ]);
    // Microsoft's schema 1.30: 32 characters for a title, 128 for a description.
    expect([commands[0].title.length <= 32, commands[0].description.length <= 128]).toEqual([true, true]);
    expect([reporting.authorization, reporting.webApplicationInfo]).toEqual([undefined, undefined]);
  });

  it('lists the words that Clawback answers in Teams', async () => {
    const source = readFileSync(`${REPO}/src/flow/decide/command.ts`, 'utf8');
    // Who is in Teams is known without a link.
    const words = [...source.matchAll(/case '(\w+)':/g)]
      .map(([, word]) => word ?? '')
      .filter((word) => word !== 'link');
    const titles = (await written()).bots[0].commandLists[0].commands.map(({ title }: Document) => title);
    expect(titles.toSorted()).toEqual(words.toSorted());
  });

  it('has an icon of 192 by 192, filled to its corners', async () => {
    const { width, height, kind, pixels } = picture((await packed()).get('color.png') ?? Buffer.alloc(0));
    expect([width, height, kind, pixels.every(([, , , alpha]) => alpha === 255)]).toEqual([192, 192, '0806', true]);
  });

  it('has an outline of 32 by 32, white on nothing', async () => {
    const { width, height, pixels } = picture((await packed()).get('outline.png') ?? Buffer.alloc(0));
    const white = pixels.every(([r, g, b]) => r === 255 && g === 255 && b === 255);
    const alphas = new Set(pixels.map(([, , , alpha]) => alpha));
    expect([width, height, white, alphas.has(0), alphas.has(255)]).toEqual([32, 32, true, true, true]);
  });

  it('the same ids make the same bytes', async () => {
    const [first, second] = [
      await runManifest(EXAMPLE, '--host', 'bot.example.com'),
      await runManifest(EXAMPLE, '--host', 'bot.example.com'),
    ];
    expect(first.read('teams-app.zip').equals(second.read('teams-app.zip'))).toBe(true);
  });

  it('is not written while the bot’s id is a placeholder', async () => {
    const early = EXAMPLE.replace('8b4f2c6d-1e7a-4935-a0c8-5d3b9f6e2a74', 'ffffffff-ffff-4fff-bfff-ffffffffffff');
    const { code, said, read } = await runManifest(early, '--host', 'bot.example.com');
    expect([code, said]).toEqual([0, expect.stringContaining('teams-app.zip is not written yet')]);
    expect(() => read('teams-app.zip')).toThrow('ENOENT');
  });
});

describe('npm run manifest', () => {
  it.each([
    ['no host', []],
    ['an address instead of a host', ['--host', 'https://bot.example.com']],
    ['a host with shell signs', ['--host', 'bot.example.com$(id)']],
  ])('refuses %s', async (_name, words) => {
    const { code, said } = await runManifest(EXAMPLE, ...words);
    expect([code, said]).toEqual([2, expect.stringContaining('--host bot.example.com')]);
  });

  it('asks which tenant is meant when there are several', async () => {
    const { code, said } = await runManifest(EXAMPLE, '--host', 'bot.example.com', '--tenant', 'fabrikam');
    expect([code, said]).toEqual([1, expect.stringContaining('say which tenant with --tenant: contoso')]);
  });
});
