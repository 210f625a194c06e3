import type { Command } from "commander";
import { passwordProblem, passwords } from "../lib/auth/mod.ts";
import { ConflictError, NotFoundError, UsageError } from "../lib/domain/mod.ts";
import {
  appendAudit,
  createUser,
  deletePasskeysOfUser,
  disableSecondFactor,
  EVERY_TENANT,
  findTenant,
  getUserByEmail,
  listMemberships,
  type MembershipInput,
  type Role,
  ROLES,
  setMembership,
  type User,
} from "../lib/store/mod.ts";
import type { Portal } from "../lib/web/mod.ts";
import type { Cli } from "./_cli.ts";
import { withPortal } from "./_run.ts";

interface AddOptions {
  email: string;
  name: string;
  role: string;
  tenant?: string;
}

export function userCommands(program: Command, cli: Cli): void {
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
      withPortal(cli, (portal) => addUser(cli, portal, options))
    );
  user.command("reset-second-factor <email>")
    .description(
      "for somebody who is locked out: removes second factor, recovery codes and passkeys; the password stays",
    )
    .action((email: string) =>
      withPortal(cli, (portal) => resetSecondFactor(cli, portal, email))
    );
}

async function addUser(
  cli: Cli,
  portal: Portal,
  options: AddOptions,
): Promise<void> {
  const { store, clock } = portal;
  const role = roleOf(options.role);
  const scope = await scopeOf(portal, role, options.tenant);
  const known = await getUserByEmail(store, options.email);
  if (known) return await addMembership(cli, portal, known, { scope, role });
  const user = await createUser(store, {
    email: options.email,
    name: options.name,
    passwordHash: await passwords.hash(await readPassword(cli, options.email)),
    membership: { scope, role },
  }, clock);
  cli.print(`Added '${user.email}' as ${role}.`);
}

/** Gives a person who is there already a further role; neither name nor password changes. */
async function addMembership(
  cli: Cli,
  { store, clock }: Portal,
  { id, email }: User,
  { scope, role }: MembershipInput,
): Promise<void> {
  const memberships = await listMemberships(store, id);
  if (memberships.some((one) => one.scope === scope && one.role === role)) {
    throw new ConflictError(
      `Cannot add '${email}': the address is taken, with this role already`,
    );
  }
  await setMembership(store, id, scope, role, clock);
  cli.print(
    `'${email}' was there already and is now ${role} here too. The password stays.`,
  );
}

async function resetSecondFactor(
  cli: Cli,
  { store, clock }: Portal,
  email: string,
): Promise<void> {
  const user = await getUserByEmail(store, email);
  if (!user) {
    throw new NotFoundError(
      `Cannot find user '${email}': nobody has this e-mail address`,
    );
  }
  const passkeys = await deletePasskeysOfUser(store, user.id);
  await disableSecondFactor(store, user.id);
  await appendAudit(store, {
    actor: { kind: "operator", id: null, name: null },
    action: "second_factor.disabled",
    target: user.id,
    detail: { email: user.email, passkeys },
  }, clock);
  cli.print(
    `'${user.email}' has no second factor and no passkey any more, and is signed out everywhere. The password stays.`,
  );
}

async function readPassword(cli: Cli, email: string): Promise<string> {
  const password = await cli.readSecret("PORTAL_PASSWORD", "Password");
  if (password === null) {
    throw new UsageError(
      "No password was given. Set PORTAL_PASSWORD, or type it when asked.",
    );
  }
  const problem = await passwordProblem(password, { email });
  if (problem) throw new UsageError(`Cannot use PORTAL_PASSWORD: ${problem}`);
  return password;
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
