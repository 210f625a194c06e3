import type { LiteralRow } from "../../lib/clienttether/simulator/mod.ts";

export const EMOJI_NOTE = "Called about the FDD 🎉 Great mood.";
/** Stands beyond the first 2 KiB of the long note. */
export const BURIED_WORD = "quokka";
export const LONG_NOTE = `${
  "Walked through item 19 of the disclosure document together. ".repeat(60)
}Ends with ${BURIED_WORD}.`;

/** Newest first: 301, 302, 303, and 304, which has no date. */
export const NOTES: LiteralRow[] = [
  {
    id: "303",
    contact_id: "105",
    date: "2026-02-27 14:05:00",
    author: "Sam Ortega",
    content: "Sent the brochure.",
  },
  {
    id: "302",
    contact_id: "107",
    date: "2026-03-09 08:00:00",
    author: "Pat Lindqvist",
    content: LONG_NOTE,
  },
  {
    id: "301",
    contact_id: "101",
    date: "2026-03-10 16:20:00",
    author: '{"first_name":"Sam","last_name":"Ortega"}',
    content: EMOJI_NOTE,
  },
  {
    id: "304",
    contact_id: "",
    date: "0000-00-00 00:00:00",
    author: "",
    content: "Imported from the old system.",
  },
];

function activity(
  id: number,
  type: string,
  at: string,
  [contact, description]: [string, string],
  status: string,
): LiteralRow {
  return {
    id: String(id),
    type,
    scheduled_at: at,
    contact_name: contact,
    description,
    status,
  };
}

/**
 * Today: 401. This week: 403. Later: 407 (the first moment of next week) and 404. Left out: 402 (over), 405 and
 * 406 (cancelled, completed), 408 (last week).
 */
export const ACTIVITIES = [
  activity(401, "Call", "2026-03-11 14:30:00", [
    "Ada Birch",
    "First call",
  ], "Scheduled"),
  activity(402, "Meeting", "2026-03-11 10:00:00", [
    "Bo Castellan",
    "Breakfast",
  ], "Scheduled"),
  activity(403, "Taste Test", "2026-03-13 09:00:00", [
    "Gus Hale",
    "",
  ], "Maybe"),
  activity(404, "Discovery Day", "2026-03-18 13:00:00", [
    "Hollis Imre",
    "At the bakery",
  ], "Scheduled"),
  activity(405, "Call", "2026-03-12 09:00:00", [
    "Cy Dunmore",
    "",
  ], "Canceled"),
  activity(406, "Call", "2026-03-12 10:00:00", ["Di Esker", ""], "Done"),
  activity(407, "Webinar", "2026-03-16 00:00:00", ["Eli Farrow", ""], ""),
  activity(408, "Call", "2026-03-04 10:00:00", ["Fay Garnet", ""], "Scheduled"),
];
