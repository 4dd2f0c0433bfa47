import fs from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

type Stream = { nfd?: number | null; node: unknown };
type Attributes = { mode?: number };
type NodeFiles = {
  stream_ops: Record<string, unknown>;
  node_ops: { setattr(node: unknown, attributes: Attributes): void };
  realPath(node: unknown): string;
};
type Emscripten = { NODEFS: NodeFiles };

/**
 * PGlite starts with fsync off, and its file system layer has no fsync operation, so that switching it on alone does
 * nothing (electric-sql/pglite issue 1107). This adds the operation. It also gives each file 0666 after making it,
 * whatever the process's umask: the rights of others are kept out here. It reaches into emscripten: the version is
 * pinned, and a test counts `syncs` per commit.
 */
class DurableNodeFS extends NodeFS {
  readonly #syncs: Int32Array;
  constructor(folder: string, syncs: Int32Array) {
    super(folder);
    this.#syncs = syncs;
  }

  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const result = await super.init(...args);
    result.emscriptenOpts.preRun ??= [];
    const preRun = result.emscriptenOpts.preRun as ((module: Emscripten) => void)[];
    preRun.unshift(({ NODEFS }) => {
      NODEFS.stream_ops['fsync'] = (stream: Stream): number => this.#sync(stream, NODEFS.realPath);
      const { setattr } = NODEFS.node_ops;
      NODEFS.node_ops.setattr = (node, { mode, ...attributes }) =>
        setattr(node, mode === undefined ? attributes : { ...attributes, mode: mode & ~0o077 });
    });
    return result;
  }

  #sync(stream: Stream, realPath: (node: unknown) => string): number {
    Atomics.add(this.#syncs, 0, 1);
    if (typeof stream.nfd === 'number') {
      fs.fsyncSync(stream.nfd);
      return 0;
    }
    const fd = fs.openSync(realPath(stream.node), 'r');
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    return 0;
  }
}

/**
 * One session needs neither a hundred seats nor a large pool of its own: the system keeps the pages of its files anyway, and
 * the default would take 160 MB of memory before the first row.
 */
const SETTINGS = ['wal_sync_method=fsync', 'shared_buffers=16MB', 'max_connections=5'].flatMap((one) => ['-c', one]);

/** `syncs`: counts every fsync in its first place. */
export function openDurable(folder: string, syncs: Int32Array): Promise<PGlite> {
  const startParams = [...PGlite.defaultStartParams.filter((flag) => flag !== '-F'), ...SETTINGS];
  return PGlite.create({ fs: new DurableNodeFS(join(folder, 'pg'), syncs), startParams });
}
