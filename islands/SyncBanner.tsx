import { useEffect, useState } from "preact/hooks";
import { bannerView, type SyncFacts } from "../components/banner_view.ts";
import { SyncStatusBanner } from "../components/SyncStatusBanner.tsx";
import { createSyncWatch } from "../components/sync_watch.ts";

export interface SyncBannerProps {
  workspace: string;
  timezone: string;
  facts: SyncFacts;
  /** When the server rendered the page, epoch milliseconds. */
  now: number;
}

const POLL_MS = 30_000;

/** Keeps the banner's age right, and turns it fresh when a new sync lands. */
export default function SyncBanner(props: SyncBannerProps) {
  const { workspace, timezone } = props;
  const [facts, setFacts] = useState(props.facts);
  const [now, setNow] = useState(props.now);

  useEffect(() => {
    // The server's clock decides how old the data is, also where this machine's is wrong.
    const skew = props.now - Date.now();
    const watch = createSyncWatch({
      workspace,
      fetch: (url, init) => fetch(url, init),
      isVisible: () => document.visibilityState === "visible",
      onFacts: setFacts,
    });
    const tick = () => {
      setNow(Date.now() + skew);
      watch.poll();
    };
    const timer = setInterval(tick, POLL_MS);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
      watch.stop();
    };
  }, []);

  const isNewer = facts.lastSyncAt !== props.facts.lastSyncAt;
  return (
    <SyncStatusBanner
      view={bannerView(facts, now, timezone)}
      newerHref={isNewer ? location.href : undefined}
    />
  );
}
