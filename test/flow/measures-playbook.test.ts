import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MeasureKind } from '../../src/core/measure/measure.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';
import {
  GRANT,
  IMAGES,
  knowsPeople,
  MAIL_RULE,
  measuresOf,
  measuring,
  ofAccount,
  policyOf,
  RULE,
} from './measuring.ts';
import { inSlack, inTeams, MINUTE, policyWith, ruleFor } from './telling.ts';

/** Several measures together: one decision, each with an end of its own, and what was left open is never called contained. */

let night: Night;
const { service, found, measures, asUsual } = measuresOf();
const { asked, list, pressList, shows, outcomes, say, lands, cardsShow } = measuring(() => night);

beforeAll(async () => {
  night = await startNight({ policy: policyOf(), measures });
  knowsPeople(night);
});
afterAll(() => night.close());
beforeEach(async () => {
  asUsual();
  found.measures = [RULE, GRANT];
  await night.govern(TAKEOVER);
});

const KINDS: readonly MeasureKind[] = ['revoke-sessions', 'disable-account', 'rule-off', 'revoke-grant'];
const TAKEOVER = policyOf({ approver: 1 }, { playbooks: [{ name: 'suspected-takeover', measures: KINDS }] });
const WANTED = 'suspected-takeover ann@contoso.example because her account sends mail';

describe('a playbook', () => {
  it('is one card, one decision, and one end for each of its measures', async () => {
    const { id, incident } = await asked(WANTED);
    expect(list(id)?.asked).toBe('Dana asks for “suspected-takeover”, 4 measures: her account sends mail');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    expect(await outcomes(incident)).toEqual(KINDS.map((kind) => `apply ${kind}: done`));
  });

  it('one that fails does not hide behind the others, and does not keep them', async () => {
    const { id, incident } = await asked(WANTED);
    service.once('effect', 'disable-account', { is: 'refused', why: 'the directory is read-only today' });
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Done in part');
    expect(await outcomes(incident)).toEqual([
      'apply revoke-sessions: done',
      'apply disable-account: refused',
      'apply rule-off: done',
      'apply revoke-grant: done',
    ]);
    expect(list(id)?.status).toBe('3 of 4 measures seen to hold. Look at 2: not as it was asked for.');
    expect(list(id)?.measures.map(({ isBad }) => isBad)).toEqual([false, true, false, false]);
  });

  it('takes everybody whom one of its rules asks for', async () => {
    await night.govern(
      policyWith(
        [
          MAIL_RULE,
          ruleFor(['disable-account'], { lead: 1 }),
          ruleFor(['revoke-sessions', 'rule-off', 'revoke-grant'], { approver: 1 }),
        ],
        {
          playbooks: [{ name: 'suspected-takeover', measures: KINDS }],
          roles: { lead: { people: ['11111111-0000-4000-8000-000000000003'] } },
        },
      ),
    );
    const { id } = await asked(WANTED);
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ counted: 1, needed: 2 });
    expect(await pressList(id, inTeams('lena'), 'measures-apply')).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Contained');
  });

  it('is for the mails that the policy means it for', async () => {
    const when = { severity: ['critical'] };
    await night.govern(
      policyOf({ approver: 1 }, { playbooks: [{ name: 'suspected-takeover', measures: KINDS, when }] }),
    );
    const { id } = await lands();
    const said = await say(inSlack('dana'), `contain ${id} ${WANTED}`);
    expect(said).toMatchObject({ code: 'measures-not-understood', problem: { is: 'not-meant' } });
  });

  it('stands on the card of the incident too', async () => {
    const { id, incident } = await asked(WANTED);
    await cardsShow(incident, 'its list', ({ warnings }) =>
      warnings.some(({ text }) => text.includes(`${id}, approval`)),
    );
  });

  it('is not taken for another word', async () => {
    const { id } = await lands();
    const said = await say(inSlack('dana'), `contain ${id} suspected-takeovers ann@contoso.example because of it`);
    expect(said).toMatchObject({ code: 'measures-not-understood', problem: { is: 'word' } });
  });
});

