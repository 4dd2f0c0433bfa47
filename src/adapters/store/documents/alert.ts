import { TakenAlert } from '../../../core/find/alert.ts';
import { documentOf } from './document.ts';

/** `incident.alert`: what was heard of the mail, over all its alerts. */
export const alertDocument = documentOf<TakenAlert>('alert', TakenAlert);
