import type { InUse } from '../doctor/in-use.ts';
import { graphPermissions, leastPermissions, permissionOf } from '../doctor/permissions.ts';

export interface Registrations {
  readonly host: string;
  /** Where people come back to after signing in at Entra. */
  readonly callback: string;
  /** Null: asked for when the script runs. */
  readonly tenantId: string | null;
  readonly graphUrl: string;
  readonly used: InUse;
  /** Which are made when the one who runs the script does not say. */
  readonly apps: readonly App[];
}

export type App = 'executor' | 'bot' | 'sign-in';

/** A script for `az`, run by an administrator: an identity for each purpose, certificates, and only the needed permissions. */
export function registrationScript(wanted: Registrations): string {
  const { tenantId, graphUrl, apps } = wanted;
  const tenant = tenantId === null ? `"\${TENANT_ID:?set TENANT_ID to the id of the tenant}"` : quoted(tenantId);
  return `#!/usr/bin/env bash
# Registers Clawback in Entra. Read it first; run it as an administrator who may grant application permissions.
# Needs: az (signed in), openssl. Makes no client secret: the keys are made here and never leave certs/.
#
#   MAIL_BY=entra      (default) Mail.ReadWrite as an Entra grant: reaches every mailbox of the tenant
#   MAIL_BY=exchange   no Entra grant for mail: run exchange-rbac.ps1 afterwards and choose which mailboxes
#   FEDERATED_ISSUER, FEDERATED_SUBJECT   of your platform: a federated credential instead of certificates
#   APPS               which registrations to make, of: executor bot sign-in. Default here: ${apps.join(' ')}
set -euo pipefail
shopt -s inherit_errexit
umask 077

TENANT=${tenant}
GRAPH=${quoted(new URL(graphUrl).origin)}
MAIL_BY="\${MAIL_BY:-entra}"
case "$MAIL_BY" in entra | exchange) ;; *) echo "MAIL_BY is entra or exchange" >&2; exit 2 ;; esac
APPS="\${APPS:-${apps.join(' ')}}"
for app in $APPS; do
  case "$app" in executor | bot | sign-in) ;; *) echo "APPS holds executor, bot and sign-in" >&2; exit 2 ;; esac
done
wants() { case " $APPS " in *" $1 "*) ;; *) return 1 ;; esac; }
if [ "$(az account show --query tenantId --output tsv)" != "$TENANT" ]; then
  echo "az is signed in to another tenant: az login --tenant $TENANT --allow-no-subscriptions" >&2
  exit 2
fi
mkdir -p certs
printf '*\\n' > certs/.gitignore # private keys never belong into version control

# name, file -> app id. A second run stops here instead of making a second app of the same name.
register() {
  if [ "$(az ad app list --display-name "$1" --query 'length(@)' --output tsv)" != 0 ]; then
    echo "there is an app called $1 already: remove it, or go on by hand" >&2
    return 1
  fi
  local app
  app=$(az ad app create --display-name "$1" --sign-in-audience AzureADMyOrg --query appId --output tsv)
  if [ -n "\${FEDERATED_ISSUER:-}" ]; then
    az ad app federated-credential create --id "$app" --output none --parameters \\
      "{\\"name\\": \\"$2\\", \\"issuer\\": \\"$FEDERATED_ISSUER\\", \\"subject\\": \\"\${FEDERATED_SUBJECT:?}\\", \\"audiences\\": [\\"api://AzureADTokenExchange\\"]}"
  else
    openssl req -x509 -newkey rsa:3072 -sha256 -nodes -days 365 -subj "/CN=$1" \\
      -keyout "certs/$2.key" -out "certs/$2.crt" 2>/dev/null
    az ad app credential reset --id "$app" --cert "@certs/$2.crt" --append --output none
  fi
  printf '%s' "$app"
}

# service principal, app role id of Microsoft Graph
grant() {
  az rest --method POST --url "$GRAPH/v1.0/servicePrincipals/$1/appRoleAssignments" --output none \\
    --headers 'Content-Type=application/json' \\
    --body "{\\"principalId\\": \\"$1\\", \\"resourceId\\": \\"$RESOURCE\\", \\"appRoleId\\": \\"$2\\"}"
}

${executorPart(wanted.used)}
${botPart(wanted.host)}
${signInPart(wanted.callback)}
`;
}

/** What belongs into .env, with NAME for the tenant. */
function credentialLines(name: string, file: string): string {
  return `  CLAWBACK_NAME_${name}_PRIVATE_KEY=certs/${file}.key
  CLAWBACK_NAME_${name}_CERTIFICATE=certs/${file}.crt`;
}

function executorPart(used: InUse): string {
  return `
# 1. The mail executor: the only identity that can touch mail.
if wants executor; then
  EXECUTOR=$(register 'Clawback mail executor' graph)
  EXECUTOR_SP=$(az ad sp create --id "$EXECUTOR" --query id --output tsv)
  RESOURCE=$(az ad sp show --id ${graphPermissions().resourceAppId} --query id --output tsv)
${grants(used)}
  cat <<DONE

Put into clawback.yaml:
  graph.clientId: $EXECUTOR
Put into .env (NAME is the tenant's name in clawback.yaml):
${credentialLines('GRAPH', 'graph')}
For exchange-rbac.ps1: app $EXECUTOR, service principal $EXECUTOR_SP
DONE
fi`;
}

