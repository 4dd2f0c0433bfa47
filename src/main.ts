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

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  node: process.versions.node,
  folder: process.cwd(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  stop: stop.signal,
});

// It was asked to end and has: what still hangs somewhere must not keep it.
if (stop.signal.aborted) setTimeout(() => process.exit(), 500).unref();
