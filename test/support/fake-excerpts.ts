import type { MailText } from '../../src/core/tell/excerpt.ts';
import type { Excerpts } from '../../src/ports/excerpts.ts';
import type { FakeMail } from './fake-mail.ts';

/** What mails say, for tests of the flow: every copy that is there says the same. */
export interface FakeExcerpts extends Excerpts {
  says: MailText;
  /** Mailboxes that were read in, in order. */
  readonly read: string[];
}

export function createFakeExcerpts(mail: Pick<FakeMail, 'copies'>): FakeExcerpts {
  const fake: FakeExcerpts = {
    says: { type: 'text', content: 'Your invoice is overdue.' },
    read: [],
    async text({ mailbox, message }) {
      fake.read.push(mailbox);
      const isThere = mail.copies.some((copy) => copy.mailbox === mailbox && copy.message === message);
      return isThere
        ? { status: 'ok', text: fake.says, requestId: 'request' }
        : { status: 'not read', detail: '404 ErrorItemNotFound', requestId: 'request' };
    },
  };
  return fake;
}
