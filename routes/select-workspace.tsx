import { page } from "fresh";
import { AuthPage } from "../components/AuthPage.tsx";
import { Button } from "../components/Button.tsx";
import { EmptyState } from "../components/EmptyState.tsx";
import { QueryNotice } from "../components/QueryNotice.tsx";
import { SearchForm } from "../components/SearchForm.tsx";
import { counted } from "../components/sentences.ts";
import { chooseWorkspace } from "../lib/auth/mod.ts";
import { matches } from "../lib/domain/mod.ts";
import {
  define,
  inWorkspace,
  listWorkspaces,
  localUrl,
  openWorkspace,
  readForm,
  readQuery,
  safeNext,
  textParam,
  type WorkspaceLink,
} from "../lib/web/mod.ts";

const HOME = "/dashboard";

/** So many are seen at a glance; more of them can be searched. */
const AT_A_GLANCE = 30;
const QUERY = { search: textParam() };

interface Choice {
  /** Those that match, by name. */
  workspaces: WorkspaceLink[];
  /** All that there are. */
  total: number;
  search: string | undefined;
  problems: string[];
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
    const { values: { search }, problems } = readQuery(ctx.url, QUERY);
    return page<Choice>({
      workspaces: search
        ? workspaces.filter(({ name }) => matches(search, name))
        : workspaces,
      total: workspaces.length,
      search,
      problems,
      next,
    });
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
  const { workspaces, total, search, problems, next } = data;
  return (
    <AuthPage title="Choose a workspace">
      <QueryNotice problems={problems} />
      {total > AT_A_GLANCE && (
        <div class="mb-4">
          <SearchForm
            label={`Search ${counted(total, "workspace")}`}
            value={search}
            keep={{ next }}
          />
        </div>
      )}
      {workspaces.length === 0 && search
        ? (
          <EmptyState title={`No workspace matches '${search}'.`}>
            <a class="link" href={localUrl("/select-workspace", { next })}>
              Clear search
            </a>
          </EmptyState>
        )
        : workspaces.length === 0
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
