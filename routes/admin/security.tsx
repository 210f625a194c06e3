import { type Context, page } from "fresh";
import { Button } from "../../components/Button.tsx";
import { Card } from "../../components/Card.tsx";
import { Head } from "fresh/runtime";
import { ConflictError, UsageError } from "../../lib/domain/mod.ts";
import {
  listMemberships,
  listUsers,
  readSettings,
  setAdminsNeedSecondFactor,
} from "../../lib/store/mod.ts";
import {
  defineSignedIn,
  readForm,
  recordAudit,
  type SignedInState,
} from "../../lib/web/mod.ts";

interface SecurityPage {
  needed: boolean;
  /** Admins that have no second factor. */
  without: Array<{ id: string; name: string; email: string }>;
  saved: boolean;
  problem: string | null;
}

type Ctx = Context<SignedInState>;

export const handler = defineSignedIn.handlers({
  GET: async (ctx) => page(await facts(ctx)),

  async POST(ctx) {
    const { services: { store, clock }, signedIn: { user } } = ctx.state;
    const form = await readForm(ctx.req, ["needed"]);
    if (form.needed !== "yes" && form.needed !== "no") {
      return page(await facts(ctx, "Choose yes or no"), { status: 422 });
    }
    const needed = form.needed === "yes";
    try {
      await setAdminsNeedSecondFactor(store, needed, user.id, clock);
    } catch (error) {
      const known = error instanceof UsageError ||
        error instanceof ConflictError;
      if (!known) throw error;
      return page(await facts(ctx, error.message), { status: 422 });
    }
    await recordAudit(ctx, "settings.changed", {
      detail: { adminsNeedSecondFactor: needed },
    });
    return ctx.redirect("/admin/security?done=save", 303);
  },
});

async function facts(
  ctx: Ctx,
  problem: string | null = null,
): Promise<SecurityPage> {
  const { store } = ctx.state.services;
  const [{ adminsNeedSecondFactor }, users] = await Promise.all([
    readSettings(store),
    listUsers(store),
  ]);
  const without: SecurityPage["without"] = [];
  for (const { id, name, email, status, secondFactorAt } of users) {
    if (secondFactorAt || status !== "active") continue;
    const memberships = await listMemberships(store, id);
    const isAdmin = memberships.some(({ role }) => role !== "tenant_viewer");
    if (isAdmin) without.push({ id, name, email });
  }
  return {
    needed: adminsNeedSecondFactor,
    without,
    saved: ctx.url.searchParams.get("done") === "save",
    problem,
  };
}

/** What holds for everybody who signs in. */
export default defineSignedIn.page<typeof handler>(
  function AdminSecurity({ data }) {
    const { needed, without, saved, problem } = data;
    return (
      <>
        <Head>
          <title>Security - Tetherboard</title>
        </Head>
        <h1 class="mb-5 text-title font-bold">Security</h1>
        {saved && (
          <p
            role="status"
            class="mb-4 max-w-prose rounded-control bg-accent-weak px-4 py-2 text-accent"
          >
            Saved.
          </p>
        )}
        {problem && <p role="alert" class="mb-4 text-down">{problem}.</p>}
        <div class="grid gap-4 max-w-prose">
          <Card
            title="Second factor"
            says="An admin is everybody of the agency, and every admin of a brand."
          >
            <p class="mb-4">
              {needed
                ? "Every admin must have a second factor. Who has none is led to set it up, and reaches nothing else."
                : "Everybody decides alone whether to have a second factor."}
            </p>
            <form method="post" action="/admin/security">
              <input
                type="hidden"
                name="needed"
                value={needed ? "no" : "yes"}
              />
              <Button primary={!needed}>
                {needed ? "Leave it to everybody" : "Demand it of every admin"}
              </Button>
            </form>
          </Card>
          <Card title={`Admins without a second factor: ${without.length}`}>
            {without.length === 0 ? <p>Every admin has one.</p> : (
              <ul>
                {without.map(({ id, name, email }) => (
                  <li key={id} class="py-2">
                    <a class="link" href={`/admin/users/${id}`}>{name}</a>
                    <span class="text-ink-2 break-words">&nbsp;· {email}</span>
                  </li>
                ))}
              </ul>
            )}
          </Card>
        </div>
      </>
    );
  },
);
