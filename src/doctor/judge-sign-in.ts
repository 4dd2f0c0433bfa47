import type { TokenFacts } from '../adapters/entra/probe.ts';
import type { Tenant } from '../config/schema.ts';
import { type Policy, stepUpsIn } from '../core/ask/policy.ts';
import { type Finding, fail, ok, skip, warn } from './finding.ts';
import { entraGroupsIn } from './in-use.ts';

const CHECK = 'sign-in page';

/** `page`: where Entra sends people back to, null without a public address. `token` null: it was not asked for. */
export function judgeSignIn(
  tenant: Tenant,
  policy: Policy,
  { page, token }: { readonly page: string | null; readonly token: TokenFacts | null },
): Finding {
  const contexts = [...new Set(stepUpsIn(policy).map(({ context }) => context))];
  if (!tenant.signIn) return withoutPage(tenant, policy, contexts);
  if (page === null)
    return fail(CHECK, 'listen.publicUrl is not set: nobody could come back from Entra', 'set it to our public origin');
  if (token?.outcome !== 'given') return skip(CHECK, 'there is no token for it');
  const { clientId } = tenant.signIn;
  if (token.roles.length > 0)
    return warn(
      CHECK,
      `app registration ${clientId} has permissions that signing people in does not need: ${token.roles.join(', ')}`,
      'give the page a registration of its own, without any permission: browsers are sent to it',
    );
  const stepUp =
    contexts.length === 0
      ? ''
      : `; step-up by ${contexts.join(', ')}: see to it that a Conditional Access policy asks for something there, Entra grants the context to everybody where none does`;
  return ok(
    CHECK,
    `${page} has to be a web redirect URI of app registration ${clientId}: the first sign-in shows it${stepUp}`,
  );
}

function withoutPage({ slack }: Tenant, policy: Policy, contexts: readonly string[]): Finding {
  if (contexts.length > 0)
    return fail(
      CHECK,
      `the policy wants a fresh sign-in (${contexts.join(', ')}), and there is no page for it`,
      'add signIn to the tenant and publicUrl to listen; manifest/README.md says how',
    );
  if (slack && !policy.linkByEmail && entraGroupsIn(policy).length > 0)
    return warn(
      CHECK,
      'not configured: who holds a role through an Entra group alone cannot decide in Slack, because nobody can link an account',
      'add signIn to the tenant and publicUrl to listen, or list these people with their slackId under approvers',
    );
  return ok(CHECK, 'not configured, and nothing needs it');
}
