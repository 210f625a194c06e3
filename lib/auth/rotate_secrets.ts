import { TerminalError } from "../domain/mod.ts";
import type { Store } from "../store/mod.ts";
import { SEALED_FIELDS, type SealedField } from "./sealed_fields.ts";
import type { Secrets } from "./secrets.ts";

/** How many sealed secrets stand under each key, by its id. */
export type KeyCounts = Record<string, number>;

export interface Rotation {
  /** Secrets that were sealed anew. */
  rotated: number;
  /** What stands under each key afterwards. */
  counts: KeyCounts;
  /** Secrets that no key at hand opens: they were left as they are. */
  unreadable: { field: string; ownerId: string; keyId: string }[];
}

export interface RotateOptions {
  /** Where to look, every known place unless told. */
  fields?: readonly SealedField[];
  /** Told after each secret that was sealed anew. */
  onProgress?: (rotated: number) => void;
}

/**
 * Seals every secret with the newest key that is not yet: one atomic operation each, which checks that nobody has
 * changed the secret meanwhile. Every secret stays readable throughout, under one key or the other. Cut off and run
 * again it goes on with what is left, and ends the same.
 *
 * @throws {TransientError} when the database does not answer.
 */
export async function rotateSecrets(
  store: Store,
  secrets: Secrets,
  { fields = SEALED_FIELDS, onProgress = () => {} }: RotateOptions = {},
): Promise<Rotation> {
  let rotated = 0;
  const unreadable: Rotation["unreadable"] = [];
  for (const field of fields) {
    for await (const { ownerId, sealed } of field.list(store)) {
      const { keyId } = sealed;
      if (keyId === secrets.keyId) continue;
      const text = await secrets.open(ownerId, field.name, sealed)
        .catch(orNull);
      if (text === null) {
        unreadable.push({ field: field.name, ownerId, keyId });
        continue;
      }
      const anew = await secrets.seal(ownerId, field.name, text);
      if (!await field.replace(store, ownerId, sealed, anew)) continue;
      onProgress(++rotated);
    }
  }
  // Counted last: a portal that runs with the earlier key alone may have sealed something meanwhile.
  return { rotated, counts: await countByKey(store, fields), unreadable };
}

/** Counts the sealed secrets by the key that each stands under. */
export async function countByKey(
  store: Store,
  fields: readonly SealedField[] = SEALED_FIELDS,
): Promise<KeyCounts> {
  const counts: KeyCounts = {};
  for (const field of fields) {
    for await (const { sealed: { keyId } } of field.list(store)) {
      counts[keyId] = (counts[keyId] ?? 0) + 1;
    }
  }
  return counts;
}

/** A secret that does not open is a finding; anything else is an error. */
function orNull(error: unknown): null {
  if (error instanceof TerminalError) return null;
  throw error;
}
