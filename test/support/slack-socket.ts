import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import * as ws from 'ws';
import type { Delivered, Json } from '../../src/sandbox/slack/loopback.ts';
import { startSlack } from '../../src/sandbox/slack/start.ts';
import type { Socket } from '../../src/sandbox/slack/types.ts';

interface Connection {
  readonly readyState: number;
  send(data: string): void;
  on(event: 'message', listener: (raw: unknown) => void): void;
  terminate(): void;
}

interface ListeningServer {
  readonly clients: ReadonlySet<Connection>;
  address(): unknown;
  once(event: 'listening', listener: () => void): void;
  on(event: 'connection', listener: (connection: Connection) => void): void;
  close(done: () => void): void;
}

// The types in the tree came with botbuilder and describe ws 6; this is as much of ws 8 as is used here.
const { WebSocketServer, WebSocket } = ws as unknown as {
  readonly WebSocketServer: new (options: { readonly host: string; readonly port: number }) => ListeningServer;
  readonly WebSocket: { readonly OPEN: number };
};

export interface SocketStandIn extends Socket {
  /** Resolves once an app has said it is there. */
  connected(): Promise<void>;
  /** Sends `disconnect`, as Slack does before it recycles a connection. */
  refresh(): void;
  close(): Promise<void>;
}

/** The Socket Mode side of Slack on 127.0.0.1: hello, envelopes with ids, acks that may carry a payload. */
export async function startSocketMode(ackMs = 10_000): Promise<SocketStandIn> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => server.once('listening', () => resolve()));
  const waiting = new Map<string, (payload: unknown) => void>();
  const arrived = Promise.withResolvers<void>();
  server.on('connection', (connection) => {
    connection.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0SANDBOX01' } }));
    connection.on('message', (raw) => {
      const ack = JSON.parse(String(raw)) as { envelope_id: string; payload?: unknown };
      waiting.get(ack.envelope_id)?.(ack.payload ?? '');
    });
    arrived.resolve();
  });
  const open = () => [...server.clients].filter((one) => one.readyState === WebSocket.OPEN);

  async function deliver(envelope: Parameters<Socket['deliver']>[0]): Promise<Delivered> {
    const started = performance.now();
    const id = randomUUID();
    const body = JSON.stringify({
      envelope_id: id,
      type: envelope.type,
      payload: envelope.payload as Json,
      accepts_response_payload: envelope.type !== 'events_api',
      retry_attempt: envelope.retry?.num ?? 0,
      retry_reason: envelope.retry?.reason ?? '',
    });
    const acked = Promise.withResolvers<{ status: number; body: unknown }>();
    const expired = setTimeout(() => acked.resolve({ status: 0, body: 'no ack' }), ackMs);
    waiting.set(id, (payload) => acked.resolve({ status: 200, body: payload }));
    const connection = open()[0];
    if (connection === undefined) {
      acked.resolve({ status: 0, body: 'no connection' });
    }
    connection?.send(body);
    const answer = await acked.promise;
    clearTimeout(expired);
    waiting.delete(id);
    return { ...answer, ms: performance.now() - started, sent: { url: 'socket', headers: {}, body } };
  }

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliver,
    connected: () => arrived.promise,
    refresh() {
      for (const one of open()) {
        one.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
      }
    },
    close: () =>
      new Promise((resolve) => {
        for (const one of server.clients) {
          one.terminate();
        }
        server.close(() => resolve());
      }),
  };
}

/** A workspace with one person in it, for an app that comes over a socket. */
export function startWorkspace(): ReturnType<typeof startSlack> {
  return startSlack({
    signingSecret: 'signing-secret-of-a-test',
    botToken: 'xoxb-test',
    appToken: 'xapp-test',
    channel: 'sec-alerts',
    users: [{ key: 'ana', name: 'Ana', email: 'ana@contoso.example' }],
    clock: Date.now,
    random: Math.random,
  });
}
