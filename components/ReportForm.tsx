import {
  MAX_REPORT_SUMMARY,
  MAX_REPORT_TITLE,
  paragraphsOf,
} from "../lib/domain/mod.ts";
import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";
import { cx } from "./cx.ts";
import { INPUT } from "./Field.tsx";

export interface ReportFormProps {
  action: string;
  /** The report's stamp as the form was made. */
  stamp: string;
  /** What was typed, or what is saved. */
  title: string;
  summary: string;
  published: boolean;
  /** What was wrong, without its period; null: nothing. */
  problem: string | null;
  /** What somebody else has saved meanwhile. */
  theirs: { title: string; summary: string } | null;
  /** How many get a letter when it is published; null where there is no mail. */
  readers: number | null;
}

const AREA = cx("py-2 min-h-[16rem]");

/** The agency's form of a report: title and summary, publishing, and figures computed anew. */
export function ReportForm(props: ReportFormProps) {
  const { action, stamp, published, problem, theirs, readers } = props;
  const describedBy = problem === null ? {} : {
    "aria-describedby": "report-problem",
  };
  return (
    <div class="grid gap-4 lg:grid-cols-2 items-start">
      <Card
        title="Title and summary"
        says="Plain text. A blank line begins a new paragraph."
      >
        {problem !== null && (
          <p
            id="report-problem"
            role="alert"
            class="mb-4 max-w-prose rounded-control px-4 py-2 bg-alarm text-alarm-ink"
          >
            {problem}.
          </p>
        )}
        {theirs && <Theirs {...theirs} />}
        <form method="post" action={action} class="grid gap-4">
          <input type="hidden" name="stamp" value={stamp} />
          <label class="grid gap-1">
            <span class="text-sm font-semibold">Title</span>
            <input
              type="text"
              name="title"
              class={INPUT}
              value={props.title}
              maxLength={MAX_REPORT_TITLE}
              required
              {...describedBy}
            />
          </label>
          <label class="grid gap-1">
            <span class="text-sm font-semibold">
              Summary (at most 5,000 characters)
            </span>
            <textarea
              name="summary"
              class={cx(INPUT, AREA)}
              rows={12}
              maxLength={MAX_REPORT_SUMMARY}
              {...describedBy}
            >
              {props.summary}
            </textarea>
          </label>
          <div class="flex flex-wrap gap-3">
            <Button primary={published} name="do" value="save">Save</Button>
            {!published && (
              <Button primary name="do" value="publish">
                Save and publish
              </Button>
            )}
          </div>
          {!published && readers !== null && (
            <p class="text-small text-ink-3">{lettersText(readers)}</p>
          )}
        </form>
      </Card>
      <div class="grid gap-4 min-w-0">
        <Card
          title="Correct figures"
          says="Computes the figures anew from the days that the portal keeps. Where one differs they become a new version, a draft; the earlier version is kept."
        >
          <OneButton action={action} stamp={stamp} name="correct">
            Compute the figures anew
          </OneButton>
        </Card>
        {published && (
          <Card
            title="Take it back"
            says="Readers no longer find the report until it is published again. Nothing is deleted."
          >
            <OneButton action={action} stamp={stamp} name="unpublish">
              Unpublish
            </OneButton>
          </Card>
        )}
      </div>
    </div>
  );
}

function OneButton(
  { action, stamp, name, children }: {
    action: string;
    stamp: string;
    name: string;
    children: string;
  },
) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="stamp" value={stamp} />
      <Button name="do" value={name}>{children}</Button>
    </form>
  );
}

/** What the other one has saved: to copy from, before one's own text takes its place. */
function Theirs({ title, summary }: { title: string; summary: string }) {
  return (
    <section
      class="mb-4 rounded-control bg-sunken px-4 py-3"
      aria-label="What is saved now"
    >
      <p class="text-small text-ink-2">
        Saved now. Your text below takes its place when you save again.
      </p>
      <p class="font-semibold">{title}</p>
      {paragraphsOf(summary).map((paragraph, index) => (
        <p key={index} class="whitespace-pre-wrap">{paragraph}</p>
      ))}
    </section>
  );
}

function lettersText(readers: number): string {
  if (readers === 0) return "Nobody has asked to get it by e-mail.";
  return readers === 1
    ? "It goes by e-mail to the one who asked for it."
    : `It goes by e-mail to the ${readers} who asked for it.`;
}
