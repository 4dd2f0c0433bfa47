import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface Asset {
  readonly type: string;
  readonly gzipped: Buffer;
  /** Bytes before compression. */
  readonly bytes: number;
}

export interface Bundle {
  readonly script: Asset;
  readonly style: Asset;
}

/** Builds the client in memory: nothing is written, nothing is fetched. */
export async function bundleClient(): Promise<Bundle> {
  // Loaded here, so that a Clawback without its sandbox never needs the builder.
  const { build } = await import('esbuild');
  const built = await build({
    entryPoints: [join(import.meta.dirname, 'client', 'main.tsx')],
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  const find = (end: string) => built.outputFiles.find(({ path }) => path.endsWith(end))?.contents ?? new Uint8Array();
  return {
    script: await assetOf(find('.js'), 'text/javascript; charset=utf-8'),
    style: await assetOf(find('.css'), 'text/css; charset=utf-8'),
  };
}

export async function assetOf(contents: Uint8Array | string, type: string): Promise<Asset> {
  const bytes = Buffer.from(contents);
  return { type, gzipped: await promisify(gzip)(bytes), bytes: bytes.length };
}
