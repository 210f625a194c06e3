/** A part of a brand's data that an API token can open, and what it holds. */
export const API_SCOPES = [
  {
    name: "leads",
    says: "The figures of the Leads page",
  },
  {
    name: "pipeline",
    says: "The figures of the Pipeline page",
  },
  {
    name: "hot-list",
    says: "Candidates near signing, with their names and deal sizes",
  },
  {
    name: "notes",
    says: "The notes, word for word: what people wrote about candidates",
  },
  {
    name: "schedule",
    says: "Activities that lie ahead, with the names of contacts",
  },
  {
    name: "reports",
    says: "The list of published reports",
  },
  {
    name: "status",
    says: "When the data was last updated",
  },
] as const;

export type ApiScope = typeof API_SCOPES[number]["name"];
