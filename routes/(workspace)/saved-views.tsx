import { type Context, HttpError, page } from "fresh";
import { Button } from "../../components/Button.tsx";
import { Card } from "../../components/Card.tsx";
import { EmptyState } from "../../components/EmptyState.tsx";
import { Field } from "../../components/Field.tsx";
import { pageHref } from "../../components/links.ts";
import { pageHeadProps } from "../../components/page_head_props.ts";
import { PageHead } from "../../components/PageHead.tsx";
import { PeopleNotices } from "../../components/PeopleNotices.tsx";
import {
  savedViewHref,
  savedViewsHref,
  SaveViewForm,
} from "../../components/SavedViews.tsx";
import { ConflictError, UsageError } from "../../lib/domain/mod.ts";
import {
  createSavedView,
  deleteSavedView,
  renameSavedView,
} from "../../lib/store/mod.ts";
import {
  choiceParam,
  defineInWorkspace,
  localUrl,
  readForm,
  readQuery,
  savedViews,
  type ShownView,
  viewedList,
  viewQuery,
  type WorkspaceState,
} from "../../lib/web/mod.ts";

const DONE = {
  "": null,
  renamed: "The view was renamed.",
  deleted: "The view was deleted.",
} as const;
const QUERY = { done: choiceParam(["", "renamed", "deleted"], "") };
const LIST_NAMES: Record<string, string> = {
  leads: "Leads",
  "hot-list": "Hot List",
};

type Form = Record<"do" | "id" | "list" | "name" | "query", string>;

interface Shown {
  views: ShownView[];
  notice: string | null;
  problem: string | null;
  /** What could not be saved, to be tried again. */
  unsaved: Pick<Form, "list" | "name" | "query"> | null;
}

export const handler = defineInWorkspace.handlers({
  async GET(ctx) {
    const { values: { done } } = readQuery(ctx.url, QUERY);
    return page<Shown>({
      views: await savedViews(ctx.state),
      notice: DONE[done],
      problem: null,
      unsaved: null,
    });
  },

  async POST(ctx) {
    const form = await readForm(
      ctx.req,
      ["do", "id", "list", "name", "query"],
    );
    const action = Object.hasOwn(ACTIONS, form.do) ? ACTIONS[form.do] : null;
    if (!action) throw new HttpError(400, "The form asks for nothing known");
    try {
      return ctx.redirect(await action(ctx, form), 303);
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof ConflictError)) {
        throw error;
      }
      return page<Shown>({
        views: await savedViews(ctx.state),
        notice: null,
        problem: error.message,
        unsaved: form.do === "save" ? form : null,
      }, { status: 422 });
    }
  },
});

type Action = (ctx: Context<WorkspaceState>, form: Form) => Promise<string>;

/** What the forms ask for by `do`; each answers where it goes on. */
const ACTIONS: Record<string, Action> = {
  save: async ({ state }, form) => {
    const { services, workspace: { tenant }, user } = state;
    const list = viewedList(form.list);
    if (!list) throw new HttpError(400, "There is no such list");
    const asked = new URL("http://portal.invalid/");
    asked.search = form.query;
    const view = await createSavedView(services.store, tenant.id, user.id, {
      list: list.name,
      name: form.name,
      query: viewQuery(asked, list),
    }, services.clock);
    return savedViewHref(view, tenant.slug);
  },

  rename: async ({ state }, { id, name }) => {
    const { services: { store, clock }, workspace: { tenant }, user } = state;
    await renameSavedView(store, tenant.id, user.id, { id, name }, clock);
    return localUrl("/saved-views", { w: tenant.slug, done: "renamed" });
  },

  delete: async ({ state }, { id }) => {
    const { services: { store }, workspace: { tenant }, user } = state;
    await deleteSavedView(store, tenant.id, user.id, id);
    return localUrl("/saved-views", { w: tenant.slug, done: "deleted" });
  },
};

export default defineInWorkspace.page<typeof handler>(
  function SavedViews({ data, state }) {
    const { slug } = state.workspace.tenant;
    const { views, notice, problem, unsaved } = data;
    return (
      <>
        <PageHead title="Saved views" {...pageHeadProps(state)} />
        <PeopleNotices notice={notice} problem={problem} />
        {unsaved && (
          <div class="mb-4">
            <Card title="Save under another name">
              <SaveViewForm {...unsaved} workspace={slug} />
            </Card>
          </div>
        )}
        <Card
          title="Your views in this workspace"
          says="Only you see them. They stand above the list that they belong to."
        >
          {views.length === 0
            ? (
              <EmptyState title="You have not saved a view yet.">
                Sort or filter the{" "}
                <a class="link" href={pageHref("/leads", slug)}>leads</a>, then
                choose “Save view”.
              </EmptyState>
            )
            : (
              <ul class="divide-y divide-line">
                {views.map((view) => (
                  <ViewItem key={view.id} view={view} workspace={slug} />
                ))}
              </ul>
            )}
        </Card>
      </>
    );
  },
);

function ViewItem(
  { view, workspace }: { view: ShownView; workspace: string },
) {
  const { id, name, list } = view;
  const action = savedViewsHref(workspace);
  return (
    <li class="flex flex-wrap items-end justify-between gap-3 py-3">
      <div class="min-w-0">
        <a class="link font-semibold" href={savedViewHref(view, workspace)}>
          {name}
        </a>
        <p class="text-small text-ink-3">{LIST_NAMES[list] ?? list}</p>
      </div>
      <div class="flex flex-wrap items-end gap-2">
        <form
          method="post"
          action={action}
          class="flex flex-wrap items-end gap-2"
        >
          <input type="hidden" name="do" value="rename" />
          <input type="hidden" name="id" value={id} />
          <Field
            label={`New name of '${name}'`}
            name="name"
            value={name}
            autocomplete="off"
            required
          />
          <Button>Rename</Button>
        </form>
        <form method="post" action={action}>
          <input type="hidden" name="do" value="delete" />
          <input type="hidden" name="id" value={id} />
          <Button>
            Delete <span class="sr-only">'{name}'</span>
          </Button>
        </form>
      </div>
    </li>
  );
}
