import type { Push, SourceVendor } from '../../ports/source.ts';
import { abnormal } from './abnormal/abnormal.ts';
import { clawback } from './clawback/clawback.ts';
import { defender } from './defender/defender.ts';
import { generic } from './generic/generic.ts';
import { proofpoint } from './proofpoint/proofpoint.ts';
import { reportMailbox } from './report-mailbox/report-mailbox.ts';
import { sublime } from './sublime/sublime.ts';
import { submissions } from './submissions/submissions.ts';

/** Every vendor whose alerts are taken in, by the name that `sources:` of clawback.yaml has for it. */
const VENDORS = {
  clawback,
  generic,
  sublime,
  defender,
  abnormal,
  proofpoint,
  submissions,
  'report-mailbox': reportMailbox,
} as const satisfies Readonly<Record<string, SourceVendor>>;

export type VendorName = keyof typeof VENDORS;
export const VENDOR_NAMES = Object.keys(VENDORS) as [VendorName, ...VendorName[]];

/** For sources that name none, for the command line, and for whoever signs a stop. */
export const DEFAULT_VENDOR = 'clawback' satisfies VendorName;

export function vendorOf(name: VendorName): SourceVendor {
  return VENDORS[name];
}

export const DEFAULT_PUSH: Push = VENDORS[DEFAULT_VENDOR].push;
