import { Client, type Context, HTTPMessageHandler, type Middleware } from '@microsoft/microsoft-graph-client';
import { expect, test } from 'vitest';
import { APP, filterOf, odata, openSandbox, PHISH, type Sandbox } from './graph-stand-in.ts';

/** The client library sends no token to http by itself. */
function bearer(token: string): Middleware {
  const state: { next: Middleware | null } = { next: null };
  return {
    setNext(next) {
      state.next = next;
    },
    async execute(context: Context) {
      const headers = { ...(context.options?.headers as Record<string, string>), Authorization: `Bearer ${token}` };
      context.options = { ...context.options, headers };
      await state.next?.execute(context);
    },
  };
}

async function clientOf(sandbox: Sandbox) {
  const token = await sandbox.entra.issue({ clientId: APP });
  const middleware = [bearer(token), new HTTPMessageHandler()];
  return Client.initWithMiddleware({ baseUrl: `${sandbox.graph.url}/`, middleware });
}

test("Microsoft's own client finds, moves and deletes a message", async () => {
  await using sandbox = await openSandbox();
  const [copy] = sandbox.tenant.deliver({ ...PHISH, to: ['alice@contoso.com'] }).copies;
  const client = await clientOf(sandbox);
  const where = filterOf(`internetMessageId eq ${odata(PHISH.internetMessageId)}`);
  const api = (path: string) => client.api(path).header('Prefer', 'IdType="ImmutableId"');
  const found = await api(`/users/${copy?.userId}/messages?${where}&$select=id,subject`).get();
  expect(found.value).toMatchObject([{ id: copy?.messageId, subject: PHISH.subject }]);
  const path = `/users/${copy?.userId}/messages/${copy?.messageId}`;
  const moved = await api(`${path}/move`).post({ destinationId: 'archive' });
  expect(moved.parentFolderId).toBe(sandbox.tenant.mailbox('alice').folders.find('archive')?.id);
  expect(await api(`${path}/permanentDelete`).post({})).toBeUndefined();
});

test("Microsoft's own client reads a refusal as an error with code and request id", async () => {
  await using sandbox = await openSandbox();
  const client = await clientOf(sandbox);
  const error: unknown = await client
    .api('/users/alice@contoso.com/messages/gone')
    .get()
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({ statusCode: 404, code: 'ErrorItemNotFound', requestId: expect.stringMatching(/-/) });
});
