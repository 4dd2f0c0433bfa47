import { TakenAlert } from '../../../core/find/alert.ts';
import { documentOf, remembering } from './document.ts';

/** `incident.alert`: what was heard of the mail, over all its alerts. */
export const alertDocument = remembering(documentOf<TakenAlert>('alert', TakenAlert));
