import type { StreamName } from "../domain/mod.ts";
import { ACTIVITY_FIELDS, OPPORTUNITY_FIELDS } from "./_fields.ts";
import { idText, pick } from "./_pick.ts";
import { namedContact } from "./raw_row.ts";
import type { RawRow } from "./types.ts";

/** The id of the person whom a row is about; null where it names none. */
export function personOf(stream: StreamName, row: RawRow): string | null {
  switch (stream) {
    case "cycles":
      return null;
    case "leads":
      return row.id;
    case "opportunities":
      return idText(pick(row.value, OPPORTUNITY_FIELDS.client_id.aliases));
    case "notes":
      return row.contactId ?? namedContact(row);
    case "activities":
      return idText(pick(row.value, ACTIVITY_FIELDS.contact_id.aliases));
  }
}
