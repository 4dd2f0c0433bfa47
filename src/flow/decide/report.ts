import { Address, type Alert, type Asker, LIMITS } from '../../core/find/alert.ts';
import type { ToldAlert } from '../../core/find/alert-reader.ts';
import { FILES_PER_HOUR, type FileTrouble, isMailName, MOST_FILES } from '../../core/find/offered-file.ts';
import { CHAT_REPORTS, type Source } from '../../core/find/source.ts';
import type { NoReport, ReportedFile } from '../../core/tell/answer-report.ts';
import { chatName } from '../../core/tell/chats.ts';
import { inertOr, storable } from '../../core/text.ts';
import type { OfferedFile, Reply, ReportCall } from '../../ports/desk.ts';
import type { Deciding, Receipt } from '../flow.ts';
import { actorOf, type Note, record } from '../record/record.ts';
import { said } from './decision.ts';
import { type Reporter, reporterOf } from './reporter.ts';
import type { NoStanding } from './standing.ts';

/**
 * Somebody reports the mail in a message of a chat. Who that is, is asked before anything is fetched. Each file is one alert
 * of somebody who reports: what the mail in it says of itself only locates, and takes no vote from anybody.
 */

/** Whoever reported is proven where the reporter says so, and nothing else is a fact. */
const REPORTED: Source = {
  name: CHAT_REPORTS,
  kind: 'report',
  claims: { confidence: 100, actFirst: false, recipients: false, ids: false, reporters: true },
};

const NOT_TAKEN: Readonly<Record<NoStanding['why'], NoReport>> = {
  outsider: 'outsider',
  'shared-channel': 'outsider',
  guest: 'guest',
  bot: 'bot',
  deactivated: 'deactivated',
  'unknown-person': 'nobody known',
  unlinked: 'nobody known',
  ambiguous: 'nobody known',
  'at-risk': 'nobody known',
  'cannot-check': 'not now',
};

