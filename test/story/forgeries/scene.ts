import { resolve } from 'node:path';
import { operatorSocket } from '../../../src/adapters/http/operator.ts';
import { askOperator } from '../../../src/cli/operator.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Recorded, SealedEntry } from '../../../src/core/record/ledger.ts';
import { tell } from '../../../src/core/record/ledger-story.ts';
import { becReply, phishingWave } from '../../../src/sandbox/attacks.ts';
import { alertOf } from '../../../src/sandbox/cli/report-attack.ts';
import { type Delivered, deliver, type Json, list, record } from '../../../src/sandbox/slack/loopback.ts';
import type { CallOptions } from '../../../src/sandbox/slack/types.ts';
import { readBack } from '../../support/entries.ts';
import { signed } from '../../support/signed-alerts.ts';
import { type Story, startStory } from '../../support/story.ts';

/** One request that must come to nothing. */
export interface Forgery {
  readonly name: string;
  /** What the record says of it afterwards, in its own words. */
  readonly told: RegExp;
  /** Gets ready what is honest about it; the answer sends the forgery. */
  aim(scene: Scene): Promise<() => Promise<unknown>>;
}

/** An open incident and where its cards are. */
interface Target {
  readonly incident: string;
  readonly digest: string;
  readonly slackCard: string;
  readonly teamsCard: string;
}

export interface Scene {
  readonly story: Story;
  /** One approval and its copies are gone. */
  readonly open: Target;
  /** Another like it. */
  readonly other: Target;
  /** Takes two approvals and has two of the same person, from each chat one: what was sent then is sent again. */
  readonly voted: Target & { readonly slack: Delivered; readonly teams: Delivered };
  /** The alert that `voted` began with: its body and headers. */
  readonly reported: { readonly body: string; readonly headers: Record<string, string> };
  /** A good press of Approve and a good reason form on `open`, as Slack would send them. */
  readonly slackPress: Json;
  readonly slackForm: Json;
  readonly intakeSecret: string;
  /** A sealed link to the step-up page, as Dana gets it when she presses “Delete for good” on `open`. */
  ticket(): Promise<URL>;
  /** A mail that nobody has reported yet. */
  newAlert(): string;
  ledger(afterSeq: number): Promise<readonly Told[]>;
  /** Starts the product anew, once for all who ask. */
  restarted(): Promise<void>;
}

interface Told {
  readonly seq: number;
  readonly type: Recorded['type'];
  readonly line: string;
  /** How many requests a line of refusals is about. */
  readonly requests: number;
}

/** `body` with `value` at the dotted path; undefined takes the field away. */
export function put(body: Json, path: string, value: unknown): Json {
  const [key = '', ...rest] = path.split('.');
  if (Array.isArray(body))
    return Object.assign([...body], {
      [key]: rest.length > 0 ? put(record(body[Number(key)]), rest.join('.'), value) : value,
    });
  return { ...body, [key]: rest.length > 0 ? put(inner(body[key]), rest.join('.'), value) : value };
}

function inner(value: unknown): Json {
  return Array.isArray(value) ? (value as unknown as Json) : record(value);
}

