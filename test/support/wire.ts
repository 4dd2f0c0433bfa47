import { once } from 'node:events';
import net from 'node:net';

/** The wire between Clawback and its database, in the hands of a test. */
export interface Wire {
  readonly url: string;
  /** Ends every connection and takes no new one until `heal`. */
  cut(): void;
  /**
   * Bytes vanish from now on, both ways, without a word to anybody. After `heal` new connections work; those of before
   * stay silent for ever, as they do behind a firewall that forgot them.
   */
  swallow(): void;
  /** Each piece arrives that much later. */
  delay(ms: number): void;
  heal(): void;
  /** Connections that were made so far. */
  readonly made: number;
  close(): Promise<void>;
}

type Manner = 'open' | 'cut' | 'swallow';

/** A wire to the PostgreSQL server that `target` names. */
export async function layWire(target: string): Promise<Wire> {
  const { hostname, port } = new URL(target);
  const ends = new Set<net.Socket>();
  const dead = new WeakSet<net.Socket>();
  let manner: Manner = 'open';
  let lateMs = 0;
  let made = 0;

  function carry(from: net.Socket, to: net.Socket): void {
    from.on('data', (bytes) => {
      if (manner === 'swallow') dead.add(from).add(to);
      if (dead.has(from)) return;
      if (lateMs === 0) return void to.write(bytes);
      setTimeout(() => dead.has(to) || to.destroyed || to.write(bytes), lateMs);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      ends.delete(from);
      // Whoever is behind a dead wire does not hear that the other end went away.
      if (!dead.has(from)) to.destroy();
    });
  }

  const server = net.createServer((near) => {
    made += 1;
    if (manner === 'cut') return void near.destroy();
    const far = net.connect(Number(port || 5_432), hostname);
    for (const end of [near, far]) ends.add(end);
    if (manner === 'swallow') dead.add(near).add(far);
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as net.AddressInfo).port);
  const cutAll = () => {
    for (const end of ends) end.destroy();
  };
  return {
    url: url.href,
    get made() {
      return made;
    },
    cut() {
      manner = 'cut';
      cutAll();
    },
    swallow() {
      manner = 'swallow';
      for (const end of ends) dead.add(end);
    },
    delay(ms) {
      lateMs = ms;
    },
    heal() {
      manner = 'open';
      lateMs = 0;
    },
    async close() {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
