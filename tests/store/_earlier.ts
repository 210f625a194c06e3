import { createKvPort } from "../../lib/store/_kv.ts";
import { keys } from "../../lib/store/keys.ts";
import type { Store } from "../../lib/store/mod.ts";
import { migrate } from "../../lib/store/migrations/migrations.ts";
import { storeOver } from "../../lib/store/store.ts";
import { Crash, hookedKv } from "../_kv.ts";
import { restore } from "./_backup.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);

/** Makes the database of an earlier release in a new file: what its backup holds, no step of the schema run yet. */
export async function makeEarlier(
  version: number,
  path: string,
): Promise<void> {
  const file = new URL(`backup_schema_${version}.jsonl.gz`, FIXTURES);
  const kv = await Deno.openKv(path);
  // The restore takes its marker away before it migrates.
  const beforeCommit = async (n: number) => {
    if (n === 1) return;
    if ((await kv.get(keys.restore())).value === null) throw new Crash();
  };
  const restored = restore(await Deno.readFile(file), {
    kv: hookedKv(kv, { beforeCommit }),
  });
  await restored.catch((error) => {
    if (!(error instanceof Crash)) throw error;
  }).finally(() => kv.close());
}

/** Migrates a database until a commit, which the process does not outlive; answers how many were made. */
export async function migrateUntil(
  path: string,
  commit = Infinity,
): Promise<number> {
  const kv = await Deno.openKv(path);
  let made = 0;
  const beforeCommit = (n: number) => {
    if (n > commit) throw new Crash();
    made = n;
  };
  try {
    await migrate(createKvPort(hookedKv(kv, { beforeCommit })));
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  } finally {
    kv.close();
  }
  return made;
}

/** The store of a database as it stands: nothing is migrated. */
export async function openAsItStands(path: string): Promise<Store> {
  const kv = await Deno.openKv(path);
  const { value } = await kv.get<string>(keys.storeId());
  return storeOver({}, createKvPort(kv), { id: value!, refusal: () => null });
}
