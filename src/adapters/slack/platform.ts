import type { PlatformName } from '../../ports/rooms.ts';

export const SLACK: PlatformName = { platform: 'slack', name: 'Slack' };
