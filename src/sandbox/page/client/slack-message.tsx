import { Fragment, type MouseEvent } from 'react';
import { type Block, Message } from 'slack-blocks-to-jsx';
import type { Json } from '../shapes.ts';
import { openOurPage } from './our-pages.ts';
import { elementOf, portionsOf, text } from './slack-blocks.ts';
import { SlackMenu } from './slack-menu.tsx';
import type { Theme } from './teams-look.ts';

interface Props {
  readonly blocks: readonly Json[];
  readonly theme: Theme;
  /** An element with an action_id was pressed. `choice`: what was chosen in a menu; empty for a button. */
  readonly onPress: (element: Json, choice: string) => void;
}

/**
 * Blocks as slack-blocks-to-jsx draws them. It draws buttons, but where a press goes is up to its user: presses are
 * caught here, before the renderer's own handlers. A button carries its action_id as its id. Menus are our own: the renderer
 * keeps to itself what was chosen in one of its.
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
    onPress(element, '');
  };
  return (
    <div className="slack-blocks" onClickCapture={caught}>
      {portionsOf(blocks).map((portion) => (
        <Fragment key={portion.key}>
          <Message blocks={portion.blocks as unknown as Block[]} theme={theme} name="Clawback" logo="" withoutWrapper />
          {portion.menus.map((menu) => (
            <SlackMenu key={text(menu['action_id'])} menu={menu} onChoose={(choice) => onPress(menu, choice)} />
          ))}
        </Fragment>
      ))}
    </div>
  );
}
