/** What nobody documents: each can be set either way, and is as awkward as it may be unless somebody says otherwise. */
export interface Beliefs {
  /** A flag written by its status alone loses its dates. */
  readonly flagForgetsDates: boolean;
  /** What lies in Purges is still given out by its immutable id. */
  readonly purgesReadable: boolean;
  /** What lies in Recoverable Items is not deleted for good: 403 ErrorCannotDeleteObject. */
  readonly deletionsLocked: boolean;
  /** The limit of 4 under way holds for an app over all mailboxes, inside a batch as outside; else for each mailbox. */
  readonly fourInAll: boolean;
  /** A folder that an app deletes keeps its id, below Deleted Items; else it is gone, and its mail is in Deleted Items. */
  readonly deletedFolderKept: boolean;
  /** A mail that an app makes gets a Message-ID of the service's own. */
  readonly newMessageId: boolean;
  /** The account of somebody with a role in the directory is switched by no app: 403 Authorization_RequestDenied. */
  readonly rolesAreSafe: boolean;
  /** A consent that is given again has another id; else the one that app, resource and person make. */
  readonly newGrantId: boolean;
  /** A calendar entry in Deleted Items is still given out by its id, and by the invitation that made it. */
  readonly deletedEventReadable: boolean;
  /** Identities are written as in the examples of the documentation (`provider`: `EntraID`) and not as in its tables. */
  readonly identityAsInExamples: boolean;
  /** Defender for Identity names what it could do to an account of Entra, and refuses all of it. */
  readonly entraActionsRefused: boolean;
  /** A search of the audit log ends as failed. */
  readonly auditSearchFails: boolean;
}

export const AWKWARD: Beliefs = {
  flagForgetsDates: true,
  purgesReadable: true,
  deletionsLocked: false,
  fourInAll: false,
  deletedFolderKept: true,
  newMessageId: false,
  rolesAreSafe: true,
  newGrantId: true,
  deletedEventReadable: true,
  identityAsInExamples: true,
  entraActionsRefused: true,
  auditSearchFails: false,
};
