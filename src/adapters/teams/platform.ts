import type { PlatformName } from '../../ports/rooms.ts';

export const TEAMS: PlatformName = { platform: 'teams', name: 'Teams' };
