import { z } from 'zod';
import type { Measure } from '../../../core/measure/measure.ts';
import type { MeasureEffect } from '../../../ports/measures.ts';
import { seg } from '../../microsoft/client.ts';
import { isGraphId } from '../../microsoft/ids.ts';
import { type Asking, bodyOf, effectOf, isAbsent, type Needs, notSeen, refused, type Step, unknown } from './asking.ts';
import { type Carrier, plain } from './carrier.ts';

/** learn.microsoft.com/graph/api/messagerule-get and messagerule-update. Of a rule nothing but its switch is ever written. */

const NEEDS: Needs = { permission: 'MailboxSettings.ReadWrite', byExchange: true };
const Rule = z.looseObject({ id: z.string().min(1), isEnabled: z.boolean() });

export const ruleOff: Carrier = {
  async look(asking, measure, signal) {
    if (!isGraphId(measure.ref)) return unknown('not the id of a rule');
    const request = { operation: 'look at rule', method: 'GET', path: pathOf(measure) } as const;
    const reply = await asking.send(measure.person, request, signal);
    if (isAbsent(reply, 'ErrorItemNotFound')) return { is: 'gone' };
    const rule = Rule.safeParse(bodyOf(reply)).data;
    return rule ? { is: 'there', image: plain(rule) } : notSeen(reply, NEEDS, asking);
  },

  apply(asking, measure, image, step) {
    if (image['isReadOnly'] === true)
      return Promise.resolve(refused('the rule is read-only: no interface of Graph changes it'));
    return switched(asking, measure, false, step);
  },

  putBack: (asking, measure, before, step) => switched(asking, measure, before['isEnabled'] === true, step),
};

async function switched(asking: Asking, measure: Measure, isEnabled: boolean, step: Step): Promise<MeasureEffect> {
  if (!isGraphId(measure.ref)) return refused('not the id of a rule');
  const request = {
    operation: 'switch rule',
    method: 'PATCH',
    path: pathOf(measure),
    body: { isEnabled },
    clientRequestId: step.requestId,
  } as const;
  return effectOf(await asking.send(measure.person, request, step.signal), NEEDS, asking);
}

function pathOf({ person, ref }: Measure): string {
  return `/users/${seg(person)}/mailFolders/inbox/messageRules/${seg(ref)}`;
}
