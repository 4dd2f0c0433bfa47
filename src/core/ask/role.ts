import { z } from 'zod';

/** Who holds a role: people by name, or whoever is in a group. */

export const guid = () => z.guid('must be a GUID').transform((value) => value.toLowerCase());

export const Role = z
  .strictObject({
    people: z.array(guid()).default([]).describe('Entra object ids.'),
    entraGroups: z.array(guid()).default([]).describe('Object ids; members of nested groups count.'),
    slackUserGroups: z
      .array(z.string().regex(/^S[A-Z0-9]{2,20}$/, 'must be a Slack user group id such as S012AB3CD'))
      .default([]),
  })
  .refine((role) => role.people.length + role.entraGroups.length + role.slackUserGroups.length > 0, {
    message: 'names nobody: give people, entraGroups or slackUserGroups',
  });