/** `inTurn`: files are large, so that few are held at once. */
export async function report(
  flow: Deciding,
  call: ReportCall,
  inTurn: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<Reply> {
  const { by, files, instead } = call;
  const reporter = await reporterOf(flow, by, flow.policy().policy);
  if (reporter.is === 'refused') return refuse(flow, call, reporter);
  const mails = files.filter(({ name, trouble }) => trouble !== null || isMailName(name));
  if (mails.length === 0) return said({ code: 'report-has-no-file', instead });
  const told: ReportedFile[] = [];
  for (const file of mails.slice(0, MOST_FILES)) {
    const became = await inTurn(() => takeOne(flow, call, reporter, file));
    told.push({ name: file.name, became });
  }
  return said({
    code: 'reported',
    files: told,
    left: Math.max(0, mails.length - MOST_FILES),
    others: files.length - mails.length,
    unproven: reporter.is === 'unproven',
  });
}

async function refuse(flow: Deciding, call: ReportCall, standing: NoStanding): Promise<Reply> {
  flow.observe({ what: 'press', verb: 'report', result: standing.why });
  await flow.store.transact((tx) =>
    record(flow, tx, [
      { ...refused(call, standing), outcome: standing.why, detail: { ...place(call), name: null, note: '' } },
    ]),
  );
  return said({ code: 'report-not-taken', why: NOT_TAKEN[standing.why] });
}

async function takeOne(
  flow: Deciding,
  call: ReportCall,
  reporter: Reporter,
  file: OfferedFile,
): Promise<ReportedFile['became']> {
  if (!(await mayRead(flow, call, reporter))) {
    // Counted, not recorded one by one: the record must not be flooded by one account.
    flow.observe({ what: 'press', verb: 'report', result: 'too-many' });
    return notTaken(file.trouble ?? 'too many');
  }
  if (file.trouble) return leave(flow, call, reporter, file, file.trouble);
  const fetched = await file.fetch();
  if ('trouble' in fetched) return leave(flow, call, reporter, file, fetched.trouble);
  const read = await flow.mailFiles.toAlert(fetched.bytes, {
    now: flow.clock.now(),
    to: reporter.is === 'proven' ? reporter.addresses.slice(0, 1).filter(isAddress) : [],
  });
  if ('problem' in read) return leave(flow, call, reporter, file, 'no mail', read.problem);
  return take(flow, call, reporter, file, read.alert);
}

/** Each file has one of so many places in an hour, which nobody takes twice, over all chats, instances and restarts. */
function mayRead(flow: Deciding, { by }: ReportCall, reporter: Reporter): Promise<boolean> {
  const at = flow.clock.now();
  const whose = reporter.is === 'proven' ? reporter.person : `${by.platform} ${by.id.slice(0, 100)}`;
  return flow.store.transact(async (tx) => {
    for (let place = 0; place < FILES_PER_HOUR; place += 1)
      if (await tx.replays.claim('report', `${whose} ${at.slice(0, 13)} ${place}`, at)) return true;
    return false;
  });
}

/** The same person and the same file of the same message is the same report, however often it is sent. */
async function take(
  flow: Deciding,
  call: ReportCall,
  reporter: Reporter,
  file: OfferedFile,
  alert: Alert,
): Promise<ReportedFile['became']> {
  const { by } = call;
  const told = toldBy(flow, call, reporter, alert);
  const whose = reporter.is === 'proven' ? reporter.person : `${by.platform}:${by.id}`;
  const id = flow.hash.digest([by.platform, by.home, call.channel, call.message, file.id, whose]);
  const receipt: Receipt = await flow.store.transact(async (tx) => {
    const taken = await flow.report(tx, told, { source: REPORTED, id, body: alert.id });
    if (taken.kind === 'accepted')
      await record(flow, tx, [
        {
          type: 'report.taken',
          incident: taken.incident,
          actor: actorOf(by, known(reporter)),
          platform: by.platform,
          outcome: taken.created ? 'made' : 'joined',
          detail: { ...place(call), name: nameOf(file), digest: alert.id, proven: reporter.is === 'proven' },
        },
      ]);
    return taken;
  });
  if (receipt.kind === 'accepted') flow.observe({ what: 'alert', created: receipt.created });
  flow.observe({ what: 'press', verb: 'report', result: receipt.kind });
  const incident = receipt.incident;
  if (incident === null) return notTaken('no answer');
  const again = receipt.kind !== 'accepted';
  return { is: 'taken', incident, joined: receipt.kind === 'accepted' && !receipt.created, again };
}

function toldBy(flow: Deciding, { by }: ReportCall, reporter: Reporter, alert: Alert): ToldAlert {
  const chat = chatName(flow.chatNames, by.platform);
  const findings = reporter.is === 'proven' ? alert.findings : [unprovenFinding(by.name, chat), ...alert.findings];
  return {
    ...alert,
    source: `report in ${chat}`,
    reporter: askerOf(reporter),
    findings: findings.slice(0, LIMITS.findings),
  };
}

function unprovenFinding(name: string, chat: string): string {
  return `Reported in ${chat} by ${inertOr(name, 'somebody without a name', 60)}. Nothing proves which person that is: it takes no vote away.`;
}

function askerOf(reporter: Reporter): Asker | null {
  if (reporter.is === 'proven')
    return { entraId: reporter.person, address: reporter.addresses.find(isAddress) ?? null };
  const { address } = reporter;
  return address !== null && isAddress(address) ? { entraId: null, address, unproven: true } : null;
}

async function leave(
  flow: Deciding,
  call: ReportCall,
  reporter: Reporter,
  file: OfferedFile,
  why: FileTrouble,
  detail = '',
): Promise<ReportedFile['became']> {
  flow.observe({ what: 'press', verb: 'report', result: why });
  const note = storable(detail.slice(0, 200));
  await flow.store.transact((tx) =>
    record(flow, tx, [
      {
        ...refused(call, known(reporter)),
        outcome: why,
        detail: { ...place(call), name: nameOf(file), note },
      },
    ]),
  );
  return notTaken(why, note);
}

const notTaken = (why: FileTrouble, detail = ''): ReportedFile['became'] => ({ is: 'not taken', why, detail });
const isAddress = (value: string): boolean => Address.safeParse(value).success;
const nameOf = ({ name }: OfferedFile) => storable(name.slice(0, 200));

function place({ channel, message }: ReportCall) {
  return { channel: storable(channel.slice(0, 200)), message: storable(message.slice(0, 200)) };
}

type Actor = Parameters<typeof actorOf>[1];

function known(reporter: Reporter): Actor {
  return reporter.is === 'proven' ? { is: 'known', person: reporter.person, name: reporter.name } : null;
}

function refused({ by }: ReportCall, who: Actor): Pick<Note<'report.refused'>, 'type' | 'actor' | 'platform'> {
  return { type: 'report.refused', actor: actorOf(by, who), platform: by.platform };
}
