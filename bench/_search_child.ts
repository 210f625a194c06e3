import { createMatcher } from "../lib/domain/mod.ts";
import {
  getTenantIdBySlug,
  openStore,
  openTenant,
  type TenantStore,
} from "../lib/store/mod.ts";
import { answerQuestions, peakMemory } from "./_children.ts";
import { workedFor } from "./_server.ts";

/** What a child that looks for notes is told. */
export interface SearchJob {
  /** The database. */
  path: string;
  /** Slug of the brand. */
  slug: string;
  /** By looking at every note, or by a search as the pages ask for it. */
  how: "scan" | "search";
}

/** A text that is looked for, or how much memory this process has taken. */
export type SearchQuestion = { text: string } | "memory";

/** Bytes. */
export interface SearchMemory {
  /** What is in use after the garbage was collected, beyond what was before the first search. */
  kept: number;
  /** The most that was ever resident. */
  peak: number;
}

/** What a search took, and how many notes it has found. */
export interface SearchAnswer {
  /** Milliseconds of processor time, of all threads. */
  worked: number;
  /** Milliseconds by the clock. */
  ms: number;
  total: number;
}

const PAGE_SIZE = 50;

async function scan(data: TenantStore, text: string): Promise<number> {
  const isMatch = createMatcher(text);
  let total = 0;
  for await (const { content, author } of data.eachNote({})) {
    if (isMatch(content, author)) total++;
  }
  return total;
}

async function search(data: TenantStore, text: string): Promise<number> {
  const { total } = await data.listNotes({ search: text, limit: PAGE_SIZE });
  return total;
}

/** What is in use once the garbage is collected; needs `--expose-gc`. */
function inUse(): number {
  (globalThis as { gc?: () => void }).gc!();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** Looks for notes in a process of its own, so that its memory can be measured; says nothing, then answers. */
if (import.meta.main) {
  const { path, slug, how }: SearchJob = JSON.parse(Deno.args[0]!);
  const store = await openStore({ path });
  const id = await getTenantIdBySlug(store, slug);
  if (id === null) throw new Error(`There is no tenant '${slug}'`);
  const look = how === "scan" ? scan : search;
  const before = inUse();
  await answerQuestions<SearchQuestion>(null, async (question) => {
    if (question === "memory") {
      const peak = await peakMemory();
      return { kept: inUse() - before, peak } satisfies SearchMemory;
    }
    const [start, worked] = [performance.now(), await workedFor(Deno.pid)];
    const total = await look(await openTenant(store, id), question.text);
    return {
      worked: (await workedFor(Deno.pid) - worked) / 1e6,
      ms: performance.now() - start,
      total,
    } satisfies SearchAnswer;
  });
  store.close();
}
