import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import type { FlagVerb } from '../../src/core/flag/may.ts';
import { MEASURE_KINDS } from '../../src/core/measure/measure.ts';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import type { FlagWhich } from '../../src/core/tell/flags.ts';
import type { ChatUser } from '../../src/ports/desk.ts';
import type { FlagFindings, FlagLookAt } from '../../src/ports/flags.ts';
import type { PrivateWords, SentWords } from '../../src/ports/private-words.ts';
import { answered } from '../support/answered.ts';
import { type Night, PEOPLE, startNight } from '../support/desk-of-the-night.ts';
import { inSlack, joins, MINUTE, policyWith, ruleFor, storyteller } from './telling.ts';

/** Mailboxes that were flagged, people who look after them, and what is written to them alone. */

export const HOUR = 60 * MINUTE;
const rules = [
  ruleFor(['purge', 'undo'], { approver: 2 }),
  ruleFor(['flag'], { approver: 1 }),
  ruleFor(MEASURE_KINDS, { approver: 1 }, { name: 'measures' }),
];
const lead = { people: [PEOPLE.lena.entraId] };
export const flagPolicy = (flags: object = {}, roles: object = {}): Policy =>
  policyWith(rules, { roles: { lead, ...roles }, flags });

type Look = Awaited<ReturnType<FlagFindings['look']>>;
type Looked = Omit<Look, 'unlooked'> & Partial<Pick<Look, 'unlooked'>>;

interface Said {
  readonly platform: string;
  readonly account: string;
  readonly words: string;
}

export function flagging(
  options: Pick<Parameters<typeof startNight>[0] & object, 'intruded' | 'workers' | 'measures'> = {},
) {
  let night: Night;
  const findings: { looks: Looked[]; asked: FlagLookAt[] } = {
    looks: [],
    asked: [],
  };
  const chats: { said: Said[]; answers: (SentWords | 'crash')[] } = { said: [], answers: [] };
  const chat = (platform: string): PrivateWords => ({
    platform,
    send(account, lines) {
      chats.said.push({ platform, account, words: lines.join(' ') });
      const next = chats.answers.shift() ?? { is: 'sent' };
      return next === 'crash' ? Promise.reject(new Error('the process was killed')) : Promise.resolve(next);
    },
  });
  const looking: FlagFindings = {
    async look(about) {
      findings.asked.push(about);
      return { unlooked: [], ...(findings.looks.shift() ?? { is: 'seen', findings: 0 }) };
    },
  };
  beforeAll(async () => {
    night = await startNight(options);
  });
  afterAll(() => night.close());
  beforeEach(async () => {
    night.clock.now += 24 * 60 * HOUR;
    Object.assign(findings, { looks: [], asked: [] });
    Object.assign(chats, { said: [], answers: [] });
    Object.assign(night.flow, { flagging: { findings: looking, chats: [chat('slack'), chat('teams')] } });
    await night.govern(flagPolicy());
  });
  const tonight = () => night;
  const told = storyteller(tonight);
  const flags = async (by: ChatUser, asks: Parameters<Night['desk']['flags']>[0]['asks']) =>
    answered(await night.desk.flags({ by, channel: null, asks }));
  const list = async (by: ChatUser, which: FlagWhich = 'open') => {
    const seen = await flags(by, { is: 'list', which });
    if (seen.code !== 'flags') throw new Error(`no list: ${JSON.stringify(seen)}`);
    return seen;
  };
  const rows = () => night.flow.store.transact((tx) => tx.flagged.open(100)).then((open) => open.rows);
  const entries = async <T extends EntryType>(flag: string, ...types: T[]) =>
    (await night.entries()).filter(ofType(...types)).filter(({ detail }) => 'flag' in detail && detail.flag === flag);

  /** A flag as somebody is shown it, whose mailbox it is not. */
  async function shown(flag: string, by: ChatUser = inSlack('dana')) {
    const all = [...(await list(by)).lines, ...(await list(by, 'cleared')).lines];
    const line = all.find((one) => one.flag.id === flag);
    if (!line) throw new Error(`${flag} is not shown`);
    return line;
  }
  /** Whoever works on jobs has nothing to do for it by now: what the story does next is done by nobody else. */
  const settled = (flag: string) =>
    night.until('nobody works on it', async () => {
      const row = await night.flow.store.transact((tx) => tx.flagged.get(flag));
      return row?.nextAt == null || row.nextAt > night.flow.clock.now();
    });
  const press = async (by: ChatUser, verb: FlagVerb, flag: string, reason: string | null = null) => {
    const seen = (await shown(flag)).flag.version;
    const answer = await flags(by, { is: 'do', verb, flag, seen, reason });
    await settled(flag);
    return answer;
  };

  return {
    ...told,
    night: tonight,
    findings,
    chats,
    list,
    rows,
    flagEntries: entries,
    shown,
    press,
    flags,
    /** As an approved action leaves it: the mailbox of this person, who has an account in Teams. */
    async flagged(n: number): Promise<{ readonly id: string; readonly incident: string; readonly owner: ChatUser }> {
      const owner = joins(night, n);
      const { id: incident } = await told.lands([`person${n}`]);
      await told.press(incident, inSlack('dana'), 'flag');
      await night.until('it is flagged', async () => (await told.stands(incident)) === 'flagged');
      const row = (await rows()).find((one) => one.incident === incident);
      if (!row) throw new Error('no flag was raised');
      await settled(row.id);
      return { id: row.id, incident, owner };
    },
    come: (flag: string, hours = 0) => {
      night.clock.now += hours * HOUR;
      return night.run({ queue: 'flag', flag });
    },
  };
}
