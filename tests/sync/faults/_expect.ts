import { expect } from "@std/expect";
import type { StreamName } from "../../../lib/domain/mod.ts";
import type { SyncReport } from "../../../lib/sync/mod.ts";
import { differences } from "../../_dump.ts";
import type { Seen } from "./_matrix.ts";
import { withoutTime } from "./_served.ts";

/**
 * The sync failed with this sentence and no other. The failed streams kept their rows to the last version, and what
 * is shown of them; the others went on; the time of the last complete sync stays.
 */
export function expectFailed(
  seen: Seen,
  errorMessage: string,
  ...failed: StreamName[]
): void {
  const { report, before, after } = seen;
  expect(report).toMatchObject({ status: "failed", errorMessage });
  for (const [name, { status, error }] of Object.entries(report.streams)) {
    const stream = name as StreamName;
    const expected = failed.includes(stream) ? "failed" : "success";
    expect([stream, status]).toEqual([stream, expected]);
    if (status === "success") continue;
    expect(errorMessage).toContain(error);
    expectKept(seen, stream);
  }
  expect(after.state).toMatchObject({
    status: "failed",
    errorMessage,
    lastSyncAt: before.state.lastSyncAt,
  });
}

/** A refused key: the stream says so, those after it were not asked, all of them kept what they had. */
export function expectRefused(
  seen: Seen,
  errorMessage: string,
  refused: StreamName,
  ...notAsked: StreamName[]
): void {
  const { report, before, after } = seen;
  expect(report).toMatchObject({ status: "failed", errorMessage });
  expect(report.streams[refused]!.status).toBe("refused");
  expectKept(seen, refused);
  for (const stream of notAsked) {
    expect(report.streams[stream]!.status).toBe("not_asked");
    expect(seen.asked(stream)).toBe(0);
    expectKept(seen, stream);
  }
  expect(after.state).toMatchObject({
    errorMessage,
    lastSyncAt: before.state.lastSyncAt,
  });
  expect(after.state.cursor.notesReadAt).toBe(before.state.cursor.notesReadAt);
}

/** The sync took the fault in its stride. */
export function expectSuccess({ report, after }: Seen): void {
  expect(report).toMatchObject({ status: "success", errorMessage: null });
  expect(after.state).toMatchObject({
    status: "success",
    lastSyncAt: after.state.finishedAt,
  });
}

/** Nothing of a stream was written, and what is shown of it is the last good. */
export function expectKept(seen: Seen, stream: StreamName): void {
  const { before, after } = seen;
  const rows = seen.rows(stream);
  expect(Object.keys(rows.before).length).toBeGreaterThan(0);
  expect(differences(rows.after, rows.before)).toEqual([]);
  expect(after.state.streams[stream]!.lastSuccessAt)
    .toBe(before.state.streams[stream]!.lastSuccessAt);
  expect(after.state.counts[stream]).toBe(before.state.counts[stream]);
  if (stream === "leads") {
    expect(after.leads).toEqual(before.leads);
    // Which leads are recent is a matter of the hour.
    const [
      { createdRecently: _now, createdRecentlyFrom: _nowFrom, ...now },
      { createdRecently: _then, createdRecentlyFrom: _thenFrom, ...then },
    ] = [withoutTime(after.views.leads), withoutTime(before.views.leads)];
    expect(now).toEqual(then);
  }
  if (stream === "opportunities") {
    // Who stands on a stage comes from the leads, which stages there are from the cycles: both stand alone.
    const { stageLeads: _leads, after: _beside, ...pipeline } = withoutTime(
      after.views.pipeline,
    );
    expect(withoutTime(before.views.pipeline)).toMatchObject(pipeline);
  }
  if (stream === "notes") expect(after.notes).toEqual(before.notes);
  if (stream === "activities") expect(after.schedule).toEqual(before.schedule);
}

/** fetched = written + unchanged + quarantined; a stream that failed wrote nothing. */
export function assertCounts({ streams }: SyncReport): void {
  for (const [name, result] of Object.entries(streams)) {
    const { status, fetched, written, unchanged, quarantined } = result;
    if (status !== "success") expect([name, written]).toEqual([name, 0]);
    else {
      const counted = written + unchanged + quarantined;
      expect([name, counted]).toEqual([name, fetched]);
    }
  }
}
