import { once } from 'node:events';
import net from 'node:net';

/** A pooler in front of a PostgreSQL server: strict about the words of a sign-in, as PgBouncer is. */
export interface Pooler {
  readonly url: string;
  close(): Promise<void>;
}

/** `session`: each client has a connection to the server of its own. `transaction`: all of them share one, turn by turn. */
export type Mode = 'session' | 'transaction';

const KNOWN = new Set(['user', 'database', 'client_encoding', 'application_name']);

export async function startPooler(target: string, mode: Mode): Promise<Pooler> {
  const { hostname, port } = new URL(target);
  const ends = new Set<net.Socket>();
  const held = (socket: net.Socket) => {
    ends.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => ends.delete(socket));
    return socket;
  };
  const toServer = () => held(net.connect(Number(port || 5_432), hostname));
  let shared: Backend | null = null;
  const server = net.createServer((client) => {
    held(client).once('data', (startup: Buffer) => {
      const odd = namesIn(startup).find((name) => !KNOWN.has(name));
      if (odd !== undefined) return void client.end(refusal(`unsupported startup parameter: ${odd}`));
      if (mode === 'transaction') {
        shared ??= backend(toServer(), startup);
        return void shared.serve(client);
      }
      const far = toServer();
      far.write(startup);
      client.pipe(far);
      far.pipe(client);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: own } = server.address() as net.AddressInfo;
  return {
    url: Object.assign(new URL(target), { host: `127.0.0.1:${own}` }).href,
    async close() {
      for (const end of ends) end.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function namesIn(startup: Buffer): string[] {
  return startup
    .subarray(8)
    .toString()
    .split('\0')
    .filter((word, index) => index % 2 === 0 && word !== '');
}

function refusal(words: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C08P01\0M${words}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeUInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, fields]);
}

interface Backend {
  serve(client: net.Socket): void;
}

/** The last message of an answer: ReadyForQuery, with one byte of its own. */
const isWhole = (answer: Buffer) => answer.length >= 6 && answer[answer.length - 6] === 'Z'.charCodeAt(0);

/** One connection to the server; a client has it from a question to the end of its answer. */
function backend(far: net.Socket, startup: Buffer): Backend {
  let turn: Promise<Buffer> = ask(startup);
  const greeting = turn;

  function ask(question: Buffer): Promise<Buffer> {
    return new Promise((resolve) => {
      const pieces: Buffer[] = [];
      const take = (piece: Buffer) => {
        pieces.push(piece);
        const answer = Buffer.concat(pieces);
        if (!isWhole(answer)) return;
        far.off('data', take);
        resolve(answer);
      };
      far.on('data', take);
      far.write(question);
    });
  }

  return {
    serve(client) {
      greeting.then((answer) => client.write(answer));
      client.on('data', (question: Buffer) => {
        // A client that takes its leave leaves the connection to the others.
        if (question[0] === 'X'.charCodeAt(0)) return;
        turn = turn.then(() => ask(question));
        turn.then((answer) => client.write(answer));
      });
    },
  };
}
