import { createVault } from '../../src/adapters/store/vault.ts';
import type { HeaderLine } from '../../src/core/find/mail-form.ts';
import type { Target } from '../../src/core/find/plan.ts';
import type { Got, Keeping, MailEvidence } from '../../src/ports/evidence.ts';
import type { FakeMail } from './fake-mail.ts';

/** What mails were sent as, for tests of the flow: every copy that is there says the same. */
export interface FakeEvidence extends MailEvidence {
  says: { headers: readonly HeaderLine[]; mime: string };
  /** What the next readings come to in place of that, by mailbox. */
  readonly trouble: Map<string, Exclude<Got<never>, { readonly status: 'ok' }>>;
  /** What was read, in order: `headers mailbox` or `mime mailbox`. */
  readonly read: string[];
}

export function createFakeEvidence(mail: Pick<FakeMail, 'copies'>): FakeEvidence {
  function answer<T>(kind: string, { mailbox, message }: Target, value: T): Got<T> {
    fake.read.push(`${kind} ${mailbox}`);
    const trouble = fake.trouble.get(mailbox);
    if (trouble) return trouble;
    const isThere = mail.copies.some((copy) => copy.mailbox === mailbox && copy.message === message);
    return isThere
      ? { status: 'ok', value, requestId: 'request' }
      : { status: 'absent', detail: '404 ErrorItemNotFound', requestId: 'request' };
  }
  const fake: FakeEvidence = {
    says: {
      headers: [
        { name: 'Received', value: 'from mailer.example' },
        { name: 'Message-ID', value: '<wave-1@mailer.example>' },
      ],
      mime: 'Message-ID: <wave-1@mailer.example>\r\n\r\nYour invoice is overdue.\r\n',
    },
    trouble: new Map(),
    read: [],
    headers: async (target) => answer('headers', target, fake.says.headers),
    async mime(target, mostBytes) {
      const got = answer('mime', target, new TextEncoder().encode(fake.says.mime));
      return got.status === 'ok' && got.value.length > mostBytes
        ? { status: 'too large', detail: 'too many bytes', requestId: 'request' }
        : got;
    },
  };
  return fake;
}

/** 32 bytes, the same each time. */
const EVIDENCE_KEY = Buffer.alloc(32, 7).toString('base64');

export function keeping(keeps: Keeping['keeps'], change: Partial<Keeping> = {}): Keeping {
  const key = keeps === 'headers and MIME' ? EVIDENCE_KEY : null;
  return { keeps, days: 90, headerBytes: 1_000, mimeBytes: 1_000, vault: createVault(key), ...change };
}
