import type { SocketModeReceiver } from '@slack/bolt';
import { ClawbackError } from '../../core/error.ts';
import type { AdapterLog } from '../chat/log.ts';
import { isRefusal, roomError } from './failure.ts';

/** The connection over which presses come in Socket Mode. */
export interface Line {
  /**
   * Connects, and from then on again as often as it takes. Slack may be away meanwhile; throws ClawbackError `config` when
   * it refuses the token.
   */
  start(): Promise<void>;
  stop(): void;
  /** Why nobody's press in Slack arrives; null while they do. */
  trouble(): string | null;
}

export interface LineOptions {
  readonly log: AdapterLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Longer than the request for an address may take. Slack says hello within the second. */
const HELLO_WITHIN_MS = 20_000;
const HANG_UP_WITHIN_MS = 2_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const OPEN = 'apps.connections.open';

/**
 * The library would connect again by itself, but at the first request that fails it gives up, in a promise that nobody
 * hears: that ends the process. So it is told not to, and what it does not try is tried here.
 */
export function keepLine(client: SocketModeReceiver['client'], { log, now, sleep }: LineOptions): Line {
  let isWanted = true;
  let lost: string | null = null;

  async function connect(): Promise<{ readonly ended: Promise<void> }> {
    const ended = new Promise<void>((resolve) => client.once('disconnected', () => resolve()));
    try {
      await greeted(client.start());
    } catch (error) {
      await Promise.race([client.disconnect(), sleep(HANG_UP_WITHIN_MS)]);
      throw error ?? new Error('the connection to Slack ended at once');
    }
    lost = null;
    return { ended };
  }

  function missed(error: unknown, tries: number): number {
    const { message, retryAfterMs } = roomError(OPEN, error);
    lost ??= `no connection since ${new Date(now()).toISOString()}: ${message}`;
    log.warn({ err: error, tries }, 'Slack cannot be connected to: nobody’s press there arrives');
    return Math.max(retryAfterMs, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10)));
  }

  async function keep(first: Awaited<ReturnType<typeof connect>> | null): Promise<void> {
    let line = first;
    for (let tries = 1, pauseMs = FIRST_PAUSE_MS; isWanted; ) {
      if (line) {
        await line.ended;
        [tries, pauseMs] = [0, FIRST_PAUSE_MS];
      }
      await sleep(pauseMs);
      if (!isWanted) return;
      line = await connect().catch((error: unknown) => {
        pauseMs = missed(error, tries);
        tries += 1;
        return null;
      });
    }
  }

  return {
    async start() {
      const first = await connect().catch((error: unknown) => {
        if (isRefusal(OPEN, error))
          throw new ClawbackError('config', 'Slack does not take the app token', { cause: error, field: 'appToken' });
        missed(error, 0);
        return null;
      });
      void keep(first);
    },
    stop() {
      isWanted = false;
      void client.disconnect();
    },
    trouble: () => lost,
  };
}

async function greeted(start: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, HELLO_WITHIN_MS, new Error('Slack did not say hello'));
  });
  await Promise.race([start, patience]).finally(() => clearTimeout(timer));
}
