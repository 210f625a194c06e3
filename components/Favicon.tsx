import { asset } from "fresh/runtime";
import type { FreshnessLevel } from "../lib/domain/mod.ts";

const FILES: Record<FreshnessLevel, string> = {
  never: "/favicon.svg",
  fresh: "/favicon.svg",
  stale: "/favicon-stale.svg",
  late: "/favicon-late.svg",
  critical: "/favicon-late.svg",
};
const LEVELS = Object.keys(FILES) as FreshnessLevel[];

export interface FaviconProps {
  /** How old the data of the page is; null where it has none. */
  level: FreshnessLevel | null;
}

/** The icon in the tab, which tells from afar that data is old. Where the age grows, the banner changes it. */
export function Favicon({ level }: FaviconProps) {
  const icons = LEVELS.map((one) => [`data-${one}`, asset(FILES[one])]);
  return (
    <link
      rel="icon"
      type="image/svg+xml"
      href={asset(FILES[level ?? "fresh"])}
      {...level === null ? {} : Object.fromEntries(icons)}
    />
  );
}
