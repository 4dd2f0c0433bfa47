import { useState } from 'react';
import type { Json, SlackSection } from '../shapes.ts';
import { ChatFrame, clock, Said } from './chat-frame.tsx';
import type { Viewer } from './perform.ts';
import { list, text } from './slack-blocks.ts';
import { ConfirmDialog, SlackModal } from './slack-dialogs.tsx';
import { SlackBlocks } from './slack-message.tsx';

interface Asked {
  readonly ts: string;
  readonly action: string;
  readonly confirm: Json;
}

export function SlackChat({
  persona,
  theme,
  perform,
  section,
  channel,
}: Viewer & { readonly section: SlackSection; readonly channel: string }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const own = section.own[persona] ?? { ephemerals: [], modal: null, modalErrors: {}, trouble: [] };
  const shown = [
    ...section.messages.map((message) => ({ ...message, isMine: false })),
    ...own.ephemerals.map((message) => ({ ...message, isMine: true })),
  ].sort((a, b) => Number(a.ts) - Number(b.ts));
  const press = (ts: string, element: Json, choose: string) => {
    const action = text(element['action_id']);
    const confirm = element['confirm'];
    if (typeof confirm === 'object' && confirm !== null) setAsked({ ts, action, confirm: confirm as Json });
    else void perform({ do: 'slack.click', as: persona, ts, action, choose });
  };
  const complaint = own.trouble.at(-1);
  return (
    <ChatFrame
      id="slack"
      product="Slack"
      place={`# ${channel}`}
      lastKey={`${persona} ${shown.at(-1)?.ts ?? ''} ${own.trouble.length} ${offered(shown.at(-1)?.blocks)}`}
      placeholder="status, incident CB-…, help"
      onSay={(said) => perform({ do: 'slack.say', as: persona, words: said })}
    >
      {shown.length === 0 && <p className="chat-empty">Nothing yet. Clawback posts here when it has looked.</p>}
      {shown.map(({ ts, blocks, isMine, text: plain }) => (
        <Said
          key={ts}
          author="Clawback"
          isApp
          time={clock(Number(ts) * 1000)}
          {...(isMine ? { whisper: 'Only visible to you' } : {})}
        >
          {blocks.length > 0 ? (
            <SlackBlocks
              // What somebody has chosen and what became of it is theirs.
              key={persona}
              blocks={blocks}
              theme={theme}
              onPress={(element, choice) => press(ts, element, choice)}
            />
          ) : (
            <p>{plain}</p>
          )}
        </Said>
      ))}
      {complaint && (
        <Said author="Slackbot" isApp={false} time="" whisper="Only visible to you">
          <p>Clawback did not answer ({complaint}). Try again in a moment.</p>
        </Said>
      )}
      {asked && (
        <ConfirmDialog
          confirm={asked.confirm}
          onDeny={() => setAsked(null)}
          onConfirm={() => {
            setAsked(null);
            void perform({ do: 'slack.click', as: persona, ts: asked.ts, action: asked.action, choose: '' });
          }}
        />
      )}
      {own.modal && (
        <SlackModal
          key={text(own.modal['id'])}
          modal={own.modal}
          errors={own.modalErrors}
          theme={theme}
          onPress={(action, choose, values) =>
            void perform({ do: 'slack.modal.click', as: persona, action, choose, values })
          }
          onSubmit={(values) => perform({ do: 'slack.modal.submit', as: persona, values })}
          onClose={() => void perform({ do: 'slack.modal.close', as: persona })}
        />
      )}
    </ChatFrame>
  );
}

function offered(blocks: readonly Json[] = []): string {
  return blocks.flatMap(({ elements }) => list(elements).map((element) => text(element['action_id']))).join(' ');
}
