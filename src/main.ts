#!/usr/bin/env node
import { runCommand } from './cli/command.ts';

// Process edge: arguments, environment, signals, exit code. Everything else is behind it.
const stop = new AbortController();
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(signal, () => {
    // Asked a second time, it ends as it stands: it is made for that, as it is for a power cut.
    if (stop.signal.aborted) process.exit(128 + number);
    stop.abort(signal);
  });
}

// Whoever reads us has read enough, or the disk is full: nothing that is still to be said can be said.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE' && stream === process.stdout)
      process.stderr.write(`clawback: what it says cannot be written: ${message}\n`);
    process.exit(1);
  });

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  node: process.versions.node,
  folder: process.cwd(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  stop: stop.signal,
});

// What was said is read first, however slowly, unless it was asked to end.
const isSaid = Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((said) => stream.write('', said))),
);
const isAsked = new Promise((asked) => stop.signal.addEventListener('abort', asked, { once: true }));
if (!stop.signal.aborted) await Promise.race([isSaid, isAsked]);
// It has done what it was asked: what still hangs somewhere must not keep it.
setTimeout(() => process.exit(), 500).unref();
