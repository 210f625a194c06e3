import type { SyncFacts } from "./banner_view.ts";

/** What the watch works with; a test gives its own. */
export interface SyncWatchOptions {
  /** Slug of the workspace. */
  workspace: string;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** A page that nobody looks at asks nothing. */
  isVisible: () => boolean;
  onFacts: (facts: SyncFacts) => void;
  /** The portal did not answer, or not with what it was asked for. */
  onSilence: () => void;
  /** The page was fetched in advance: the first question says that somebody has opened it. */
  isAhead?: boolean;
}

/** Asks for the state of the syncs. Where it gets no answer, what was known stays. */
export interface SyncWatch {
  poll(): Promise<void>;
  /** Drops the answer that is under way and asks no more. */
  stop(): void;
}

/** Watches the syncs of one workspace through the status endpoint; whoever made it decides when to poll. */
export function createSyncWatch(
  { workspace, fetch, isVisible, onFacts, onSilence, isAhead }:
    SyncWatchOptions,
): SyncWatch {
  const abort = new AbortController();
  let polling = false;
  return {
    async poll() {
      if (polling || abort.signal.aborted || !isVisible()) return;
      polling = true;
      try {
        const answer = await fetch(
          `/api/sync/status?w=${encodeURIComponent(workspace)}`,
          {
            signal: abort.signal,
            ...isAhead && { headers: { "x-opened": "ahead" } },
          },
        );
        isAhead = false;
        // The session ended, or the workspace is gone: asking again would not help.
        if (answer.status >= 400 && answer.status < 500) abort.abort();
        else if (answer.ok) onFacts(await answer.json());
        else onSilence();
      } catch {
        // The age goes on, the next poll may pass; a page that is being left says nothing.
        if (!abort.signal.aborted) onSilence();
      } finally {
        polling = false;
      }
    },
    stop: () => abort.abort(),
  };
}
