import { effectsContract } from '../contract/effects.ts';
import { evidenceContract } from '../contract/evidence.ts';
import { finderContract } from '../contract/finder.ts';
import { type MailWorld, type Person, PHISH } from '../contract/mail-world.ts';
import { readerContract } from '../contract/reader.ts';
import { createFakeEvidence, type FakeEvidence } from '../support/fake-evidence.ts';
import { createFakeMail } from '../support/fake-mail.ts';

/** The mail in memory that the tests of the flow use keeps the same promises as the real one. */
function memoryWorld(): Promise<MailWorld & { readonly evidence: FakeEvidence }> {
  const mail = createFakeMail({ hunting: 'delivered' });
  const open = (name: string): Person => ({
    address: `${name}@contoso.com`,
    mailbox: mail.open(`${name}@contoso.com`),
  });
  const people = Array.from({ length: 25 }, (_, n) => open(`person${n}`));
  const closed = open('closed');
  const boxless = open('boxless');
  const always = (mailbox: string, status: 'denied' | 'unreachable') =>
    mail.trouble.push({ method: 'locate', mailbox, answer: { status, detail: status }, always: true });
  always(closed.mailbox, 'denied');
  always(boxless.mailbox, 'unreachable');
  const evidence = createFakeEvidence(mail);
  evidence.says = {
    headers: [{ name: 'Message-ID', value: PHISH.internetMessageId }],
    mime: `Message-ID: ${PHISH.internetMessageId}\r\n\r\nhello\r\n`,
  };
  return Promise.resolve({
    finder: mail.finder,
    reader: mail,
    effects: mail,
    evidence,
    people,
    shared: open('shared'),
    closed: closed.address,
    withoutMailbox: boxless.address,
    nobody: 'nobody@contoso.com',
    deliver: ({ address }, delivery) => {
      mail.put(address, delivery);
      return Promise.resolve();
    },
    erase: ({ message }) => {
      mail.copies.splice(
        mail.copies.findIndex((copy) => copy.message === message),
        1,
      );
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
}

finderContract('the mail in memory', memoryWorld);
readerContract('the mail in memory', memoryWorld);
effectsContract('the mail in memory', memoryWorld);
evidenceContract('the mail in memory', memoryWorld);
