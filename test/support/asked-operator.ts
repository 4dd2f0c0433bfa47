import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { onTestFinished } from 'vitest';
import { type OperatorAnswers, operatorRoutes, operatorSocket } from '../../src/adapters/http/operator.ts';
import { sendJson } from '../../src/adapters/http/problem.ts';
import { configText } from './configuration.ts';

/** A folder with a configuration, and a process that has its database and answers only this. Gone with the test. */
export async function askedOperator(answers: Partial<OperatorAnswers>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-operator-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(folder, 'clawback.yaml'), configText());
  // As a process that has the database.
  const lock = new DatabaseSync(join(data, 'owner.lock'));
  lock.exec('pragma locking_mode=exclusive; begin exclusive');
  const unasked = () => Promise.reject(new Error('not asked for here'));
  const all = new Proxy(answers, { get: (own, name) => Reflect.get(own, name) ?? unasked });
  const routes = operatorRoutes(all as OperatorAnswers);
  const server = http.createServer((req, res) => {
    const route = routes.get(`${req.method} ${new URL(req.url ?? '', 'http://operator').pathname}`);
    if (route) void route(req, res);
    else sendJson(res, 404, {});
  });
  server.listen(operatorSocket(data));
  await once(server, 'listening');
  onTestFinished(() => {
    lock.close();
    server.close();
    server.closeAllConnections();
  });
  return folder;
}
