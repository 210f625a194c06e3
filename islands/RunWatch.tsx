import { useEffect, useState } from "preact/hooks";
import { AdminRunProgress } from "../components/AdminRunProgress.tsx";
import type { RunWatchView } from "../components/run_watch.ts";

export interface RunWatchProps {
  /** What the server knew. */
  view: RunWatchView;
  /** Where the page asks how it stands now. */
  asks: string;
}

const POLL_MS = 2_000;

/** Keeps the progress of a sync right while it is looked at, and shows the whole run when it is over. */
export default function RunWatch({ view: given, asks }: RunWatchProps) {
  const [view, setView] = useState(given);

  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    const poll = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const answer = await fetch(asks, { signal });
        // The session ended, or the run is gone: asking again would not help.
        if (answer.redirected || answer.status >= 400 && answer.status < 500) {
          return clearInterval(timer);
        }
        if (!answer.ok) return;
        const next: RunWatchView = await answer.json();
        if (next.underWay && next.href === given.href) return setView(next);
        clearInterval(timer);
        location.replace(next.href);
      } catch {
        // Offline, or the page is being left: the next poll may pass.
      }
    };
    const timer = setInterval(poll, POLL_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, []);

  return <AdminRunProgress view={view} />;
}
