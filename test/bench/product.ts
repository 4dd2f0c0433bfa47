import { readFileSync, writeFileSync } from 'node:fs';
import { type Profiler, Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { App } from '../../src/app.ts';
import { loadLean } from '../../src/cli/load-lean.ts';
import { loadConfig } from '../../src/config/load.ts';
import { cpuMs, serve } from './child.ts';

/** The product in a process of its own, wired as `clawback start` wires it. */

const MB = 2 ** 20;
const SAMPLE_MS = 200;

let app: App | null = null;
let session: Session | null = null;
let peak = 0;
const loop = monitorEventLoopDelay({ resolution: 20 });
setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, SAMPLE_MS).unref();

/** The system knows the most there ever was; where it does not say, what was seen now and then. */
function peakMb(): number {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return Number(found) / 1_024;
  } catch {
    return peak / MB;
  }
}

const answers = {
  async start(configFile: string) {
    const isLoaded = loadLean();
    const loaded = loadConfig(configFile, {});
    const { createLog } = await import('../../src/log.ts');
    const { startApp } = await import('../../src/app.ts');
    app = await startApp(loaded, createLog(loaded.config.log));
    isLoaded();
  },
  usage: () => ({
    cpuMs: cpuMs(),
    rssMb: process.memoryUsage.rss() / MB,
    peakMb: peakMb(),
    // Since the last time somebody asked to `watch`.
    stallMs: loop.max / 1e6,
  }),
  watch() {
    loop.enable();
    loop.reset();
  },
  async startProfile() {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
  },
  async endProfile(file: string): Promise<Profiler.Profile | null> {
    const found = await session?.post('Profiler.stop');
    session?.disconnect();
    session = null;
    if (found) writeFileSync(file, JSON.stringify(found.profile));
    return null;
  },
};

export type Product = typeof answers;

serve(answers, async () => app?.stop());
