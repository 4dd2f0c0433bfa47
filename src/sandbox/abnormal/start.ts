import type { IncomingMessage, ServerResponse } from 'node:http';
import { listen, readText, sendJson } from '../entra/http.ts';

/** Abnormal's REST API on this machine, as far as lists of threats and one threat go. */

interface Threat {
  readonly id: string;
  /** ISO times that it is found by. */
  readonly receivedTime: string;
  readonly latestTimeRemediated?: string;
  /** Rows of its messages, as JSON: their ids are whole numbers that no double can hold. */
  readonly messages: readonly string[];
  /** It is listed, and gone when it is asked for. */
  readonly isGone?: boolean;
}

export interface Abnormal {
  readonly url: string;
  readonly threats: Threat[];
  readonly asked: string[];
  /** Detection 360 reports, as they were filed. */
  readonly reports: object[];
  /** Answers that come in place of the next ones. */
  readonly trouble: (number | 'cut' | 'fine')[];
  close(): Promise<void>;
}

/** The only form of a filter that it documents. */
const FILTER =
  /^(receivedTime|latestTimeRemediated) gte (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) lte (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/;

export async function startAbnormal(own: { readonly token: string; readonly rowsPerPage?: number }): Promise<Abnormal> {
  const [threats, asked, trouble]: [Threat[], string[], (number | 'cut' | 'fine')[]] = [[], [], []];
  const [reports, cases]: [object[], string[]] = [[], []];

  async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '', 'http://x');
    asked.push(`${url.pathname}${url.search}`);
    if (req.headers.authorization !== `Bearer ${own.token}`) return sendJson(res, 401, { message: 'Unauthorized' });
    const next = trouble.shift();
    if (typeof next === 'number') return sendJson(res, next, {}, next === 429 ? { 'Retry-After': '90' } : {});
    if (url.pathname === '/v1/detection360/reports') return report(req, res, url, next === 'cut');
    return found(res, answerTo(url), next === 'cut');
  }

  function found(res: ServerResponse, answer: string | 'bad' | null, isCut: boolean): void {
    if (answer === null) sendJson(res, 404, { message: 'Not Found' });
    else if (answer === 'bad') sendJson(res, 400, { message: 'Bad Request' });
    else res.writeHead(200, { 'Content-Type': 'application/json' }).end(isCut ? answer.slice(0, -20) : answer);
  }

  /** Filed by the page of a message; listed by kind and time, with the ids of the messages as bare numbers. */
  async function report(
    req: IncomingMessage,
    res: ServerResponse,
    { searchParams }: URL,
    isCut: boolean,
  ): Promise<void> {
    if (req.method === 'GET') {
      const isAsked = searchParams.get('inquiry_type') === 'false-positive' && searchParams.has('start');
      if (!isAsked) return sendJson(res, 400, { message: 'Bad Request' });
      res.writeHead(200, { 'Content-Type': 'application/json' });
      res.end(`[${cases.join(',')}]`);
      return;
    }
    const body = JSON.parse(await readText(req)) as Record<string, unknown>;
    const link = String(body['portal_link'] ?? '');
    const row = threats.flatMap(({ messages }) => messages).find((text) => link !== '' && text.includes(link));
    const isGood = body['report_type'] === 'false-positive' && row !== undefined;
    if (!isGood) return sendJson(res, 400, { message: 'Bad Request' });
    reports.push(body);
    const id = /"abxMessageId":\s*(-?\d+)/.exec(row)?.[1] ?? '0';
    cases.push(`{"id":${reports.length},"inquiry_type":"false-positive","messages":[${id}],"status":"SUBMITTED"}`);
    // Filed, and the answer gets lost.
    if (isCut) res.destroy();
    else sendJson(res, 201, {});
  }

  function answerTo(url: URL): string | 'bad' | null {
    const id = /^\/v1\/threats\/([^/]+)$/.exec(url.pathname)?.[1];
    if (id !== undefined) return threatOf(decodeURIComponent(id), Number(url.searchParams.get('pageNumber') ?? 1));
    return url.pathname === '/v1/threats' ? listOf(url.searchParams) : null;
  }

  function threatOf(id: string, page: number): string | null {
    const threat = threats.find((one) => one.id === id);
    if (!threat || threat.isGone) return null;
    const size = own.rowsPerPage ?? 100;
    const rows = threat.messages.slice((page - 1) * size, page * size);
    const next = threat.messages.length > page * size ? `,"nextPageNumber":${page + 1}` : '';
    return `{"threatId":${JSON.stringify(id)},"messages":[${rows.join(',')}],"pageNumber":${page}${next}}`;
  }

  function listOf(query: URLSearchParams): string {
    const [, field, from = '', to = ''] = FILTER.exec(query.get('filter') ?? '') ?? [];
    const [size, page] = [Number(query.get('pageSize') ?? 100), Number(query.get('pageNumber') ?? 1)];
    if (field === undefined || !(size >= 1) || !(page >= 1)) return 'bad';
    const found = threats.filter((threat) => {
      const time = field === 'receivedTime' ? threat.receivedTime : (threat.latestTimeRemediated ?? '');
      return time >= from && time <= to;
    });
    const rows = found.slice((page - 1) * size, page * size).map(({ id }) => ({ threatId: id }));
    return JSON.stringify({
      threats: rows,
      pageNumber: page,
      ...(found.length > page * size ? { nextPageNumber: page + 1 } : {}),
    });
  }

  const listening = await listen(0, handle);
  return { url: `${listening.url}/v1`, threats, asked, reports, trouble, close: () => listening.close() };
}
