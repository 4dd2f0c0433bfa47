import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A part of the measurement in a process of its own, and what is asked of it by message. */
export interface Child<A> {
  ask<K extends keyof A & string>(name: K, ...given: GivenTo<A[K]>): Promise<AnswerOf<A[K]>>;
  /** In good order if it can, within some seconds in any case. */
  end(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever it is given
type Answering = (given: any) => unknown;
type GivenTo<T> = T extends (...given: infer P) => unknown ? P : never;
type AnswerOf<T> = T extends (...given: never[]) => infer R ? Awaited<R> : never;

interface Asked {
  readonly id: number;
  readonly name: string;
  readonly given: unknown;
}

interface Answered {
  readonly id: number;
  readonly answer?: unknown;
  readonly problem?: string;
}

const END_WITHIN_MS = 20_000;

/** `file` is beside this one. Its stdout goes to stderr: ours is for the result. */
export function startChild<A>(file: string): Child<A> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], { stdio: ['ignore', 2, 2, 'ipc'] });
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  const takeAlong = () => child.kill('SIGKILL');
  process.once('exit', takeAlong);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      process.off('exit', takeAlong);
      for (const { reject } of waiting.values()) reject(new Error(`${file} ended: ${signal ?? code}`));
      resolve();
    });
  });
  child.on('message', ({ id, answer, problem }: Answered) => {
    if (problem === undefined) waiting.get(id)?.resolve(answer as never);
    else waiting.get(id)?.reject(new Error(`${file}: ${problem}`));
    waiting.delete(id);
  });
  let last = 0;
  return {
    ask(name, ...[given]) {
      last += 1;
      const { promise, resolve, reject } = Promise.withResolvers<never>();
      waiting.set(last, { resolve, reject });
      child.send({ id: last, name, given } satisfies Asked, (error) => error && reject(error));
      return promise;
    },
    async end() {
      if (child.connected) child.disconnect();
      const patience = setTimeout(takeAlong, END_WITHIN_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}

/** The other side: answers until nobody asks any more, then `close`s and ends. */
export function serve(answers: Readonly<Record<string, Answering>>, close: () => Promise<void>): void {
  // Ctrl-C reaches everybody in the terminal: whoever began this ends it in its turn.
  process.on('SIGINT', () => undefined);
  process.on('message', ({ id, name, given }: Asked) => {
    const tell = (told: Answered) => process.connected && process.send?.(told);
    Promise.resolve()
      .then(() => answers[name]?.(given))
      .then(
        (answer) => tell({ id, answer }),
        (error: unknown) => tell({ id, problem: error instanceof Error ? (error.stack ?? error.message) : 'unknown' }),
      );
  });
  process.once('disconnect', () => {
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}

export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
