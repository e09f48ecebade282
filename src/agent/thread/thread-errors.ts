/** There is no such thread, or nothing that can be gone on with. */
export class ThreadNotFound extends Error {
  override readonly name = 'ThreadNotFound';
}

/** Somebody else writes this thread now, or has written it since it was read. */
export class ThreadInUse extends Error {
  override readonly name = 'ThreadInUse';
  /** Who has it open; `another`: it was closed again, after it was read here. */
  readonly by: 'stethos' | 'codex' | 'another';

  constructor(threadId: string, by: ThreadInUse['by']) {
    super(
      by === 'another'
        ? `thread ${threadId} was continued by another process`
        : `thread ${threadId} is open in another ${by} process`,
    );
    this.by = by;
  }
}
