import { answerQuestions } from "./_children.ts";

/** Kept out of deno.json: it is large, and nothing but this measurement needs it. */
const LIGHTHOUSE = "npm:lighthouse@13.5.0";

/** How a page is looked at. */
export type FormFactor = "phone" | "desktop";

/** A page to measure. */
export interface PageToMeasure {
  url: string;
  cookie: string;
  form: FormFactor;
  /** Only how fast it is, not also how well it is made. */
  onlySpeed: boolean;
}

/** What was measured; scores from 0 to 100. */
export interface PageScores {
  performance: number;
  accessibility?: number;
  bestPractices?: number;
  /** Cumulative layout shift. */
  shift: number;
  /** What costs a score, by its audit. */
  faults: string[];
}

interface AuditItem {
  node?: { snippet?: string };
  /** Of a list of tables: the rows of one. */
  items?: AuditItem[];
}

interface Audit {
  score: number | null;
  numericValue?: number;
  title: string;
  details?: { items?: AuditItem[] };
}

interface Category {
  /** Null where the browser's trace could not be read. */
  score: number | null;
  auditRefs: { id: string; weight: number }[];
}

interface Lighthouse {
  default(
    url: string,
    flags: Record<string, unknown>,
    config?: unknown,
  ): Promise<
    {
      lhr: {
        audits: Record<string, Audit>;
        categories: Record<string, Category>;
      };
    }
  >;
  desktopConfig: unknown;
}

/**
 * Measures a page, up to three times where the browser's trace could not be read, which a machine in a hurry brings
 * about.
 *
 * @throws {Error} when none of them could
 */
async function measure(
  lighthouse: Lighthouse,
  port: number,
  page: PageToMeasure,
): Promise<PageScores> {
  for (let tries = 0; tries < 3; tries++) {
    const scores = await lookAt(lighthouse, port, page);
    if (!Number.isNaN(scores.performance)) return scores;
  }
  throw new Error(`Cannot measure ${page.url}: Lighthouse gives it no score`);
}

async function lookAt(
  { default: lighthouse, desktopConfig }: Lighthouse,
  port: number,
  { url, cookie, form, onlySpeed }: PageToMeasure,
): Promise<PageScores> {
  const { lhr: { audits, categories } } = await lighthouse(url, {
    port,
    logLevel: "silent",
    onlyCategories: onlySpeed
      ? ["performance"]
      : ["performance", "accessibility", "best-practices"],
    extraHeaders: { cookie },
  }, form === "desktop" ? desktopConfig : undefined);
  const scoreOf = (id: string) =>
    Math.round((categories[id]?.score ?? NaN) * 100);
  const faults = Object.values(categories).flatMap(({ auditRefs }) =>
    auditRefs.filter(({ id, weight }) =>
      weight > 0 && (audits[id]?.score ?? 1) < 0.9
    ).map(({ id }) => {
      const { title, details } = audits[id]!;
      const at = details?.items?.[0]?.node?.snippet;
      return `${id}: ${title}${at ? `: ${at}` : ""}`;
    })
  );
  for (const snippet of shiftedBy(audits)) faults.push(`moved: ${snippet}`);
  return {
    performance: scoreOf("performance"),
    ...onlySpeed ? {} : {
      accessibility: scoreOf("accessibility"),
      bestPractices: scoreOf("best-practices"),
    },
    shift: audits["cumulative-layout-shift"]?.numericValue ?? NaN,
    faults,
  };
}

/** What moved while the page was loading, as it is written in the page. */
function shiftedBy(audits: Record<string, Audit>): string[] {
  const items = audits["cls-culprits-insight"]?.details?.items ?? [];
  const rows = items.flatMap((item) => [item, ...item.items ?? []]);
  return rows.flatMap(({ node }) => node?.snippet ?? []);
}

/** Measures pages in the browser that listens at a port, one after another. */
if (import.meta.main) {
  const { port }: { port: number } = JSON.parse(Deno.args[0]!);
  const lighthouse: Lighthouse = await import(LIGHTHOUSE);
  await answerQuestions<PageToMeasure>(
    null,
    (page) => measure(lighthouse, port, page),
  );
}
