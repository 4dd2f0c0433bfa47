import { without } from './bench.ts';
import { accountOf, type Faults, GUID, userOf } from './fault.ts';

/** The mail executor, people and groups, and the registration of the sign-in page. */
export const ENTRA_FAULTS: Faults = {
  'the mail executor’s secret is wrong': {
    change: ({ env }) => Object.assign(env, { CLAWBACK_SANDBOX_GRAPH_SECRET: 'not-the-secret' }),
    check: 'graph token',
    words: 'the client secret is wrong (AADSTS7000215)',
  },
  'the mail executor’s secret has expired': {
    seed: ({ sandbox: { entra, apps } }) => {
      entra.expireSecret(apps.executor.clientId);
      return () => entra.expireSecret(apps.executor.clientId, false);
    },
    check: 'graph token',
    words: 'the client secret has expired (AADSTS7000222)',
  },
  'the mail executor is not registered': {
    change: ({ tenant }) => Object.assign(tenant.graph, { clientId: GUID }),
    check: 'graph token',
    words: `Entra knows no app ${GUID}`,
  },
  'the executor’s id was never filled in': {
    change: ({ tenant }) => Object.assign(tenant.graph, { clientId: 'ffffffff-ffff-4fff-bfff-ffffffffffff' }),
    check: 'graph placeholders',
    words: 'graph.clientId',
  },
  'the certificate’s file is not there': {
    change: ({ tenant, env }) => {
      tenant.graph.credential = 'certificate';
      Object.assign(env, { CLAWBACK_SANDBOX_GRAPH_PRIVATE_KEY: '/nowhere/graph.key' });
      Object.assign(env, { CLAWBACK_SANDBOX_GRAPH_CERTIFICATE: '/nowhere/graph.crt' });
    },
    check: 'graph credential',
    words: 'there is no PEM file /nowhere/graph.crt',
  },
  'the Mail role is missing': {
    seed: without('Mail.ReadWrite'),
    check: 'graph roles',
    words: 'missing: Mail.ReadWrite',
  },
  'the hunting role is missing': {
    seed: without('ThreatHunting.Read.All'),
    check: 'graph roles',
    words: 'missing: ThreatHunting.Read.All',
  },
  'the user role is missing': {
    seed: without('User.Read.All'),
    check: 'graph roles',
    words: 'missing: User.Read.All',
  },
  'the group role is missing': {
    seed: without('GroupMember.Read.All'),
    check: 'graph roles',
    words: 'missing: GroupMember.Read.All (Reads the Entra groups that policy.yaml names, and who is in the lists',
  },
  'the risk role is missing': {
    seed: without('IdentityRiskyUser.Read.All'),
    check: 'graph roles',
    words: 'missing: IdentityRiskyUser.Read.All',
  },
  'the policy names a group that Entra does not know': {
    change: ({ policy }) => policy.roles.analyst.entraGroups.push(GUID),
    check: 'policy groups',
    words: `Entra knows no group ${GUID} (roles.analyst)`,
  },
  'the policy protects the mailboxes of a group that Entra does not know': {
    change: ({ policy }) => {
      policy.mailboxes = { protected: [{ name: 'the board', entraGroups: [GUID] }] };
    },
    check: 'policy groups',
    words: `Entra knows no group ${GUID} (mailboxes.protected “the board”)`,
  },
  'a group cannot be read': {
    seed: ({ sandbox }) => {
      const answer = { status: 403, code: 'Authorization_RequestDenied' };
      sandbox.graph.faults.once({ operation: 'listGroupMembers', answer });
      return () => sandbox.graph.faults.clear();
    },
    check: 'policy groups',
    words: '(roles.analyst) cannot be read: 403 Authorization_RequestDenied',
  },
  'the policy protects the mailboxes of a group that hides its members': {
    seed: ({ sandbox }) => {
      const [member] = sandbox.tenant.users();
      sandbox.tenant.setGroup({ id: GUID, displayName: 'Board', members: [member?.id ?? ''], hidden: true });
      return () => sandbox.tenant.removeGroup(GUID);
    },
    change: ({ policy }) => {
      policy.mailboxes = { protected: [{ name: 'the board', entraGroups: [GUID] }] };
    },
    check: 'policy groups',
    words: `the members of ${GUID} (mailboxes.protected “the board”) are hidden from Clawback`,
  },
  'the tenant has no Identity Protection': {
    seed: ({ sandbox }) => {
      sandbox.graph.setIdentityProtection(false);
      return () => sandbox.graph.setIdentityProtection(true);
    },
    check: 'people at risk',
    words: 'Identity Protection does not answer, so nobody could decide: 403',
  },
  'Graph is down': {
    seed: async ({ sandbox }) => {
      await sandbox.graph.faults.setDown('refuse');
      return () => sandbox.graph.faults.setDown('no');
    },
    check: 'graph reachable',
    words: 'does not answer: ECONNREFUSED',
  },
  'Graph is out of order': {
    seed: async ({ sandbox }) => {
      await sandbox.graph.faults.setDown('unavailable');
      return () => sandbox.graph.faults.setDown('no');
    },
    check: 'graph reachable',
    words: 'answers 503',
  },
  'a mailbox denies access': {
    seed: (at) => {
      const { faults } = at.sandbox.graph;
      faults.set({ access: 'denied' }, userOf(at, 'dana').id);
      return () => faults.clear(userOf(at, 'dana').id);
    },
    check: 'mailbox read',
    words: 'no access to the mailbox dana@contoso.example: 403',
  },
  'the tenant has no hunting': {
    seed: ({ sandbox }) => {
      sandbox.graph.setHunting(false);
      return () => sandbox.graph.setHunting(true);
    },
    check: 'hunting',
    words: 'this tenant has no advanced hunting',
  },
  'an approver is unknown in Entra': {
    change: ({ tenant }) => Object.assign(tenant.approvers[2], { entraId: GUID }),
    check: 'approvers in Entra',
    words: `Lena Lead (${GUID}) has the id of nobody in the tenant`,
  },
  'an approver’s account is disabled': {
    seed: accountOf('dana', { accountEnabled: false }),
    check: 'approvers in Entra',
    words: 'Dana Analyst (00000000-0000-4000-8000-0000000000d1) has a disabled account',
  },
  'an approver is a guest in Entra': {
    seed: accountOf('dana', { userType: 'Guest' }),
    check: 'approvers in Entra',
    words: 'Dana Analyst (00000000-0000-4000-8000-0000000000d1) is a guest',
  },
  'the policy names somebody who left': {
    change: ({ policy }) => policy.roles.lead.people.push(GUID),
    check: 'approvers in Entra',
    words: `somebody in roles.lead (${GUID}) has the id of nobody in the tenant`,
  },
  'the sign-in page’s secret is wrong': {
    change: ({ env }) => Object.assign(env, { CLAWBACK_SANDBOX_SIGNIN_SECRET: 'not-the-secret' }),
    check: 'sign-in token',
    words: 'the client secret is wrong (AADSTS7000215), app registration 00000000-',
  },
  'the sign-in page is not registered': {
    change: ({ tenant }) => Object.assign(tenant.signIn, { clientId: GUID }),
    check: 'sign-in token',
    words: `Entra knows no app ${GUID}`,
  },
  'the sign-in page’s id was never filled in': {
    change: ({ tenant }) => Object.assign(tenant.signIn, { clientId: 'ffffffff-ffff-4fff-bfff-ffffffffffff' }),
    check: 'sign-in placeholders',
    words: 'signIn.clientId',
  },
  'Entra is down': {
    seed: async ({ sandbox }) => {
      await sandbox.entra.setDown('down');
      return () => sandbox.entra.setDown('no');
    },
    change: ({ tenant, policy }) => {
      delete tenant.teams;
      delete tenant.signIn;
      delete policy.rules[0].stepUp;
    },
    check: 'graph token',
    words: 'Entra does not answer',
  },
};
