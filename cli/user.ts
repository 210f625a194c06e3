import type { Command } from "commander";
import { passwordProblem, passwords } from "../lib/auth/mod.ts";
import { ConflictError, UsageError } from "../lib/domain/mod.ts";
import {
  createUser,
  EVERY_TENANT,
  findTenant,
  getUserByEmail,
  listMemberships,
  type Role,
  ROLES,
  setMembership,
} from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import { print, readSecret } from "./_io.ts";
import { withPortal } from "./_run.ts";

interface AddOptions {
  email: string;
  name: string;
  role: string;
  tenant?: string;
}

export function userCommands(program: Command): void {
  const user = program.command("user").description("people who sign in");
  user.command("add")
    .description(
      "add a person, or give one a further brand; the password comes from PORTAL_PASSWORD, a prompt or standard input",
    )
    .requiredOption("--email <address>", "signs in with it")
    .requiredOption("--name <name>", "as the portal shows it")
    .requiredOption("--role <role>", ROLES.join(", "))
    .option("--tenant <tenant>", "slug or id; not for an agency_admin")
    .action((options: AddOptions) =>
      withPortal((portal) => addUser(portal, options))
    );
}

async function addUser(portal: Portal, options: AddOptions): Promise<void> {
  const { store, clock } = portal;
  const role = roleOf(options.role);
  const scope = await scopeOf(portal, role, options.tenant);
  const known = await getUserByEmail(store, options.email);
  if (known) {
    const memberships = await listMemberships(store, known.id);
    if (memberships.some((one) => one.scope === scope && one.role === role)) {
      throw new ConflictError(
        `Cannot add '${options.email}': the address is taken, with this role already`,
      );
    }
    await setMembership(store, known.id, scope, role, clock);
    return print(
      `'${known.email}' was there already and is now ${role} here too. The password stays.`,
    );
  }
  const password = await readSecret("PORTAL_PASSWORD", "Password");
  if (password === null) {
    throw new UsageError(
      "No password was given. Set PORTAL_PASSWORD, or type it when asked.",
    );
  }
  const problem = passwordProblem(password);
  if (problem) throw new UsageError(problem);
  const user = await createUser(store, {
    email: options.email,
    name: options.name,
    passwordHash: await passwords.hash(password),
    membership: { scope, role },
  }, clock);
  print(`Added '${user.email}' as ${role}.`);
}

function roleOf(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (!role) throw new UsageError(`--role must be ${ROLES.join(", ")}`);
  return role;
}

async function scopeOf(
  { store }: Portal,
  role: Role,
  tenant: string | undefined,
): Promise<string> {
  if (role === "agency_admin") {
    if (tenant === undefined) return EVERY_TENANT;
    throw new UsageError(
      "An agency_admin sees every tenant: leave out --tenant",
    );
  }
  if (tenant === undefined) {
    throw new UsageError(`A ${role} belongs to a tenant: name it by --tenant`);
  }
  return (await findTenant(store, tenant)).id;
}
