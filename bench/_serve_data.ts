import { createSecrets, startSession } from "../lib/auth/mod.ts";
import { systemClock } from "../lib/domain/mod.ts";
import {
  createTenant,
  createUser,
  newId,
  openStore,
  type Store,
} from "../lib/store/mod.ts";
import { installRecords } from "../tests/_data.ts";
import { BENCH_ZONE, say } from "./_children.ts";
import { slugOf } from "./_brand.ts";
import { brandOf } from "./_records.ts";

/** What a child that fills a database is told. */
export interface DataJob {
  /** The database, which does not exist yet. */
  path: string;
  /** Leads of each brand. */
  sizes: number[];
  /** Slugs of brands that wait for their first sync; each is also its web key. */
  unsynced: string[];
  /** Seals the web keys: 32 bytes in base64. */
  secret: string;
  /** People who are signed in, in turn at one of the brands; before them comes one of the agency. */
  users: number;
}

/** Somebody who is signed in. */
export interface BenchUser {
  /** What the browser sends. */
  cookie: string;
  /** Slug of their brand. */
  workspace: string;
}

async function addUser(
  store: Store,
  scope: string,
  workspace: string,
): Promise<BenchUser> {
  const id = newId();
  const user = await createUser(store, {
    id,
    email: `${id.toLowerCase()}@example.com`,
    name: "Robin Example",
    passwordHash: "",
    membership: {
      scope,
      role: scope === "*" ? "agency_admin" : "tenant_viewer",
    },
  }, systemClock);
  const token = await startSession(store, user, systemClock);
  return { cookie: `session=${token}`, workspace };
}

/** Fills a database and prints its {@linkcode BenchUser}s, after the agency's by brands in the order of their sizes. */
if (import.meta.main) {
  const job: DataJob = JSON.parse(Deno.args[0]!);
  const store = await openStore({ path: job.path });
  const secrets = createSecrets(job.secret, []);
  const brands: { id: string; slug: string }[] = [];
  for (const leads of job.sizes) {
    const slug = slugOf(leads);
    const tenant = await createTenant(store, {
      slug,
      name: slug,
      timezone: BENCH_ZONE,
    }, systemClock);
    await installRecords(
      store,
      tenant,
      brandOf(leads, systemClock.now()),
      systemClock,
      (state) => ({ ...state, firstViewDay: state.viewDay }),
    );
    brands.push({ id: tenant.id, slug });
  }
  for (const slug of job.unsynced) {
    const id = newId();
    await createTenant(store, {
      id,
      slug,
      name: slug,
      timezone: BENCH_ZONE,
      clienttetherWebKey: await secrets.seal(id, "clienttetherWebKey", slug),
    }, systemClock);
  }
  const users = [await addUser(store, "*", "")];
  for (let n = 0; n < job.users; n++) {
    const { id, slug } = brands[n % brands.length]!;
    users.push(await addUser(store, id, slug));
  }
  say(users);
  store.close();
}
