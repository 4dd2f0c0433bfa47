import { useEffect, useState } from 'react';
import type { MailboxView, MailView } from '../shapes.ts';
import { mailbox } from './ask.ts';
import { Dialog } from './dialog.tsx';

interface Props {
  readonly address: string;
  /** Changes when anything in the tenant has moved. */
  readonly stamp: string;
  readonly onClose: () => void;
}

/** One mailbox as its owner, and Recoverable Items as an administrator, would find it. */
export function MailboxDialog({ address, stamp, onClose }: Props) {
  const [view, setView] = useState<MailboxView | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stamp says when to look again
  useEffect(() => {
    let isGone = false;
    mailbox(address).then(
      (found) => !isGone && setView(found),
      () => !isGone && onClose(),
    );
    return () => {
      isGone = true;
    };
  }, [address, stamp]);
  return (
    <Dialog className="mailbox" label={`Mailbox of ${address}`} onClose={onClose}>
      <header>
        <h3>{address}</h3>
        <button type="button" className="quiet" onClick={onClose}>
          Close
        </button>
      </header>
      {(view?.folders ?? []).filter(isWorthShowing).map(({ name, isRecoverable, messages }) => (
        <section key={`${isRecoverable} ${name}`} className={isRecoverable ? 'folder recoverable' : 'folder'}>
          <h4>
            {isRecoverable ? `Recoverable Items › ${name}` : name} <span>{messages.length}</span>
          </h4>
          {messages.length > 0 && (
            <ul>
              {messages.map((mail) => (
                <Mail key={mail.id} mail={mail} />
              ))}
            </ul>
          )}
        </section>
      ))}
    </Dialog>
  );
}

function isWorthShowing({ name, isRecoverable, messages }: MailboxView['folders'][number]): boolean {
  return messages.length > 0 || isRecoverable || name === 'Inbox';
}

function Mail({ mail }: { readonly mail: MailView }) {
  const { subject, from, isRead, isFlagged, isAttack, categories } = mail;
  return (
    <li className={isRead ? 'mail' : 'mail unread'}>
      <p>
        <bdi>{subject}</bdi>
      </p>
      <p className="mail-from">
        <bdi>{from}</bdi>
      </p>
      <p className="tags">
        {isAttack && <span className="tag bad">the attack</span>}
        {!isRead && <span className="tag">unread</span>}
        {isFlagged && <span className="tag">flagged by its owner</span>}
        {categories.map((name) => (
          <span className="tag" key={name}>
            {name}
          </span>
        ))}
      </p>
    </li>
  );
}
