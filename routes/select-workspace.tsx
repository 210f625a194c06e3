import { page } from "fresh";
import { AuthPage } from "../components/AuthPage.tsx";
import { Button } from "../components/Button.tsx";
import { chooseWorkspace } from "../lib/auth/mod.ts";
import {
  define,
  inWorkspace,
  listWorkspaces,
  localUrl,
  openWorkspace,
  readForm,
  safeNext,
  type WorkspaceLink,
} from "../lib/web/mod.ts";

const HOME = "/dashboard";

interface Choice {
  workspaces: WorkspaceLink[];
  next: string | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const { signedIn, services: { store } } = ctx.state;
    const next = safeNext(ctx.url.searchParams.get("next"));
    if (!signedIn) return ctx.redirect(localUrl("/login", { next }), 303);
    const workspaces = await listWorkspaces(store, signedIn);
    const [only, ...others] = workspaces;
    if (only && others.length === 0) {
      return ctx.redirect(inWorkspace(next ?? HOME, only.slug), 303);
    }
    return page<Choice>({ workspaces, next });
  },

  async POST(ctx) {
    const { signedIn, services: { store, clock } } = ctx.state;
    if (!signedIn) return ctx.redirect("/login", 303);
    const form = await readForm(ctx.req, ["tenant", "next"]);
    const { tenant } = await openWorkspace(store, signedIn, form.tenant);
    await chooseWorkspace(store, signedIn, tenant.id, clock);
    const next = safeNext(form.next) ?? HOME;
    return ctx.redirect(inWorkspace(next, tenant.slug), 303);
  },
});

export default define.page<typeof handler>(function SelectWorkspace({ data }) {
  const { workspaces, next } = data;
  return (
    <AuthPage title="Choose a workspace">
      {workspaces.length === 0
        ? (
          <p>
            No workspace is open to you at the moment. Your agency can give you
            access.
          </p>
        )
        : (
          <form method="post" action="/select-workspace" class="grid gap-2">
            {next && <input type="hidden" name="next" value={next} />}
            {workspaces.map(({ slug, name }) => (
              <button
                key={slug}
                type="submit"
                name="tenant"
                value={slug}
                class="w-full min-h-target rounded-control border border-control bg-surface px-4 text-left font-semibold hover:border-accent hover:text-accent"
              >
                {name}
              </button>
            ))}
          </form>
        )}
      <form method="post" action="/logout" class="mt-6">
        <Button>Sign out</Button>
      </form>
    </AuthPage>
  );
});
