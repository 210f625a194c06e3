/**
 * What stands between a request and its route: state, guards, security headers, error answers.
 *
 * @module
 */
export * from "./admin_guard.ts";
export * from "./api_description.ts";
export * from "./api_endpoints.ts";
export type * from "./api_schemas.ts";
export * from "./api_tokens.ts";
export * from "./app.ts";
export * from "./audit.ts";
export * from "./audit_query.ts";
export * from "./calendar.ts";
export * from "./calendar_guard.ts";
export * from "./candidates.ts";
export * from "./client_address.ts";
export * from "./config.ts";
export * from "./connection.ts";
export * from "./cookies.ts";
export * from "./csv.ts";
export * from "./deals.ts";
export * from "./define.ts";
export {
  catchErrors,
  type ErrorView,
  isApi,
  logOf,
  type RenderError,
} from "./errors.ts";
export * from "./fleet.ts";
export * from "./forms.ts";
export * from "./from_cursor.ts";
export * from "./guard.ts";
export * from "./json.ts";
export * from "./later.ts";
export * from "./links.ts";
export * from "./list_ask.ts";
export * from "./list_cursor.ts";
export * from "./list_file.ts";
export * from "./list_link.ts";
export * from "./list_query.ts";
export * from "./list_rows.ts";
export * from "./logging.ts";
export * from "./logos.ts";
export * from "./mail.ts";
export * from "./mail_texts.ts";
export * from "./method.ts";
export * from "./next.ts";
export * from "./notes_query.ts";
export * from "./notes_query.ts";
export * from "./origin.ts";
export * from "./passkey_party.ts";
export * from "./people.ts";
export * from "./people_guard.ts";
export * from "./period.ts";
export * from "./person_erasure.ts";
export * from "./portal.ts";
export * from "./pipeline_history.ts";
export * from "./problem.ts";
export * from "./public.ts";
export * from "./quarantine_retry.ts";
export * from "./query.ts";
export * from "./quiet_deals.ts";
export * from "./readiness.ts";
export * from "./reports.ts";
export * from "./renewed_answer.ts";
export * from "./run_watch.ts";
export * from "./same_origin.ts";
export * from "./saved_views.ts";
export * from "./second_factor_guard.ts";
export * from "./security.ts";
export * from "./sign_in_answer.ts";
export * from "./signed_in.ts";
export * from "./stalled_deals.ts";
export { publicReason } from "./standing.ts";
export type * from "./state.ts";
export * from "./sync_events.ts";
export * from "./sync_feed.ts";
export * from "./tenant_changes.ts";
export * from "./tenant_form.ts";
export * from "./tenant_lookup.ts";
export { assertDayTold, timeTravel } from "./time_travel.ts";
export * from "./user_changes.ts";
export * from "./views.ts";
export * from "./visitor.ts";
export * from "./visits.ts";
export * from "./workspace.ts";
