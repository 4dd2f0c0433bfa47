import { BatchRequestContent } from '@microsoft/microsoft-graph-client';

interface Step {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  readonly dependsOn?: readonly string[];
}

/** Rejects what Microsoft's own client would refuse to send as a batch. */
export async function asMicrosoftTakesIt(batch: unknown): Promise<void> {
  const { requests } = batch as { requests: readonly Step[] };
  // The client builds relative paths from absolute ones only.
  const steps = requests.map(({ id, method, url, headers = {}, body, dependsOn }) => ({
    id,
    request: new Request(`https://graph.microsoft.com/v1.0${url}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
    ...(dependsOn === undefined ? {} : { dependsOn: [...dependsOn] }),
  }));
  const content = await new BatchRequestContent(steps).getContent();
  const ids = content.requests.map((request) => (request as { id?: string }).id);
  if (ids.join() !== requests.map(({ id }) => id).join()) throw new Error('the client left requests out of the batch');
}
