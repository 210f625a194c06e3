import { passwords } from "../lib/auth/mod.ts";
import { demoBrands } from "../lib/clienttether/simulator/mod.ts";
import {
  createTenant,
  createUser,
  EVERY_TENANT,
  getUserByEmail,
  listTenantNames,
  newId,
  type Role,
  setMembership,
  updateUser,
} from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";

/** Somebody who can sign in to the demo. */
export interface DemoUser {
  email: string;
  name: string;
  role: Role;
  /** Slugs; none for who sees every brand. */
  brands: readonly string[];
}

/** One of each role, one of each brand, and a viewer of two brands, who has to choose. */
export const DEMO_USERS: readonly DemoUser[] = [
  {
    email: "agency@example.com",
    name: "Avery Agency",
    role: "agency_admin",
    brands: [],
  },
  {
    email: "dana@example.com",
    name: "Dana Alder",
    role: "tenant_admin",
    brands: ["alder-burgers"],
  },
  {
    email: "harper@example.com",
    name: "Harper Quinn",
    role: "tenant_admin",
    brands: ["harbor-pilates"],
  },
  {
    email: "casey@example.com",
    name: "Casey Copper",
    role: "tenant_admin",
    brands: ["copperleaf-senior-care"],
  },
  {
    email: "viewer@example.com",
    name: "Val Viewer",
    role: "tenant_viewer",
    brands: ["alder-burgers", "harbor-pilates"],
  },
];

/** Makes the brands of the simulated CRM that are not there yet. */
export async function addBrands(
  { store, secrets, clock }: Portal,
): Promise<void> {
  const known = (await listTenantNames(store)).map(({ name }) => name);
  for (const { name, webKey, accessToken, timezone } of demoBrands()) {
    if (known.includes(name)) continue;
    const id = newId();
    await createTenant(store, {
      id,
      name,
      timezone,
      clienttetherWebKey: await secrets.seal(id, "clienttetherWebKey", webKey),
      webKeyLast4: webKey.slice(-4),
      clienttetherAccessToken: await secrets.seal(
        id,
        "clienttetherAccessToken",
        accessToken,
      ),
    }, clock);
  }
}

/** Makes the users that are not there yet, and gives all of them this password. */
export async function setPeople(
  { store, clock }: Portal,
  password: string,
): Promise<void> {
  const keeper = createPasswordKeeper(password);
  const tenants = await listTenantNames(store);
  for (const { email, name, role, brands } of DEMO_USERS) {
    const scopes = role === "agency_admin" ? [EVERY_TENANT] : tenants
      .filter(({ slug }) => brands.includes(slug)).map(({ id }) => id);
    const user = await getUserByEmail(store, email) ??
      await createUser(
        store,
        { email, name, passwordHash: await keeper.hash() },
        clock,
      );
    if (!await keeper.isRight(user.passwordHash)) {
      const passwordHash = await keeper.hash();
      await updateUser(store, user.id, { passwordHash }, clock);
    }
    for (const scope of scopes) {
      await setMembership(store, user.id, scope, role, clock);
    }
  }
}

/** Hashing is slow on purpose: each hash is made and compared once. */
function createPasswordKeeper(password: string) {
  let made: Promise<string> | undefined;
  const right = new Map<string | null, Promise<boolean>>();
  return {
    hash: () => made ??= passwords.hash(password),
    async isRight(hash: string | null): Promise<boolean> {
      if (hash === await made) return true;
      const known = right.get(hash) ?? passwords.verify(password, hash);
      right.set(hash, known);
      return await known;
    },
  };
}
