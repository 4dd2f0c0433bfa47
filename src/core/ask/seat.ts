import { z } from 'zod';
import { roleName } from './condition.ts';

/** So many different people who hold this role. One person fills one seat. */
export const Seat = z.strictObject({ role: roleName(), count: z.int().min(1).max(10).default(1) });
export const seats = () => z.array(Seat).min(1).max(5);

/** The role of everybody in the `approvers` list of clawback.yaml; there without being defined. */
export const APPROVER = 'approver';
