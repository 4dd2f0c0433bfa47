import type { MouseEvent } from 'react';
import { type Block, Message } from 'slack-blocks-to-jsx';
import type { Json } from '../shapes.ts';
import { openOurPage } from './our-pages.ts';
import { elementOf } from './slack-blocks.ts';
import type { Theme } from './teams-look.ts';

interface Props {
  readonly blocks: readonly Json[];
  readonly theme: Theme;
  /** An element with an action_id was pressed. */
  readonly onPress: (element: Json) => void;
}

/**
 * Blocks as slack-blocks-to-jsx draws them. It draws buttons, but where a press goes is up to its user: presses are
 * caught here, before the renderer's own handlers. A button carries its action_id as its id.
 */
export function SlackBlocks({ blocks, theme, onPress }: Props) {
  const caught = (event: MouseEvent) => {
    const target = event.target as Element;
    const link = target.closest('a');
    if (link) {
      event.preventDefault();
      openOurPage(link.href);
      return;
    }
    const button = target.closest('button.slack_blocks_to_jsx__button_element');
    const element = button ? elementOf(blocks, button.id) : null;
    if (!element) return;
    event.preventDefault();
    event.stopPropagation();
    onPress(element);
  };
  return (
    <div className="slack-blocks" onClickCapture={caught}>
      <Message blocks={blocks as unknown as Block[]} theme={theme} name="Clawback" logo="" withoutWrapper />
    </div>
  );
}