/** The whole product with three open incidents, and a genuine vote from each chat on the record. */
export async function startScene(): Promise<Scene> {
  const story = await startStory({ employees: 20, seed: 60 }, undefined, {
    sandboxPolicy: true,
    limits: { refusalsPerMinute: 100_000, alertsPerMinute: 12_000, pressesPerMinute: 100_000 },
  });
  const { config, secrets } = loadConfig(story.configFile, {});
  const socket = operatorSocket(resolve(config.data));
  const intakeSecret = secrets.tenants[story.sandbox.tenantId]?.sources[0]?.secrets[0] ?? '';

  async function targetOf(incident: string): Promise<Target> {
    await story.bothSay(incident, 'Waiting for approval');
    const [slackCard, teamsCard] = [(await story.slackCard(incident)).id, (await story.teamsCard(incident)).id];
    const { action } = record(story.sandbox.teams.draft('dana', teamsCard, 'purge')['value']) as { action: Json };
    return { incident, digest: String(record(action['data'])['digest']), slackCard, teamsCard };
  }
  async function attacked(attack: ReturnType<typeof becReply>): Promise<Target> {
    return targetOf((await story.attacked(attack)).incident);
  }
  const open = await attacked(becReply(story.sandbox));
  const other = await attacked(becReply(story.sandbox));
  const reported = signedAlert(JSON.stringify(alertOf(landed(story))), intakeSecret);
  const answer = await post(`${story.url}/intake/alerts`, reported.body, reported.headers);
  const wave = await targetOf(String(record(answer.body)['incident']));
  const slack = await story.sandbox.slack.click('dana', wave.slackCard, 'cb:purge');
  const teams = await story.sandbox.teams.raw(story.sandbox.teams.draft('dana', wave.teamsCard, 'purge'));
  await story.bothSay(wave.incident, '1 of 2 given');

  let restart: Promise<void> | null = null;
  const scene: Scene = {
    story,
    open,
    other,
    voted: { ...wave, slack, teams },
    reported,
    slackPress: await captured((options) => story.sandbox.slack.click('dana', open.slackCard, 'cb:purge', options)),
    slackForm: await formOf(story, open),
    intakeSecret,
    ticket: () => ticketOf(story, open),
    newAlert: () => JSON.stringify(alertOf(phishingWave(story.sandbox, 2))),
    async ledger(afterSeq) {
      const [first] = await askOperator<{ rows: SealedEntry[] }[]>(socket, `/audit/entries?after=${afterSeq}`);
      return (first?.rows ?? []).map((row) => {
        const entry = readBack(row);
        const requests = entry.type === 'request.refused' ? entry.detail.requests : 0;
        return { seq: row.seq, type: entry.type, line: tell(entry), requests };
      });
    },
    restarted() {
      restart ??= story.stop().then(() => story.start());
      return restart;
    },
  };
  // A refusal is counted after its answer: those of the captured requests must not pass for the first forgery's.
  await story.until('the captured requests are on record', async () => {
    return (await scene.ledger(0)).reduce((sum, { requests }) => sum + requests, 0) === 2;
  });
  return scene;
}

/** A wave of seven mailboxes: more than one person has to agree. */
function landed(story: Story) {
  return story.land(phishingWave(story.sandbox, 7)).attack;
}

/** What the stand-in would have sent, held back from being believed by a signature that is nobody's. */
async function captured(send: (options: CallOptions) => Promise<unknown>): Promise<Json> {
  let payload: Json = {};
  const patch = (given: Json) => {
    payload = given;
    return given;
  };
  await send({ secret: 'nobody', patch });
  return payload;
}

async function formOf(story: Story, { slackCard }: Target): Promise<Json> {
  await story.sandbox.slack.click('dana', slackCard, 'cb:reject');
  await story.until('the form is open', () => story.sandbox.slack.seenBy('dana').modal);
  return captured((options) => story.sandbox.slack.submitModal('dana', { reason: 'Our own campaign' }, options));
}

async function ticketOf(story: Story, { teamsCard }: Target): Promise<URL> {
  const press = story.sandbox.teams.draft('dana', teamsCard, 'hard-purge');
  const why = put(press, 'value.action.data.reason', 'It is malware');
  const { body } = await story.sandbox.teams.raw(put(why, 'value.action.data.word', 'DELETE'));
  const address = /"(http[^"]+\/auth\?[^"]+)"/.exec(JSON.stringify(body))?.[1];
  if (address === undefined) throw new Error(`no way to the sign-in page in ${JSON.stringify(body)}`);
  return new URL(address);
}

/** A delivery after Standard Webhooks. */
export function signedAlert(body: string, secret: string, at = new Date(), id: string = crypto.randomUUID()) {
  return { body, headers: { ...signed(body, { secret, id, at }) } as Record<string, string> };
}

/** Never throws: a server that hangs up on 10 MB is an answer, too. */
export function post(url: string, body: string, headers: Record<string, string>): Promise<Delivered> {
  return deliver({ url, headers, body }, 30_000);
}

export function firstAction(payload: Json): Json {
  return record(list(payload['actions'])[0]);
}
