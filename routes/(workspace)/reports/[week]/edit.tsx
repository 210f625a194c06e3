import { type Context, HttpError, page } from "fresh";
import { pageHref } from "../../../../components/links.ts";
import { pageHeadProps } from "../../../../components/page_head_props.ts";
import { PageHead } from "../../../../components/PageHead.tsx";
import { ReportForm } from "../../../../components/ReportForm.tsx";
import {
  formatWeek,
  NotFoundError,
  readReportText,
  type ReportText,
} from "../../../../lib/domain/mod.ts";
import {
  findReport,
  listReportSubscribers,
  ReportChangedError,
} from "../../../../lib/store/mod.ts";
import {
  correctReport,
  defineInWorkspace,
  editsReports,
  formProblem,
  localUrl,
  readForm,
  saveReport,
  unpublishReport,
  type WorkspaceState,
} from "../../../../lib/web/mod.ts";

type Request = Context<WorkspaceState>;

const FIELDS = ["do", "stamp", "title", "summary"] as const;
type Form = Record<typeof FIELDS[number], string>;

export const handler = defineInWorkspace.handlers({
  async GET(ctx) {
    assertAgency(ctx);
    return page(await view(ctx));
  },

  async POST(ctx) {
    assertAgency(ctx);
    const form = await readForm(ctx.req, FIELDS);
    const act = Object.hasOwn(ACTIONS, form.do) ? ACTIONS[form.do] : null;
    if (!act) throw new HttpError(400, "The form asks for nothing known");
    try {
      const problem = await act(ctx, form);
      if (problem) return page(await view(ctx, { problem }), { status: 422 });
    } catch (error) {
      const problem = formProblem(error);
      const isConflict = error instanceof ReportChangedError;
      const typed = hasText(form) ? form : null;
      return page(await view(ctx, { problem, typed, isConflict }), {
        status: isConflict ? 409 : 422,
      });
    }
    const path = `/reports/${ctx.params.week}`;
    const w = ctx.state.workspace.tenant.slug;
    return ctx.redirect(localUrl(path, { w, done: form.do }), 303);
  },
});

/** Does what a form asks for; gives a sentence, without its period, where there was nothing to do. */
type Action = (ctx: Request, form: Form) => Promise<string | null>;

const ACTIONS: Record<string, Action> = {
  save: (ctx, form) => save(ctx, form, false),
  publish: (ctx, form) => save(ctx, form, true),
  unpublish: async (ctx, form) => {
    await unpublishReport(ctx, orderOf(ctx, form));
    return null;
  },
  correct: async (ctx, form) => {
    const isNew = await correctReport(ctx, orderOf(ctx, form));
    return isNew
      ? null
      : "There is nothing to correct: the days that the portal keeps give the same figures";
  },
};

async function save(ctx: Request, form: Form, publish: boolean) {
  await saveReport(ctx, orderOf(ctx, form), readReportText(form), publish);
  return null;
}

function orderOf({ params }: Request, { stamp }: Form) {
  return { week: params.week ?? "", stamp };
}

function hasText({ do: action }: Form): boolean {
  return action === "save" || action === "publish";
}

function assertAgency(ctx: Request): void {
  if (!editsReports(ctx)) {
    throw new HttpError(403, "Only the agency may edit a report");
  }
}

async function view(
  { params, state: { services, workspace: { tenant } } }: Request,
  { problem = null, typed = null, isConflict = false }: {
    problem?: string | null;
    typed?: ReportText | null;
    isConflict?: boolean;
  } = {},
) {
  const { store, mail } = services;
  const stored = await findReport(store, tenant.id, params.week ?? "");
  if (!stored) throw new NotFoundError("Cannot edit the report: no such one");
  const { report: { week, title, summary = "", publishedAt }, stamp } = stored;
  const subscribers = mail ? await listReportSubscribers(store, tenant.id) : [];
  return {
    week,
    stamp,
    title: typed?.title ?? title,
    summary: typed?.summary ?? summary,
    published: publishedAt !== null,
    problem,
    theirs: isConflict && typed ? { title, summary } : null,
    readers: mail ? subscribers.length : null,
  };
}

export default defineInWorkspace.page<typeof handler>(
  function EditReport({ data: { week, ...form }, state }) {
    const { slug } = state.workspace.tenant;
    return (
      <>
        <PageHead
          title="Edit report"
          {...pageHeadProps(state)}
          period={formatWeek(week)}
        >
          <a
            class="link inline-flex items-center min-h-target"
            href={pageHref(`/reports/${week}`, slug)}
            aria-current="false"
          >
            Back to the report
          </a>
        </PageHead>
        <p class="mb-4 text-ink-2">Week of {formatWeek(week)}</p>
        <ReportForm
          action={pageHref(`/reports/${week}/edit`, slug)}
          {...form}
        />
      </>
    );
  },
);
