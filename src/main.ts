#!/usr/bin/env node
import { runCommand } from './cli/command.ts';

// Process edge: arguments, environment, signals, exit code. Everything else is behind it.
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  node: process.versions.node,
  folder: process.cwd(),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  stop: stop.signal,
});
