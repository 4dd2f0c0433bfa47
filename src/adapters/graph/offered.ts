import type { Ability } from '../../ports/ability.ts';
import type { EffectName } from '../../ports/effects.ts';
import type { Reader } from '../../ports/reader.ts';
import { CLOUD_NAMES, type Cloud } from '../microsoft/clouds.ts';

/** What Microsoft offers in which of its clouds, as the page of each operation says (learn.microsoft.com/graph/api). */

type Operation = keyof Reader['can'] | EffectName;

const EVERYWHERE: Readonly<Record<Cloud, Ability>> = {
  global: 'yes',
  usGov: 'yes',
  usGovHigh: 'yes',
  china: 'yes',
  another: 'yes',
};

const noHardDeleteIn = (cloud: keyof typeof CLOUD_NAMES): Ability => ({
  no: `Microsoft 365 (${CLOUD_NAMES[cloud]}) has no way to delete a mail for good`,
});

const OFFERED: Readonly<Record<Operation, Readonly<Record<Cloud, Ability>>>> = {
  locate: EVERYWHERE,
  read: EVERYWHERE,
  softDelete: EVERYWHERE,
  hardDelete: {
    global: 'yes',
    usGov: noHardDeleteIn('usGov'),
    usGovHigh: noHardDeleteIn('usGovHigh'),
    china: noHardDeleteIn('china'),
    another: 'yes',
  },
  toJunk: EVERYWHERE,
  mark: EVERYWHERE,
  putBack: EVERYWHERE,
};

export function offeredIn(cloud: Cloud, operation: Operation): Ability {
  return OFFERED[operation][cloud];
}
