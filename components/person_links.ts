import { addressPart } from "../lib/domain/address_part.ts";
import type { DealGroup } from "../lib/domain/deals.ts";
import { pageHref, type Place } from "./links.ts";

/**
 * A person's page.
 *
 * @param list the address of the list that the link stands in: the way back
 */
export function personHref(
  workspace: Place,
  id: string,
  list?: string,
): string {
  return pageHref(`/leads/${addressPart(id)}`, workspace, { list });
}

/** What ClientTether sent of a person, for the agency. */
export function rawHref(
  workspace: Place,
  id: string,
  record: { stream?: string; record?: string } = {},
): string {
  return pageHref(`/leads/${addressPart(id)}/raw`, workspace, record);
}

/**
 * The page of one note.
 *
 * @param from what was searched for, which is marked, and the address of the list: the way back
 */
export function noteHref(
  workspace: Place,
  id: string,
  from: { search?: string | undefined; list?: string | undefined } = {},
): string {
  return pageHref(`/notes/${addressPart(id)}`, workspace, { ...from });
}

/** Where opportunities are listed. */
export const DEALS = "/pipeline/opportunities";

/** The opportunities that a figure counts. */
export function dealsHref(
  workspace: Place,
  filter: { group?: DealGroup; stage?: string } = {},
): string {
  return pageHref(DEALS, workspace, filter);
}

/** Where deals without activity are listed. */
export const QUIET = "/pipeline/quiet";

/** Where the changes of the pipeline's value are listed. */
export const VALUE = "/pipeline/value";

/** Where is listed who entered a stage, and what became of them. */
export const ENTRIES = "/pipeline/entries";

/** Where stalled deals are listed, all of them. */
export const STALLED = "/pipeline/stalled";

/** Where moves between stages are listed. */
export const MOVES = "/pipeline/moves";
