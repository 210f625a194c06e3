import { useEffect, useState } from "preact/hooks";
import { bannerView, type SyncFacts } from "../components/banner_view.ts";
import { momentText } from "../components/moment_text.ts";
import {
  type BannerNews,
  SyncStatusBanner,
} from "../components/SyncStatusBanner.tsx";
import { createSyncWatch } from "../components/sync_watch.ts";

export interface SyncBannerProps {
  workspace: string;
  timezone: string;
  facts: SyncFacts;
  /** When the server rendered the page, epoch milliseconds. */
  now: number;
}

const TICK_MS = 30_000;
/** Who only passes through a page need not be told of anything. */
const LISTEN_AFTER_MS = 2_000;

/** Whether the browser had fetched this page before it was opened; it says so where it does that. */
function isFetchedAhead(): boolean {
  const [entry] = performance.getEntriesByType("navigation");
  return entry !== undefined && "deliveryType" in entry &&
    entry.deliveryType === "navigational-prefetch";
}

/**
 * Keeps the banner's age right, hears of a sync that has ended and puts its figures into the page. Where the
 * portal tells nothing by itself, it is asked now and then.
 */
export default function SyncBanner(props: SyncBannerProps) {
  const { workspace, timezone } = props;
  const [facts, setFacts] = useState(props.facts);
  const [now, setNow] = useState(props.now);
  const [silence, setSilence] = useState<string | null>(null);
  const [news, setNews] = useState<BannerNews | null>(null);
  const view = bannerView(facts, now, timezone, silence);

  useEffect(() => {
    // The server's clock decides how old the data is, also where this machine's is wrong.
    let skew = props.now - Date.now();
    let isAhead = isFetchedAhead();
    let shown = props.facts;
    let events: EventSource | null = null;

    const land = async (next: SyncFacts) => {
      setSilence(null);
      if (isAhead && next.lastSyncAt !== null) {
        // It was rendered when the pointer passed, not when it was opened.
        const age = (next.ageSeconds ?? 0) * 1000;
        skew = Date.parse(next.lastSyncAt) + age - Date.now();
        isAhead = false;
        setNow(Date.now() + skew);
      }
      setFacts(next);
      const { lastSyncAt, dataVersion } = shown;
      shown = next;
      const isSame = next.dataVersion === dataVersion;
      if (isSame && next.lastSyncAt === lastSyncAt) return;
      const isUpdated = await import("../components/live_page.ts")
        .then(({ updatePage }) => updatePage()).catch(() => false);
      if (isSame) return;
      const time = momentText(next.lastSyncAt!, Date.now() + skew, timezone);
      setNews(
        isUpdated
          ? { updated: `Figures updated, data of ${time}.` }
          : { href: location.pathname + location.search },
      );
    };

    const watch = createSyncWatch({
      workspace,
      isAhead,
      fetch: (url, init) => fetch(url, init),
      isVisible: () => !document.hidden,
      onFacts: land,
      onSilence: () =>
        setSilence(
          navigator.onLine
            ? "The portal cannot be reached."
            : "You are offline.",
        ),
    });
    const listen = () => {
      if (document.hidden) {
        events?.close();
        events = null;
      } else if (!events) {
        events = new EventSource(
          `/api/sync/events?w=${encodeURIComponent(workspace)}`,
        );
        events.onopen = events.onmessage = watch.poll;
      }
    };
    const tick = () => {
      setNow(Date.now() + skew);
      if (events?.readyState !== EventSource.OPEN) watch.poll();
    };
    const wake = () => {
      listen();
      setNow(Date.now() + skew);
      watch.poll();
    };
    if (isAhead) watch.poll();
    const timers = [setInterval(tick, TICK_MS)];
    timers.push(setTimeout(listen, LISTEN_AFTER_MS));
    const occasions = ["pageshow", "online", "offline"];
    document.addEventListener("visibilitychange", wake);
    for (const occasion of occasions) addEventListener(occasion, wake);
    return () => {
      timers.forEach(clearInterval);
      document.removeEventListener("visibilitychange", wake);
      for (const occasion of occasions) removeEventListener(occasion, wake);
      events?.close();
      watch.stop();
    };
  }, []);

  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    const href = icon?.dataset[view.level];
    if (href) icon!.href = href;
  }, [view.level]);

  return <SyncStatusBanner view={view} news={news} />;
}
