import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { consented, fromCommandLine, remains, testMailbox, tried, verdicts } from './trial-bench.ts';
import { ANSWERS, leftAfterStop, leftAfterTrouble, TROUBLES } from './trial-sweep.ts';

let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

describe('a trial in which something goes wrong', () => {
  it('leaves nothing behind, whichever request meets with trouble: each of them with one kind of it', async () => {
    expect(await leftAfterTrouble(bench.sandbox, TROUBLES.length)).toEqual([]);
  });

  it.each(TROUBLES)('leaves nothing behind, when the making of its mail and its folder is %s', async (trouble) => {
    const { faults } = bench.sandbox.graph;
    for (const operation of ['createMessage', 'createFolder']) faults.once({ operation, answer: ANSWERS[trouble] });
    const found = [await tried(bench.sandbox), await tried(bench.sandbox)];
    const told = found.flatMap(({ leftovers }) => leftovers).filter(({ where }) => !where.startsWith('unknown: '));
    expect([remains(bench.sandbox), told]).toEqual([[], []]);
  });

  it('leaves nothing behind, whenever somebody stops it', async () => {
    expect(await leftAfterStop(bench.sandbox, 4)).toEqual([]);
  });

  it('does not speak of a mail that was never put in, when it is stopped just before', async () => {
    const stop = new AbortController();
    const found = await tried(bench.sandbox, { stop: stop.signal, begins: () => stop.abort() });
    expect([found.leftovers, found.stopped, bench.sandbox.graph.log.writes()]).toEqual([[], true, []]);
  });

  it('says what was not tried because it was stopped, and ends with 1', async () => {
    const stop = new AbortController();
    const forget = bench.sandbox.graph.onRequest(({ operation }) => {
      if (operation === 'patchMessage') stop.abort();
    });
    const { code, out, paper } = await fromCommandLine(bench, consented(testMailbox(bench.sandbox)), {
      stop: stop.signal,
    });
    forget();
    expect([code, remains(bench.sandbox)]).toEqual([1, []]);
    expect(out).toContain('stopped before its end');
    expect(paper).toContain('**It was stopped before its end.**');
    expect(paper).toContain('| a hard delete moves a mail to Purges | not tried | it was stopped |');
  });

  it('waits where Graph says that it is too much, and does everything all the same', async () => {
    const { faults } = bench.sandbox.graph;
    const answer = { status: 429, code: 'ApplicationThrottled', retryAfter: '7' };
    for (const operation of ['getFolder', 'createMessage', 'listMessages', 'patchMessage', 'move', 'permanentDelete'])
      faults.once({ operation, answer });
    const waits: number[] = [];
    const found = await tried(bench.sandbox, { sleep: (ms) => waits.push(ms) });
    expect([found.failed, found.leftovers, waits]).toEqual([[], [], Array(6).fill(7_000)]);
    expect(found.timings.find(({ step }) => step === 'move the mail')?.throttled).toBe(1);
    expect(remains(bench.sandbox)).toEqual([]);
  });

  it('says exactly what is left and where, when nothing may be deleted', async () => {
    const { faults } = bench.sandbox.graph;
    const answer = { status: 403, code: 'ErrorAccessDenied' };
    for (const operation of ['permanentDelete', 'deleteMessage', 'permanentDeleteFolder', 'deleteFolder'])
      faults.once({ operation, answer, times: 50 });
    const address = testMailbox(bench.sandbox);
    const { code, out, err, paper } = await fromCommandLine(bench, consented(address));
    const [, name = ''] = /subject “(Clawback trial \w+)”/.exec(out) ?? [];
    expect([code, remains(bench.sandbox)]).toEqual([1, ['mail in Inbox', 'folder']]);
    expect(err).toBe(
      `could not be removed: the mail of the trial, the Inbox; the folder of the trial, in the mailbox: something is inside, so it was not deleted. Look for “${name}” in ${address}, and remove it by hand`,
    );
    expect(paper).toContain('Left in the mailbox: the mail of the trial, the Inbox;');
    expect([name.length > 15, paper.includes(name)]).toEqual([true, false]);
  });

  it.each(['inbox', 'recoverableitemsdeletions'])(
    'tells of a mail that a trial has left which was killed, and does not touch it: %s',
    async (folder) => {
      const {
        tenant,
        employees: [address = ''],
      } = bench.sandbox;
      const subject = 'Clawback trial 0123456789abcdef';
      tenant.deliver({ to: [address], internetMessageId: '<k@x.example>', sender: 'k@x.example', subject, folder });
      const { code, out, err } = await fromCommandLine(bench, consented(address));
      expect([code, remains(bench.sandbox).length]).toEqual([1, 1]);
      expect(out).toContain('something is left in the mailbox');
      expect(err).toMatch(/^was not touched: the mail of another trial, .* Look for “Clawback trial” in /);
    },
  );

  it('leaves the folder alone when somebody has put a mail into it', async () => {
    const {
      graph,
      tenant,
      employees: [address = ''],
    } = bench.sandbox;
    const forget = graph.onRequest(({ operation, path }) => {
      const [folder] = tenant
        .mailbox(tenant.userByAddress(address)?.id ?? '')
        .folders.all()
        .filter(({ displayName }) => displayName.startsWith('Clawback trial'));
      if (operation !== 'move' || !folder || path === '') return;
      tenant.deliver({
        to: [address],
        internetMessageId: '<b@x.example>',
        sender: 'b@x.example',
        subject: 'Theirs',
        folder: folder.id,
      });
      forget();
    });
    const found = await tried(bench.sandbox);
    expect(verdicts(found)['folder-kept']).toBe('not tried');
    expect(found.leftovers).toEqual([
      { what: 'folder', where: 'in the mailbox: something is inside, so it was not deleted' },
    ]);
    expect(remains(bench.sandbox)).toEqual(['folder']);
    expect(graph.log.writes().filter(({ effect }) => /delete.*Folder/i.test(effect ?? ''))).toEqual([]);
  });

  it('does nothing where the mailbox cannot be reached', async () => {
    const { faults, log } = bench.sandbox.graph;
    const user = bench.sandbox.tenant.userByAddress(testMailbox(bench.sandbox));
    faults.set({ access: 'notEnabled' }, user?.id ?? '');
    const { code, out } = await fromCommandLine(bench, consented(testMailbox(bench.sandbox)));
    expect([code, log.writes()]).toEqual([1, []]);
    expect(out).toContain('failed: look for the Inbox: 404 MailboxNotEnabledForRESTAPI');
  });
});