describe('what only an administrator can do', () => {
  const line = `Set-Mailbox -Identity 'ann@contoso.example' -ForwardingSmtpAddress $null`;

  it('stands on the card as one exact line, and nothing is called contained before a look no longer finds it', async () => {
    found.measures = [RULE];
    found.byHand = [{ address: 'ann@contoso.example', line, isFound: true }];
    const { id } = await asked('found ann@contoso.example because she clicked');
    expect(list(id)?.byHand[0]?.command).toBe(line);
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Done, and more is needed');
    found.byHand = [];
    await night.flow.store.transact(async (tx) => {
      await tx.cards.touch(id, true);
      for (const platform of ['slack', 'teams']) await tx.jobs.send({ queue: 'deliver', incident: '', platform });
    });
    await shows(id, 'Contained');
  });

  it('may be asked for, quoted so that nothing in an address is run, and is never called done', async () => {
    found.measures = [];
    const { id } = await asked('revoke-sessions reset-password ann@contoso.example because she clicked');
    expect(list(id)?.byHand[0]?.command).toMatch(/^Update-MgUser -UserId 'ann@contoso\.example' /);
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Done, and more is needed');
    expect(list(id)?.byHand[0]?.text).toContain('nobody sees from here whether it was run');
  });
});

describe('what takes its time', () => {
  it('an effect that shows late is waited for, and asked for once', async () => {
    service.late('mark-compromised', 2);
    const sent = service.sent.length;
    const { id } = await asked('mark-compromised ann@contoso.example because she clicked');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    expect(service.sent).toHaveLength(sent + 1);
    service.late('mark-compromised', 0);
  });

  it('an answer that is lost is looked for before anything is asked again', async () => {
    service.once('effect', 'disable-account', { is: 'lost' });
    const sent = service.sent.length;
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    expect(service.sent).toHaveLength(sent + 1);
    expect(await outcomes(incident)).toEqual(['apply disable-account: done']);
  });

  it('a service that asks to wait is waited for', async () => {
    service.once('effect', 'disable-account', { is: 'throttled', retryAfterMs: 50 });
    service.once('look', 'disable-account', { is: 'throttled', retryAfterMs: 50 });
    const { id } = await asked('disable-account ann@contoso.example because she clicked');
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Contained');
    expect(service.now(ofAccount('disable-account'))).toMatchObject({ accountEnabled: false });
  });
});

describe('stopping and ending', () => {
  it('while Clawback is stopped nothing is approved, and what was approved stands still', async () => {
    const { id } = await asked('disable-account ann@contoso.example because she clicked');
    await say(inSlack('omar'), 'stop a drill');
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'stopped' });
    await say(inSlack('omar'), 'lift');
    await say(inTeams('lena'), 'lift');
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'measures-begun' });
    await shows(id, 'Contained');
  });

  it('nobody decides in time: it says so, and nothing is done', async () => {
    const { id, incident } = await asked('disable-account ann@contoso.example because she clicked');
    night.clock.now += 61 * MINUTE;
    expect(await pressList(id, inTeams('omar'), 'measures-apply')).toMatchObject({ code: 'not-shown' });
    await night.run({ queue: 'measures', list: id });
    await shows(id, 'Nobody decided in time');
    expect(await outcomes(incident)).toEqual([]);
  });

  it('what was ended leaves the rest alone, and what was done can be put back', async () => {
    const { id, incident } = await asked(WANTED);
    let ends: Promise<unknown> | null = null;
    const { apply } = service;
    service.apply = async (measure, image, step) => {
      ends ??= pressList(id, inTeams('lena'), 'measures-cancel');
      await ends;
      return apply(measure, image, step);
    };
    await pressList(id, inTeams('omar'), 'measures-apply');
    await shows(id, 'Done in part');
    service.apply = apply;
    expect(await outcomes(incident)).toEqual([
      'apply revoke-sessions: done',
      'apply disable-account: cancelled',
      'apply rule-off: cancelled',
      'apply revoke-grant: cancelled',
    ]);
    expect(service.now(RULE)).toEqual(IMAGES.rule);
  });
});
