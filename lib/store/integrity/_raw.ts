import { createHash } from "node:crypto";
import { addDifference, keyName } from "./_findings.ts";
import { type CheckContext, LARGE_ROWS_PAGE, rowsBelow } from "./_rows.ts";
import {
  type RawChunk,
  type RawManifest,
  rawStream,
  readRawChunk,
} from "../raw.ts";

/** A chunk with rows of its own, and the name of a manifest that names it. */
interface Named {
  chunk: RawChunk;
  by: string;
}

/** What is stored of a chunk. */
interface Stored {
  parts: number;
  bytes: number;
}

/**
 * Compares manifests with the chunks that they name: all there, whole, of the content and the counts that they say.
 * Unpacks one chunk at a time; those that stand in a manifest, as they are met. A chunk that nothing names is a remark:
 * a run that was cut short left it.
 */
export async function checkRaw(context: CheckContext): Promise<void> {
  const { findings } = context;
  const named = await namedChunks(context);
  const stored = await storedChunks(context);
  findings.indexRows += named.size;
  for (const [sha256, { chunk, by }] of named) {
    context.signal?.throwIfAborted();
    const flaw = await flawOf(context, chunk, stored.get(sha256));
    stored.delete(sha256);
    if (flaw === null) continue;
    addDifference(
      findings,
      `ct_raw_chunks / ${sha256}: ${flaw}, though named by ${by}`,
    );
  }
  if (stored.size === 0) return;
  const chunks = stored.size === 1
    ? "1 raw chunk"
    : `${stored.size} raw chunks`;
  findings.remarks.push(
    `${chunks} that no snapshot names, left by a sync that was cut short; the next sweep takes them away`,
  );
}

async function namedChunks(
  context: CheckContext,
): Promise<Map<string, Named>> {
  const { k, findings } = context;
  const named = new Map<string, Named>();
  const manifests = rowsBelow<RawManifest>(context, k.rawSnapshots());
  for await (const { key, value } of manifests) {
    const by = keyName(key);
    for (const [stream, entry] of Object.entries(value?.streams ?? {})) {
      const { endpoint, kind, chunks, removed } = entry;
      const sums = rawStream(endpoint, kind, chunks, removed);
      const same = sums.count === entry.count && sums.bytes === entry.bytes &&
        sums.sha256 === entry.sha256;
      if (!same) {
        addDifference(
          findings,
          `${by}: its sums of ${stream} are not those of its chunks`,
        );
      }
      for (const chunk of chunks) {
        if (chunk.packed) await checkPacked(context, chunk, `${by}: ${stream}`);
        else named.set(chunk.sha256, { chunk, by });
      }
    }
  }
  return named;
}

async function checkPacked(
  context: CheckContext,
  chunk: RawChunk,
  where: string,
): Promise<void> {
  const { findings } = context;
  findings.indexRows++;
  const stored = { parts: 0, bytes: chunk.packed!.length };
  const flaw = await flawOf(context, chunk, stored);
  if (flaw === null) return;
  addDifference(findings, `${where}, chunk ${chunk.sha256}: ${flaw}`);
}

/** Parts and bytes of every chunk that has its parts from the first on. */
async function storedChunks(
  context: CheckContext,
): Promise<Map<string, Stored>> {
  const stored = new Map<string, Stored>();
  const rows = rowsBelow<Uint8Array>(
    context,
    context.k.rawChunks(),
    LARGE_ROWS_PAGE,
  );
  for await (const { key, value } of rows) {
    const sha256 = String(key.at(-2));
    const { parts, bytes } = stored.get(sha256) ?? { parts: 0, bytes: 0 };
    const follows = key.at(-1) === parts && value instanceof Uint8Array;
    stored.set(sha256, {
      parts: follows ? parts + 1 : NaN,
      bytes: bytes + (follows ? value.length : 0),
    });
  }
  return stored;
}

/** What is wrong with a chunk; null when it is what its manifest says. */
async function flawOf(
  { port, k }: CheckContext,
  chunk: RawChunk,
  stored: Stored | undefined,
): Promise<string | null> {
  if (!stored) return "is missing";
  if (stored.parts !== chunk.parts || stored.bytes !== chunk.bytes) {
    return "is not whole";
  }
  const lines = await readRawChunk(port, k, chunk).catch(orNull);
  if (lines === null) return "cannot be unpacked";
  const sha256 = createHash("sha256").update(lines.join("\n")).digest("hex");
  if (sha256 !== chunk.sha256) return "holds something else than its name says";
  return lines.length === chunk.count
    ? null
    : `holds ${lines.length} records, not ${chunk.count}`;
}

/** A text that cannot be unpacked is a finding; a database that does not answer is not. */
function orNull(error: unknown): null {
  if (error instanceof Error && "code" in error) return null;
  throw error;
}
