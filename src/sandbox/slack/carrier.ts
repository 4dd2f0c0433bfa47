import { createHmac } from 'node:crypto';
import { type Delivered, deliver, type Json, type Sent } from './loopback.ts';
import type { CallOptions, Socket } from './types.ts';

// How long the stand-in listens for a late answer before it hangs up, so that a test can see that it was late.
const PATIENCE_MS = 10_000;
const FORM = 'application/x-www-form-urlencoded';

/** Takes payloads to the app: signed HTTP, or Socket Mode while a socket is connected. */
export interface Carrier {
  connect(app: { readonly eventsUrl: string }): void;
  connectSocket(socket: Socket | null): void;
  socket(): Socket | null;
  interactive(payload: Json, options: CallOptions): Promise<Delivered>;
  command(form: Json, options: CallOptions): Promise<Delivered>;
  event(payload: Json, options: CallOptions): Promise<Delivered>;
  again(sent: Sent): Promise<Delivered>;
}

export function createCarrier(signingSecret: string, clock: () => number): Carrier {
  let eventsUrl = '';
  let socket: Socket | null = null;

  function signed(body: string, type: string, options: CallOptions): Record<string, string> {
    const at = String(Math.floor(clock() / 1000) + (options.shift ?? 0));
    const secret = options.secret ?? signingSecret;
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`;
    const { retry } = options;
    return {
      'content-type': type,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...(options.unsigned === true ? {} : { 'x-slack-request-timestamp': at, 'x-slack-signature': signature }),
      ...(retry ? { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason } : {}),
    };
  }

  function carry(
    kind: 'interactive' | 'slash_commands' | 'events_api',
    given: Json,
    options: CallOptions,
    written: { readonly type: string; body(payload: Json): string },
  ): Promise<Delivered> {
    const payload = options.patch?.(given) ?? given;
    if (socket !== null) {
      return socket.deliver({ type: kind, payload, ...(options.retry ? { retry: options.retry } : {}) });
    }
    if (eventsUrl === '') {
      throw new Error('connect() the app first');
    }
    const body = written.body(payload);
    return deliver({ url: eventsUrl, headers: signed(body, written.type, options), body }, PATIENCE_MS);
  }

  return {
    connect(app) {
      eventsUrl = app.eventsUrl;
    },
    connectSocket(next) {
      socket = next;
    },
    socket: () => socket,
    interactive: async (payload, options) =>
      carry('interactive', payload, options, {
        type: FORM,
        body: (whole) => new URLSearchParams({ payload: JSON.stringify(whole) }).toString(),
      }),
    command: async (form, options) =>
      carry('slash_commands', form, options, {
        type: FORM,
        body: (whole) => new URLSearchParams(whole as Record<string, string>).toString(),
      }),
    event: async (payload, options) =>
      carry('events_api', payload, options, { type: 'application/json', body: JSON.stringify }),
    again: (sent) => deliver(sent, PATIENCE_MS),
  };
}
