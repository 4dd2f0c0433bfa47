import { type FormEvent, useState } from 'react';
import type { Json, SlackOwn } from '../shapes.ts';
import { Dialog } from './dialog.tsx';
import { list, menusOf, text, words } from './slack-blocks.ts';
import { SlackMenu } from './slack-menu.tsx';
import { SlackBlocks } from './slack-message.tsx';
import type { Theme } from './teams-look.ts';

/** A button's `confirm` object, as Slack asks before it sends the press. */
export function ConfirmDialog(props: {
  readonly confirm: Json;
  readonly onConfirm: () => void;
  readonly onDeny: () => void;
}) {
  const { confirm, onConfirm, onDeny } = props;
  const title = words(confirm['title']);
  return (
    <Dialog className="slack-dialog" label={title} onClose={onDeny}>
      <h3>{title}</h3>
      <p>{words(confirm['text'])}</p>
      <div className="dialog-buttons">
        <button type="button" className="slack-button" onClick={onDeny}>
          {words(confirm['deny'])}
        </button>
        <button
          type="button"
          className={`slack-button ${confirm['style'] === 'danger' ? 'danger' : 'primary'}`}
          onClick={onConfirm}
        >
          {words(confirm['confirm'])}
        </button>
      </div>
    </Dialog>
  );
}

interface ModalProps {
  readonly modal: Json;
  readonly errors: SlackOwn['modalErrors'];
  readonly theme: Theme;
  /** `choose`: what was chosen in a menu; empty for a button. */
  readonly onPress: (actionId: string, choose: string, values: Record<string, string>) => void;
  /** Values by action_id. */
  readonly onSubmit: (values: Record<string, string>) => Promise<void>;
  readonly onClose: () => void;
}

/** A view: inputs of our own in Slack's manner, everything else as the renderer draws it. */
export function SlackModal({ modal, errors, theme, onPress, onSubmit, onClose }: ModalProps) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [isBusy, setIsBusy] = useState(false);
  const title = words(modal['title']);
  const blocks = list(modal['blocks']);
  const hasSubmit = modal['submit'] !== null && modal['submit'] !== undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const empty = blocks.filter((block) => isRequired(block) && (values[actionOf(block)] ?? '') === '');
    setMissing(empty.map((block) => text(block['block_id'])));
    if (empty.length > 0) return;
    setIsBusy(true);
    void onSubmit(values).finally(() => setIsBusy(false));
  };
  return (
    <Dialog className="slack-dialog slack-modal" label={title} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <h3>{title}</h3>
        <div className="slack-modal-body">
          {blocks.map((block, index) => {
            const id = text(block['block_id']) || String(index);
            const [menu] = menusOf(block);
            if (menu)
              return (
                <SlackMenu
                  key={id}
                  menu={menu}
                  onChoose={(choice) => onPress(text(menu['action_id']), choice, values)}
                />
              );
            if (block['type'] !== 'input') {
              const press = (element: Json) => onPress(text(element['action_id']), '', values);
              return <SlackBlocks key={id} blocks={[block]} theme={theme} onPress={press} />;
            }
            const action = actionOf(block);
            return (
              <InputBlock
                key={id}
                block={block}
                value={values[action] ?? text((block['element'] as Json | undefined)?.['initial_value'])}
                error={missing.includes(id) ? 'Please complete this required field.' : (errors[id] ?? '')}
                onChange={(value) => setValues({ ...values, [action]: value })}
              />
            );
          })}
        </div>
        <div className="dialog-buttons">
          <button type="button" className="slack-button" onClick={onClose}>
            {words(modal['close']) || 'Close'}
          </button>
          {hasSubmit && (
            <button type="submit" className="slack-button primary" disabled={isBusy}>
              {words(modal['submit'])}
            </button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function actionOf(block: Json): string {
  return text((block['element'] as Json | undefined)?.['action_id']);
}

function isRequired(block: Json): boolean {
  return block['type'] === 'input' && block['optional'] !== true;
}

function InputBlock(props: {
  readonly block: Json;
  readonly value: string;
  readonly error: string;
  readonly onChange: (value: string) => void;
}) {
  const { block, value, error, onChange } = props;
  const element = (block['element'] ?? {}) as Json;
  const id = `slack-input-${text(element['action_id'])}`;
  const field = {
    id,
    value,
    'aria-invalid': error !== '',
    'aria-describedby': error === '' ? undefined : `${id}-error`,
    maxLength: Number(element['max_length'] ?? 3000),
  };
  return (
    <div className="slack-input">
      <label htmlFor={id}>{words(block['label'])}</label>
      {element['multiline'] === true ? (
        <textarea rows={3} {...field} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input type="text" {...field} onChange={(event) => onChange(event.target.value)} />
      )}
      {error !== '' && (
        <p className="slack-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
