import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIST_FORMATS, type ListFormat } from '../../core/tell/list-file.ts';
import { sendJson, sendProblem } from './problem.ts';
import type { Handler } from './server.ts';

/**
 * What the operator of this machine may ask a running bot, over a Unix socket in the data folder: the embedded
 * database belongs to one process, so the commands ask it here. The file system says who may. It can stop Clawback,
 * take a link away and take a list along; it can approve, lift and link nothing.
 */
export interface OperatorAnswers {
  /** `expect`: entries that were kept elsewhere, `<seq>:<hash>`. */
  verify(tenant: string | null, expect: readonly string[]): Promise<unknown>;
  show(tenant: string | null, incident: string): Promise<readonly string[]>;
  why(tenant: string | null, incident: string): Promise<readonly string[]>;
  /** The sealed entries as they are stored, for somebody who wants to verify them alone. */
  entries(tenant: string | null, afterSeq: number): Promise<unknown>;
  stop(tenant: string | null, who: string, reason: string): Promise<unknown>;
  unlink(tenant: string | null, account: string): Promise<unknown>;
  links(tenant: string | null): Promise<unknown>;
  /** The mailbox list of an incident as a file, and whose hands it is in goes into the record; null where there is none. */
  list(tenant: string | null, incident: string, format: ListFormat, who: string): Promise<unknown>;
}

export function operatorRoutes(answers: OperatorAnswers): ReadonlyMap<string, Handler> {
  const query = (url: string | undefined) => new URL(url ?? '/', 'http://operator').searchParams;
  const route =
    (answer: (asked: URLSearchParams, tenant: string | null) => Promise<unknown>): Handler =>
    async (req, res) => {
      const asked = query(req.url);
      sendJson(res, 200, await answer(asked, asked.get('tenant')));
      return null;
    };
  const about =
    (name: string, answer: (tenant: string | null, value: string) => Promise<unknown>): Handler =>
    (req, res) => {
      const value = query(req.url).get(name);
      if (value) return route((_asked, tenant) => answer(tenant, value))(req, res);
      sendProblem(res, { status: 400, type: 'invalid', title: `Which ${name}?`, detail: `Give ?${name}=\u2026` });
      return Promise.resolve(`no ${name} named`);
    };
  return new Map<string, Handler>([
    ['GET /alive', route(() => Promise.resolve({ alive: true }))],
    ['GET /audit/verify', route((asked, tenant) => answers.verify(tenant, asked.getAll('expect')))],
    ['GET /audit/show', about('incident', answers.show)],
    ['GET /audit/why', about('incident', answers.why)],
    [
      'GET /audit/entries',
      route((asked, tenant) => {
        const after = Number(asked.get('after') ?? 0);
        return answers.entries(tenant, Number.isSafeInteger(after) ? after : 0);
      }),
    ],
    [
      'POST /stop',
      route((asked, tenant) => answers.stop(tenant, asked.get('who') ?? 'the operator', asked.get('reason') ?? '')),
    ],
    ['GET /links', route((_asked, tenant) => answers.links(tenant))],
    [
      'POST /incident/list',
      (req, res) => {
        const format = LIST_FORMATS.find((known) => known === query(req.url).get('format'));
        const who = query(req.url).get('who') ?? 'the operator';
        if (format)
          return about('incident', (tenant, incident) => answers.list(tenant, incident, format, who))(req, res);
        const detail = `Give ?format=${LIST_FORMATS.join(' or ?format=')}`;
        sendProblem(res, { status: 400, type: 'invalid', title: 'Which format?', detail });
        return Promise.resolve('no format named');
      },
    ],
    ['POST /unlink', about('account', answers.unlink)],
  ]);
}

/** The kernel takes 107 bytes for the path of a Unix socket; Darwin 103. */
const LONGEST_PATH = 100;

/** Where the operator's socket of a data folder is: in it, or, where its path is too long for a socket, beside others. */
export function operatorSocket(dataFolder: string): string {
  const inside = join(dataFolder, 'operator.sock');
  if (Buffer.byteLength(inside) <= LONGEST_PATH) return inside;
  return join(tmpdir(), `clawback-${createHash('sha256').update(dataFolder).digest('hex').slice(0, 16)}.sock`);
}
