import http from 'node:http';

const TIMEOUT_MS = 3_000;

/** Status of `GET <path>` at a web address or a Unix socket, and the body as it came; null when nobody answers. */
export function knock(
  at: { readonly host: string; readonly port: number } | { readonly socketPath: string },
  path: string,
): Promise<{ readonly status: number; readonly body: string } | null> {
  return new Promise((resolve) => {
    const request = http.get({ ...at, path, timeout: TIMEOUT_MS, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8').slice(0, 2_000) }),
      );
      response.on('error', () => resolve(null));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
  });
}
