import type { ComponentChildren } from "preact";
import {
  formatCount,
  formatDateTime,
  type Lead,
  type Stage,
  zoneName,
} from "../lib/domain/mod.ts";
import { Badge } from "./Badge.tsx";
import { Card } from "./Card.tsx";
import { cx } from "./cx.ts";

export interface PersonDetailsProps {
  lead: Lead;
  stage: Stage;
  timezone: string;
  aside?: ComponentChildren;
}

const MAIL = /^[^\s@<>"]+@[^\s@<>"]+$/;

/** What ClientTether says of a person. */
export function PersonDetails(
  { lead, stage, timezone, aside }: PersonDetailsProps,
) {
  const date = (iso: string | null) =>
    iso === null ? null : formatDateTime(iso, timezone);
  return (
    <Card
      title="Details"
      says={`As ClientTether has them; times in ${zoneName(timezone)}.`}
      aside={aside}
    >
      <dl class="grid gap-x-6 gap-y-3 grid-cols-2 md:grid-cols-3 lg:grid-cols-4">
        <Fact name="Stage" wide="phone">
          <Badge tone={stage.qualified ? "accent" : "plain"}>
            {lead.stage}
          </Badge>
          {stage.kind !== "active" && (
            <span class="ml-1 text-small text-ink-3">{stage.kind}</span>
          )}
        </Fact>
        <Fact name="E-mail" wide="always">{mailLink(lead.email)}</Fact>
        <Fact name="Phone">{phoneLink(lead.phone)}</Fact>
        <Fact name="Assigned to">{lead.assignedTo}</Fact>
        <Fact name="Source">{lead.source}</Fact>
        <Fact name="Market">{lead.market}</Fact>
        <Fact name="Units">
          {lead.units === null ? null : formatCount(lead.units)}
        </Fact>
        <Fact name="City">{placeOf(lead)}</Fact>
        <Fact name="Created">{date(lead.createdAt)}</Fact>
        <Fact name="Updated">{date(lead.updatedAt)}</Fact>
        {lead.company && <Fact name="Company">{lead.company}</Fact>}
      </dl>
    </Card>
  );
}

const WIDE = {
  phone: cx("min-w-0 col-span-2 md:col-span-1"),
  always: cx("min-w-0 col-span-2"),
};

function Fact({ name, wide, children }: {
  name: string;
  /** Takes the place of two: on a phone, or everywhere. */
  wide?: keyof typeof WIDE;
  children: ComponentChildren;
}) {
  return (
    <div class={wide ? WIDE[wide] : cx("min-w-0")}>
      <dt class="text-small text-ink-3">{name}</dt>
      <dd class="break-words">
        {children ?? <span class="text-ink-3">Not recorded</span>}
      </dd>
    </div>
  );
}

const CONTACT = cx("link inline-block py-2 -my-2 break-all");

/** Opens a new message, where the address can be one: what stands in it is never taken for a header. */
function mailLink(email: string | null) {
  if (email === null || !MAIL.test(email) || !email.isWellFormed()) {
    return email;
  }
  const href = `mailto:${encodeURIComponent(email).replace("%40", "@")}`;
  return <a class={CONTACT} href={href}>{email}</a>;
}

function phoneLink(phone: string | null) {
  const digits = phone?.replaceAll(/[^\d+]/g, "") ?? "";
  if (phone === null || digits.length < 5) return phone;
  return <a class={CONTACT} href={`tel:${digits}`}>{phone}</a>;
}

function placeOf({ city, state }: Lead): string | null {
  return [city, state].filter(Boolean).join(", ") || null;
}
