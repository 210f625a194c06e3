import type { KeptDays, LogoFacts } from "../lib/domain/mod.ts";
import type { PageHeadProps } from "./PageHead.tsx";

/** What the head of a page takes from the request: the shape that every page's state has. */
export interface PageState {
  workspace: {
    tenant: {
      name: string;
      slug: string;
      timezone: string;
      logo?: LogoFacts | null;
    };
    sync: { lastSyncAt: string | null };
  };
  services: { clock: { now(): number } };
  travel: {
    kept: KeptDays;
    past: unknown;
    keep: Record<string, string[]>;
  } | null;
}

/** Props of a page's head, but for its title. */
export function pageHeadProps(
  { workspace: { tenant, sync }, services, travel }: PageState,
): Omit<PageHeadProps, "title"> {
  return {
    brand: tenant.name,
    ...tenant.logo && { logo: { brand: tenant.slug, logo: tenant.logo } },
    timezone: tenant.timezone,
    now: services.clock.now(),
    dataFrom: sync.lastSyncAt,
    ...travel && {
      travel: {
        kept: travel.kept,
        isPast: travel.past !== null,
        keep: { w: tenant.slug, ...travel.keep },
      },
    },
  };
}
