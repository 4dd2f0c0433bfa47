import http from 'node:http';
import { ClawbackError } from '../core/error.ts';

/** Asks the running Clawback over its operator socket. Throws ClawbackError 'unavailable' when nobody answers there. */
export function askOperator<T>(socketPath: string, path: string, method: 'GET' | 'POST' = 'GET'): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown) =>
      reject(new ClawbackError('unavailable', 'the running Clawback did not answer on its operator socket', { cause }));
    const request = http.request({ socketPath, path, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => {
        try {
          resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as T);
        } catch (error) {
          failed(error);
        }
      });
    });
    request.on('error', failed);
    request.end();
  });
}
