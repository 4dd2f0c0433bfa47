import { describe, expect, it } from 'vitest';
import { createMailFiles } from '../../src/adapters/eml/apart.ts';
import { mailFilesHere } from '../support/mail-files.ts';
import { mail } from '../support/mails.ts';

/** A mail file of somebody is read beside everything else: whatever it is made of, nobody waits for it for long. */

const ABOUT = { now: '2026-11-20T08:00:00.000Z', to: ['ann@contoso.example'] };

describe('a mail file, read in a thread of its own', () => {
  it('says the same as one that is read here', async () => {
    const bytes = mail();
    const apart = await createMailFiles().toAlert(bytes, ABOUT);
    expect(apart).toEqual(await mailFilesHere.toAlert(bytes, ABOUT));
    expect(apart).toMatchObject({ alert: { message: { internetMessageId: '<one@mailer.example>' } } });
  });

  it('that is none has a reason in words', async () => {
    const zip = Buffer.from('504b0304140000000800', 'hex');
    expect(await createMailFiles().toAlert(zip, ABOUT)).toEqual({
      problem: 'the file is not a mail: it has none of the usual headers',
    });
  });

  it('that takes too long is given up', async () => {
    const files = createMailFiles({ withinMs: 1 });
    expect(await files.toAlert(mail(), ABOUT)).toEqual({
      problem: 'it could not be read in the time that there is for one',
    });
  });

  it('that takes too much memory breaks its thread and nothing else', async () => {
    const files = createMailFiles({ memoryMb: 4 });
    expect(await files.toAlert(mail({}, 'x'.repeat(20_000_000)), ABOUT)).toEqual({
      problem: 'it is too large or too broken to be read',
    });
  });
});
