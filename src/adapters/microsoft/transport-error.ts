/** What becomes of a request that nobody answers. */

/** No answer came. `sent` false: certainly nothing left this machine. */
export class TransportError extends Error {
  readonly sent: boolean;
  constructor(sent: boolean, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'TransportError';
    this.sent = sent;
  }
}

/** Certainly not sent: whoever asked for it may not act any more. */
export class TimeIsUp extends TransportError {
  constructor() {
    super(false, 'the time to act was over before it could be sent');
    this.name = 'TimeIsUp';
  }
}
