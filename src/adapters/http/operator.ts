import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIST_FORMATS, type ListFormat } from '../../core/tell/list-file.ts';
import { EVIDENCE_KINDS, type EvidenceName } from '../../ports/evidence.ts';
import { sendJson, sendProblem } from './problem.ts';
import type { Handler } from './server.ts';

/**
 * What the operator of this machine may ask a running bot, over a Unix socket in the data folder: the embedded
 * database belongs to one process, so the commands ask it here. The file system says who may. It can stop Clawback,
 * take a link away, and take a list and kept evidence along; it can approve, lift and link nothing.
 */
export interface OperatorAnswers {
  /** `expect`: entries that were kept elsewhere, `<seq>:<hash>`. */
  verify(tenant: string | null, expect: readonly string[]): Promise<unknown>;
  show(tenant: string | null, incident: string): Promise<readonly string[]>;
  why(tenant: string | null, incident: string): Promise<readonly string[]>;
  /** What vendors sent of it, as it came. */
  rows(tenant: string | null, incident: string): Promise<unknown>;
  /** The sealed entries as they are stored, for somebody who wants to verify them alone. */
  entries(tenant: string | null, afterSeq: number): Promise<unknown>;
  /** What was asked of Microsoft, a few segments after that one; and what the record says of them all. */
  requests(tenant: string | null, after: { readonly id: string; readonly from: string } | null): Promise<unknown>;
  sealedRequests(tenant: string | null): Promise<unknown>;
  stop(tenant: string | null, who: string, reason: string): Promise<unknown>;
  unlink(tenant: string | null, account: string): Promise<unknown>;
  links(tenant: string | null): Promise<unknown>;
  /** Looks for mail in one tenant, as the policy lets people; `asked`: what it is like, how far back and why. */
  search(tenant: string | null, asked: Readonly<Record<string, string>>, who: string): Promise<unknown>;
  /** A search as it stands by now, whoever asked for it; who looked at it goes into the record. */
  seeSearch(tenant: string | null, search: string, who: string): Promise<unknown>;
  /** The mailbox list of an incident as a file, and whose hands it is in goes into the record; null where there is none. */
  list(tenant: string | null, incident: string, format: ListFormat, who: string): Promise<unknown>;
  /** What is kept of the mail of an incident, without what it says; null where there is no such incident. */
  evidence(tenant: string | null, incident: string): Promise<unknown>;
  /** One of these with what it says, and whose hands it is in goes into the record; null where there is none. */
  takeEvidence(tenant: string | null, incident: string, wanted: EvidenceName, who: string): Promise<unknown>;
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
    ['GET /incident/rows', about('incident', answers.rows)],
    [
      'GET /audit/entries',
      route((asked, tenant) => {
        const after = Number(asked.get('after') ?? 0);
        return answers.entries(tenant, Number.isSafeInteger(after) ? after : 0);
      }),
    ],
    [
      'GET /audit/requests',
      route((asked, tenant) => {
        const [id, from] = [asked.get('id'), asked.get('from')];
        return answers.requests(tenant, id === null || from === null ? null : { id, from });
      }),
    ],
    ['GET /audit/sealed-requests', route((_asked, tenant) => answers.sealedRequests(tenant))],
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
    ['GET /incident/evidence', about('incident', answers.evidence)],
    [
      'POST /incident/evidence',
      (req, res) => {
        const asked = query(req.url);
        const kind = EVIDENCE_KINDS.find((one) => one === asked.get('kind')) ?? 'headers';
        const [digest, who] = [asked.get('digest') ?? '', asked.get('who') ?? 'the operator'];
        return about('incident', (tenant, incident) => answers.takeEvidence(tenant, incident, { kind, digest }, who))(
          req,
          res,
        );
      },
    ],
    [
      'POST /search',
      async (req, res) => {
        const { who = 'the operator', tenant, ...asked } = Object.fromEntries(query(req.url));
        sendJson(res, 200, await answers.search(tenant ?? null, asked, who));
        return null;
      },
    ],
    [
      'GET /search',
      (req, res) => {
        const who = query(req.url).get('who') ?? 'the operator';
        return about('search', (tenant, search) => answers.seeSearch(tenant, search, who))(req, res);
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
