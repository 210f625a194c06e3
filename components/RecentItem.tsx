import { formatDateTime, type RecentChange } from "../lib/domain/mod.ts";
import { noteHref } from "./person_links.ts";
import { PersonLink } from "./PersonLink.tsx";

export interface RecentItemProps {
  change: RecentChange;
  workspace: string;
  timezone: string;
  /** The address of the page that the item stands in: the way back. */
  list: string;
}

/** One change in a line: who, and what about them. */
export function RecentItem(props: RecentItemProps) {
  const { change, workspace, timezone, list } = props;
  const { kind, id, leadId, who, what, when } = change;
  if (kind === "notes") {
    return (
      <>
        {who ?? "Author not recorded"}:{" "}
        <a
          class="link"
          href={noteHref(workspace, id, { list })}
        >
          {what ?? "a note without text"}
        </a>
      </>
    );
  }
  const about = kind === "leads" ? what ?? "Source not recorded" : what;
  const time = kind === "planned" || kind === "cancelled"
    ? when && formatDateTime(when, timezone)
    : null;
  return (
    <>
      <PersonLink
        id={leadId}
        name={who ?? "Unnamed"}
        workspace={workspace}
        list={list}
      />
      <span class="text-ink-3">
        {[about, time].filter(Boolean).map((text) => ` · ${text}`).join("")}
      </span>
    </>
  );
}
