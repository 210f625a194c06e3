import { TransientError, UsageError } from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import { kvOf, type Store } from "./_store.ts";
import { valueFormat } from "./_value_format.ts";
import { keys } from "./keys.ts";

/** A Deno: its version, and the format in which it writes values. */
export interface DenoRelease {
  deno: string;
  format: number;
}

/** This process's. */
export const THIS_DENO: DenoRelease = {
  deno: Deno.version.deno,
  format: valueFormat(Deno.version.v8),
};

/** Which Deno serves the portal over this database, or did so last; null where none ever has. One read. */
export function servingDeno(store: Store): Promise<DenoRelease | null> {
  return read(kvOf(store));
}

/** A Deno by its row; private to lib/store. Null too where that is damaged: whoever serves next writes it anew. */
export function toDenoRelease(value: unknown): DenoRelease | null {
  if (!(value instanceof Uint8Array)) return null;
  try {
    return JSON.parse(new TextDecoder().decode(value));
  } catch {
    return null;
  }
}

/** Whether all that one Deno writes can be read by the other. */
export function canRead(reader: DenoRelease, writer: DenoRelease): boolean {
  return reader.format >= writer.format;
}

/**
 * Notes that this process serves the portal, where another Deno is known to; private to lib/store. In bytes: those every
 * Deno can read, whichever wrote them. Where that cannot be written now, the next start will.
 */
export async function noteServing(
  port: KvPort,
  known: DenoRelease | null,
  own: DenoRelease = THIS_DENO,
): Promise<void> {
  if (known?.deno === own.deno && known.format === own.format) return;
  const value = new TextEncoder().encode(JSON.stringify(own));
  try {
    await port.commit({ sets: [{ key: keys.serving(), value }] });
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
  }
}

/**
 * The port of a process that works on the portal's database from elsewhere, which reads whatever it can; private to
 * lib/store. Its commits are refused with a {@linkcode UsageError} where the portal's Deno could not read them.
 */
export function guestPort(port: KvPort, own: DenoRelease = THIS_DENO): KvPort {
  let asked: Promise<void> | undefined;
  return {
    ...port,
    commit: async (commit) => {
      await (asked ??= assertReadable(port, own));
      return await port.commit(commit);
    },
  };
}

async function assertReadable(port: KvPort, own: DenoRelease): Promise<void> {
  const serving = await read(port);
  if (!serving || canRead(serving, own)) return;
  throw new UsageError(
    `Cannot write to this database: the portal runs on Deno ${serving.deno}, which cannot read what Deno ${own.deno} writes; ` +
      `run this with npx -y deno@${serving.deno}`,
  );
}

async function read(port: KvPort): Promise<DenoRelease | null> {
  return toDenoRelease((await port.get(keys.serving())).value);
}