function grants(used: InUse): string {
  return leastPermissions(used)
    .map(({ permission, appRoleId, does, exchangeRbac }) => {
      const line = `grant "$EXECUTOR_SP" ${appRoleId} # ${permission}: ${does}`;
      return exchangeRbac === null ? `  ${line}` : `  [ "$MAIL_BY" = exchange ] || ${line}`;
    })
    .concat(leftOut(used))
    .join('\n');
}

/** What may be granted later, when it comes into use: with the ids, so that nobody has to look them up. */
function leftOut(used: InUse): string[] {
  const least = new Set(leastPermissions(used).map(({ feature }) => feature));
  return graphPermissions()
    .permissions.filter(({ feature }) => !least.has(feature))
    .map(({ permission, appRoleId, does }) => `  # Not in use, so not granted: ${permission} (${appRoleId}). ${does}`);
}

function botPart(host: string): string {
  const endpoint = `https://${host}/api/messages`;
  return `
# 2. The chat bot: no Graph permission at all. The Azure Bot resource needs a subscription; without RESOURCE_GROUP the
#    registration alone is made, and the resource is made in the portal (single tenant, this app id, this endpoint).
if wants bot; then
  BOT=$(register 'Clawback chat bot' bot)
  az ad sp create --id "$BOT" --output none
  if [ -n "\${RESOURCE_GROUP:-}" ]; then
    az bot create --resource-group "$RESOURCE_GROUP" --name "\${BOT_NAME:-clawback}" --app-type SingleTenant \\
      --appid "$BOT" --tenant-id "$TENANT" --endpoint ${quoted(endpoint)} --output none
    az bot msteams create --resource-group "$RESOURCE_GROUP" --name "\${BOT_NAME:-clawback}" --output none
  else
    echo ${quoted(`Azure Bot resource to make: single tenant, endpoint ${endpoint}, channel Microsoft Teams`)}
  fi
  cat <<DONE

Put into clawback.yaml:
  teams.appId: $BOT
Put into .env:
${credentialLines('BOT', 'bot')}
DONE
fi`;
}

/** Microsoft: optional-claims-reference, developer-guide-conditional-access-authentication-context. */
function signInPart(callback: string): string {
  const claims = JSON.stringify({ idToken: [{ name: 'auth_time', essential: false }] });
  return `
# 3. The sign-in page: people say who they are, to link a Slack account and where a rule of the policy has stepUp. It may
#    call nothing: openid and profile only put a name into the id token, and are granted for everybody because many tenants
#    do not let people consent. auth_time says when the person signed in: Entra leaves it out unless it is asked for. The
#    authentication context itself (acrs) is asked for with each sign-in and needs nothing here.
if wants sign-in; then
  SIGNIN=$(register 'Clawback sign-in' sign-in)
  az ad app update --id "$SIGNIN" --output none \\
    --web-redirect-uris ${quoted(callback)} \\
    --optional-claims ${quoted(claims)}
  az ad sp create --id "$SIGNIN" --output none
  az ad app permission grant --id "$SIGNIN" --api ${graphPermissions().resourceAppId} --scope 'openid profile' --output none
  cat <<DONE

Put into clawback.yaml:
  signIn.clientId: $SIGNIN
  listen.publicUrl: ${new URL(callback).origin}
Put into .env:
${credentialLines('SIGNIN', 'sign-in')}
A rule with stepUp also needs an authentication context and a Conditional Access policy for it: manifest/README.md
DONE
fi`;
}

/** Which mailboxes the executor reaches, by Exchange instead of Entra. */
export function exchangeScript(used: InUse): string {
  const { permission } = permissionOf('purge');
  const roles = leastPermissions(used).flatMap(({ exchangeRbac }) => exchangeRbac ?? []);
  const assigned = roles.map(
    (role) =>
      `New-ManagementRoleAssignment -App $ServicePrincipalId -Role '${role}' -CustomResourceScope 'Clawback mailboxes'`,
  );
  return `# RBAC for Applications in Exchange Online: the mail executor reaches the mailboxes of a scope, not the whole tenant.
# Only with MAIL_BY=exchange: grants add up, so ${permission} granted in Entra would reach every mailbox all the same.
# Changes take up to two hours to act.
param(
  [Parameter(Mandatory)][guid]$AppId,
  [Parameter(Mandatory)][guid]$ServicePrincipalId,
  # Which mailboxes, as a recipient filter.
  [string]$Filter = "RecipientTypeDetails -eq 'UserMailbox'",
  # A mailbox to try it with.
  [Parameter(Mandatory)][string]$Try
)
$ErrorActionPreference = 'Stop'
Connect-ExchangeOnline
New-ServicePrincipal -AppId $AppId -ObjectId $ServicePrincipalId -DisplayName 'Clawback mail executor'
New-ManagementScope -Name 'Clawback mailboxes' -RecipientRestrictionFilter $Filter
${assigned.join('\n')}
Test-ServicePrincipalAuthorization -Identity $ServicePrincipalId -Resource $Try | Format-Table
`;
}

/** One word of the shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
