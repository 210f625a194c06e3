import {
  type ApiError,
  isPathSegment,
  namedContact,
  noteOfContact,
  type RawRow,
  readList,
} from "../clienttether/mod.ts";
import { idPart, type StreamIndex } from "../store/mod.ts";
import type { RunContext } from "./_run.ts";

/** Answers asked for in one run, unless it reads everything. */
const MAX_REQUESTS = 5_000;
/** After so many contacts in a row that could not be read ClientTether is left alone until the next run. */
const MAX_FAILURES = 3;

/** The notes of one contact. */
export interface ContactHistory {
  rows: RawRow[];
  /** Whether a note that is stored but not among them is gone. */
  whole: boolean;
}

const SAYS_NOTHING: ContactHistory = { rows: [], whole: false };

/** Reads the histories of contacts, as many as one run may ask for. */
export class HistoryReader {
  #requests = 0;
  #failuresInARow = 0;
  /** Contacts that could not be read. */
  failures = 0;
  /** Why the last of them could not. */
  error: ApiError | null = null;

  /** @param leads the stored leads */
  constructor(
    private readonly run: RunContext,
    private readonly leads: Pick<StreamIndex, "has">,
  ) {}

  /** Whether more may be asked for in this run. */
  get open(): boolean {
    const { kind } = this.error ?? {};
    return kind !== "refused" && kind !== "rate_limited" &&
      this.#failuresInARow < MAX_FAILURES &&
      (this.run.full || this.#requests < MAX_REQUESTS);
  }

  /** The history of a contact (an encoded id); null where it could not be read. */
  async read(contact: string): Promise<ContactHistory | null> {
    const contactId = await this.run.writer.contactNotes.leadId(contact);
    if (contactId === null || !isPathSegment(contactId)) return SAYS_NOTHING;
    let rows: RawRow[] = [];
    let silent = false;
    const list = await readList(
      this.run.client,
      "contactNotes",
      { contactId },
      {
        onPage: (more, { page }) => {
          this.#requests++;
          silent ||= page.envelope.code === "CT515";
          for (const row of more) rows.push(this.#owned(contactId, row));
        },
        onRestart: () => rows = [],
      },
    );
    if (!list.ok) return this.#failed(list.error);
    this.#failuresInARow = 0;
    const named = rows.every(({ id }) => id !== null);
    return { rows, whole: list.data.removalsSafe && named && !silent };
  }

  /** A contact that ClientTether does not find, or has no record of, says nothing about its notes. */
  #failed(error: ApiError): ContactHistory | null {
    this.#requests++;
    if (error.kind === "not_found") {
      this.#failuresInARow = 0;
      return SAYS_NOTHING;
    }
    this.error = error;
    this.failures++;
    this.#failuresInARow++;
    return null;
  }

  /** A note is its contact's own, unless it names another lead: histories may show the notes of somebody related. */
  #owned(contactId: string, row: RawRow): RawRow {
    const named = namedContact(row);
    const other = named !== null && this.leads.has(idPart(named));
    return noteOfContact(other ? named : contactId, row);
  }
}
