import { Fragment } from "preact";
import { formatCount, formatDateTime } from "../lib/domain/mod.ts";
import { erasedKindWord } from "./admin_words.ts";
import { AdminField } from "./AdminField.tsx";
import { Button } from "./Button.tsx";
import { Card } from "./Card.tsx";
import { DataTable } from "./DataTable.tsx";

export interface AdminErasePersonProps {
  action: string;
  personId: string;
  /** Null where no lead of this id is stored. */
  person: {
    name: string;
    email: string | null;
    phone: string | null;
    market: string | null;
    stage: string;
    createdAt: string | null;
  } | null;
  counts: Readonly<Record<string, number>>;
  /** ISO 8601: an erasure was cut off. */
  begunAt: string | null;
  keptOut: boolean;
  keepOut: boolean;
  problem: string | null;
}

/** Who would be erased and what goes with them, and the form that does it after the id was typed. */
export function AdminErasePerson(props: AdminErasePersonProps) {
  const { personId, person, begunAt } = props;
  return (
    <div class="grid gap-4 lg:grid-cols-2 items-start">
      <Card
        title={person?.name ?? `Lead ${personId}`}
        says={person
          ? `Lead ${personId} at ClientTether.`
          : "No lead with this id is stored now. Raw records of earlier syncs may still hold one: erasing looks through all of them."}
      >
        {person && <Facts {...person} />}
        <Counts counts={props.counts} />
      </Card>
      <Card
        title={begunAt === null
          ? "This cannot be undone"
          : "An erasure was cut off"}
        says={begunAt === null
          ? "The person goes with every opportunity, note and activity, from quarantine, from the history of stages and from the raw records of every sync. Saved views of lists that search for the person or are named for them go too. Figures of earlier days name nobody and stay."
          : `It began ${
            formatDateTime(begunAt, "UTC")
          } (UTC) and has not come to its end. Confirm again to have the rest removed; the counts go on where they were.`}
      >
        <EraseForm {...props} />
      </Card>
    </div>
  );
}

function Facts(
  { email, phone, market, stage, createdAt }: NonNullable<
    AdminErasePersonProps["person"]
  >,
) {
  const facts = [
    ["E-mail", email],
    ["Telephone", phone],
    ["Market", market],
    ["Stage", stage],
    ["Created", createdAt && `${formatDateTime(createdAt, "UTC")} (UTC)`],
  ] as const;
  return (
    <dl class="mb-4 grid gap-x-4 gap-y-1 grid-cols-[auto_minmax(0,1fr)]">
      {facts.map(([name, fact]) => (
        <Fragment key={name}>
          <dt class="text-ink-3">{name}</dt>
          <dd class="break-words">{fact ?? formatCount(null)}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

function Counts({ counts }: Pick<AdminErasePersonProps, "counts">) {
  const rows = Object.entries(counts).map(([kind, count]) => ({ kind, count }));
  return (
    <>
      <DataTable
        caption="What goes"
        columns={[
          {
            kind: "text",
            head: "What goes",
            value: ({ kind }) => erasedKindWord(kind),
          },
          { kind: "count", head: "Rows", value: ({ count }) => count },
        ]}
        rows={rows}
        rowKey={({ kind }) => kind}
        empty="Nothing is stored."
      />
      <p class="mt-3 text-small text-ink-3">
        Raw records are looked for while they are removed; the certificate
        counts them.
      </p>
    </>
  );
}

function EraseForm(
  { action, personId, keptOut, keepOut, problem }: AdminErasePersonProps,
) {
  return (
    <form method="post" action={action} class="grid gap-4">
      <input type="hidden" name="id" value={personId} />
      {keptOut
        ? (
          <p>
            Later syncs leave this person out already.
            <input type="hidden" name="keepOut" value="yes" />
          </p>
        )
        : (
          <div>
            <label class="flex items-center gap-2 min-h-target font-semibold">
              <input
                type="checkbox"
                name="keepOut"
                value="yes"
                checked={keepOut}
                aria-describedby="keep-out-hint"
              />
              Keep out of later syncs
            </label>
            <p id="keep-out-hint" class="text-small text-ink-3">
              Otherwise the next sync brings back what ClientTether still has of
              the person.
            </p>
          </div>
        )}
      <AdminField
        label={`Type ${personId} to confirm`}
        name="confirmation"
        problem={problem ?? undefined}
        required
      />
      <div>
        <Button danger>Erase this person</Button>
      </div>
    </form>
  );
}
