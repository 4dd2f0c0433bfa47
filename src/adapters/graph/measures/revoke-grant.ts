import { z } from 'zod';
import { odata, query, seg } from '../../microsoft/client.ts';
import { isGraphId, isGuid } from '../../microsoft/ids.ts';
import { laneOf } from './account.ts';
import { bodyOf, effectOf, type Needs, notSeen, refused, unknown } from './asking.ts';
import type { Carrier } from './carrier.ts';
import { partsOf } from './grant-id.ts';

/** learn.microsoft.com/graph/api/resources/oauth2permissiongrant: taken back by its id, given again by the same five fields. */

const NEEDS: Needs = { permission: 'DelegatedPermissionGrant.ReadWrite.All', byExchange: false };
const GRANTS = '/oauth2PermissionGrants';

const Grant = z.object({
  id: z.string().min(1),
  clientId: z.guid(),
  consentType: z.string(),
  principalId: z.guid().nullable(),
  resourceId: z.guid(),
  scope: z.string(),
});
const Grants = z.object({ value: z.array(Grant), '@odata.nextLink': z.string().optional() });

const FOR_ALL = 'this consent was given for everybody, which an administrator alone takes back';

export const revokeGrant: Carrier = {
  /** By its id, or by app, resource and person: given again it may have another id. */
  async look(asking, measure, signal) {
    const named = partsOf(measure.ref);
    if (named?.principalId === null) return unknown(FOR_ALL);
    // What somebody else gave says nothing of which app of this person is meant; an id need not be made of what it is about.
    const parts = named?.principalId === measure.person ? named : null;
    // Only a list of one app is as new as can be.
    const ofApp = parts === null ? [] : [`clientId eq ${odata(parts.clientId)}`];
    const filter = [...ofApp, `principalId eq ${odata(measure.person)}`].join(' and ');
    const path = `${GRANTS}${query({ $filter: filter })}`;
    const reply = await asking.send(laneOf(measure), { operation: 'look at grant', method: 'GET', path }, signal);
    const grants = Grants.safeParse(bodyOf(reply)).data;
    if (!grants) return notSeen(reply, NEEDS, asking);
    const own = grants.value.filter(({ principalId }) => principalId?.toLowerCase() === measure.person);
    const grant =
      own.find(({ id }) => id === measure.ref) ??
      own.find(({ resourceId }) => resourceId.toLowerCase() === parts?.resourceId);
    if (grant) return { is: 'there', image: grant };
    return grants['@odata.nextLink'] === undefined ? { is: 'gone' } : unknown('more consents than a page of Graph');
  },

  async apply(asking, measure, image, step) {
    const grant = Grant.safeParse(image).data;
    if (!grant || !isGraphId(grant.id)) return refused('not the image of a consent');
    if (grant.consentType !== 'Principal' || grant.principalId?.toLowerCase() !== measure.person)
      return refused(FOR_ALL);
    const request = {
      operation: 'revoke grant',
      method: 'DELETE',
      path: `${GRANTS}/${seg(grant.id)}`,
      clientRequestId: step.requestId,
    } as const;
    return effectOf(await asking.send(laneOf(measure), request, step.signal), NEEDS, asking);
  },

  /** Where somebody has consented again meanwhile, Entra refuses a second one: nothing is overwritten. */
  async putBack(asking, measure, before, step) {
    const grant = Grant.safeParse(before).data;
    if (!grant || !isGuid(grant.clientId)) return refused('not the image of a consent');
    if (grant.consentType !== 'Principal' || grant.principalId?.toLowerCase() !== measure.person)
      return refused(FOR_ALL);
    const { id: _, ...body } = grant;
    const request = {
      operation: 'create grant',
      method: 'POST',
      path: GRANTS,
      body,
      clientRequestId: step.requestId,
    } as const;
    return effectOf(await asking.send(laneOf(measure), request, step.signal), NEEDS, asking);
  },
};
