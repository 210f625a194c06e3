/** Where a session went when it was let in the last time. */
export interface SessionHint {
  userId: string;
  /** The workspace that it named, and the tenant behind it. */
  slug: string;
  tenantId: string;
}

/** Sessions that are remembered; some 200 bytes each. */
const MOST = 10_000;

/**
 * What a process remembers of sessions, so that the rows of the next request can be read at once and not one after
 * the other. It says which keys to read and nothing else: whoever reads by it holds the rows against each other and
 * goes the long way where they differ. The session used least lately is forgotten first.
 */
export class SessionHints {
  readonly #hints = new Map<string, SessionHint>();

  constructor(private readonly most = MOST) {}

  get(tokenHash: string): SessionHint | undefined {
    return this.#hints.get(tokenHash);
  }

  set(tokenHash: string, hint: SessionHint): void {
    this.#hints.delete(tokenHash);
    this.#hints.set(tokenHash, hint);
    if (this.#hints.size <= this.most) return;
    for (const oldest of this.#hints.keys()) {
      this.#hints.delete(oldest);
      return;
    }
  }

  delete(tokenHash: string): void {
    this.#hints.delete(tokenHash);
  }
}
