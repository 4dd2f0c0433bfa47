import { useState } from 'react';
import type { Json } from '../shapes.ts';
import { list, text, words } from './slack-blocks.ts';

interface Props {
  readonly menu: Json;
  readonly onChoose: (choice: string) => void;
}

/** A menu as Slack has it: what is chosen is sent at once, and stands there until the menu is drawn anew. */
export function SlackMenu({ menu, onChoose }: Props) {
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = picked ?? text((menu['initial_option'] as Json | undefined)?.['value']);
  const label = words(menu['placeholder']);
  const choose = (choice: string) => {
    setPicked(choice);
    onChoose(choice);
  };
  return (
    <div className="slack-input">
      <select aria-label={label} value={chosen} onChange={(event) => choose(event.target.value)}>
        {chosen === '' && (
          <option value="" disabled>
            {label}
          </option>
        )}
        {list(menu['options']).map((option) => (
          <option key={text(option['value'])} value={text(option['value'])}>
            {words(option['text'])}
          </option>
        ))}
      </select>
    </div>
  );
}
