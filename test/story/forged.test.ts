import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Forgery, type Scene, startScene } from './forgeries/scene.ts';
import { SLACK_FORGERIES, slackFormOf } from './forgeries/slack.ts';
import { TEAMS_FORGERIES, teamsPress } from './forgeries/teams.ts';
import { confirmed, goodAlert, goodStop, toConfirm, WEB_FORGERIES } from './forgeries/web.ts';

/** All that a forgery may leave behind. A vote, a run, an incident, a stop or a link is none of these. */
const TRACES: ReadonlySet<string> = new Set([
  'request.refused',
  'press.refused',
  'stray',
  'ticket.refused',
  // To be sent to the sign-in page, and to sign in there, is what an honest press comes to before one of the forgeries at that page.
  'ticket.issued',
  'ticket.signed-in',
  // What an honest card asked of Microsoft before is put away after a minute.
  'requests.sealed',
  'service.started',
  'service.stopped',
]);

const ALL: readonly Forgery[] = [
  ...TEAMS_FORGERIES.map((forgery) => ({ ...forgery, name: `Teams: a press ${forgery.name}` })),
  ...SLACK_FORGERIES.map((forgery) => ({ ...forgery, name: `Slack: ${forgery.name}` })),
  ...WEB_FORGERIES,
];

let scene: Scene;
let start = 0;
beforeAll(async () => {
  scene = await startScene();
  start = await lastSeq();
  scene.story.sandbox.graph.log.clear();
});
afterAll(() => scene.story.close());

async function lastSeq(): Promise<number> {
  return (await scene.ledger(0)).at(-1)?.seq ?? 0;
}

describe('a forged or changed request', () => {
  it('comes in more than sixty kinds, no two alike', () => {
    expect([ALL.length >= 60, new Set(ALL.map(({ name }) => name)).size]).toEqual([true, ALL.length]);
  });

  // Whoever reads the record is told what was refused up to now, each under its reason.
  it.each(ALL)('$name: has no effect and is on the record', async ({ told, aim }) => {
    const send = await aim(scene);
    const before = await lastSeq();
    await send();
    const since = await scene.story.until('the record tells of it', async () => {
      const entries = await scene.ledger(before);
      return entries.length > 0 && entries;
    });
    expect(since.map(({ line }) => line).join('\n')).toMatch(told);
    expect(since.filter(({ type }) => !TRACES.has(type))).toEqual([]);
    expect((await fetch(`${scene.story.url}/healthz`)).status).toBe(200);
  });

  it('nothing came of any of them later', async () => {
    const { story, open, other, voted } = scene;
    expect((await scene.ledger(start)).filter(({ type }) => !TRACES.has(type))).toEqual([]);
    expect(story.sandbox.graph.log.writes()).toEqual([]);
    const cards = [open, other, voted].flatMap(({ incident }) => [
      story.slackCard(incident),
      story.teamsCard(incident),
    ]);
    expect((await Promise.all(cards)).map(({ words }) => /\d of \d given/.exec(words)?.[0])).toEqual(
      ['0 of 1', '0 of 1', '0 of 1', '0 of 1', '1 of 2', '1 of 2'].map((count) => `${count} given`),
    );
  });
});

describe('the same requests, not forged, do what they say', () => {
  const types = async (since: number) => (await scene.ledger(since)).map(({ type }) => type);
  const comes = (type: string, since: number) =>
    scene.story.until(`the record says ${type}`, async () => (await types(since)).some((one) => one === type));

  it('a good alert is a new incident', async () => {
    const since = await lastSeq();
    expect((await goodAlert(scene)).status).toBe(202);
    expect(await comes('alert.received', since)).toBe(true);
  });

  it('a good confirmation on the sign-in page is a vote', async () => {
    const since = await lastSeq();
    expect((await confirmed(scene, await toConfirm(scene))).status).toBe(200);
    expect(await comes('decision.approved', since)).toBe(true);
  });

  it('a good press in Teams purges', async () => {
    const since = await lastSeq();
    await scene.story.sandbox.teams.raw(teamsPress({ ...scene, open: scene.other }));
    expect(await comes('run.started', since)).toBe(true);
  });

  it('a good form in Slack closes the incident', async () => {
    const since = await lastSeq();
    expect((await slackFormOf(scene)).status).toBe(200);
    expect(await comes('decision.rejected', since)).toBe(true);
  });

  it('a good press in Slack counts, also after all that', async () => {
    const { story, voted } = scene;
    expect(await story.slack('omar', voted.incident, 'purge')).toContain('Purging 7 copies');
  });

  it('a good stop stops', async () => {
    const since = await lastSeq();
    expect((await goodStop(scene)).status).toBe(200);
    expect(await comes('brake.stopped', since)).toBe(true);
  });
});
