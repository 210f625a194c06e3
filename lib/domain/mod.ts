/**
 * The domain: records, figures, time and words. Pure: no I/O, and the same in the server and in the browser.
 * An island imports the one file it needs, so that it carries nothing else.
 *
 * @module
 */
export * from "./address_part.ts";
export * from "./alerts.ts";
export * from "./answers.ts";
export * from "./api_scopes.ts";
export * from "./calendar.ts";
export * from "./carry_forward.ts";
export * from "./clock.ts";
export * from "./column_table.ts";
export * from "./deals.ts";
export * from "./conversion.ts";
export * from "./days_in_stage.ts";
export * from "./delta.ts";
export * from "./earlier_day.ts";
export * from "./errors.ts";
export * from "./fleet.ts";
export * from "./format.ts";
export * from "./format_time.ts";
export * from "./freshness.ts";
export * from "./history.ts";
export * from "./hot_list.ts";
export * from "./kpis.ts";
export * from "./lead_figures.ts";
export * from "./likelihood.ts";
export * from "./list_conditions.ts";
export * from "./list_view.ts";
export * from "./lists.ts";
export * from "./logo.ts";
export * from "./money.ts";
export * from "./one_ahead.ts";
export * from "./movement.ts";
export * from "./new_leads.ts";
export * from "./periods.ts";
export * from "./person_mentions.ts";
export * from "./pipeline_bridge.ts";
export * from "./pipeline_figures.ts";
export * from "./pretty_json.ts";
export * from "./quiet_deals.ts";
export * from "./recent.ts";
export * from "./records.ts";
export * from "./report_versions.ts";
export * from "./schedule.ts";
export * from "./stage_timeline.ts";
export * from "./stage_times.ts";
export * from "./stages.ts";
export * from "./sync_status.ts";
export * from "./text.ts";
export * from "./trail.ts";
export * from "./views.ts";
export * from "./visits.ts";
export * from "./weekly_report.ts";
export * from "./zones.ts";
