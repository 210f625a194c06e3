/**
 * What `deno task cost` measured: a first sync, an hour without a change, the first hour of a new day, an hour with
 * changes, and a page, for a brand of 500 and one of 2,000 leads (half as many opportunities, as many notes), by real
 * syncs against the simulator. KV units as Deno Deploy bills them: 4 KiB read, 1 KiB written. Processor time includes
 * what the runtime does beside the sync; the machine had 2 busy cores, so that it is an upper bound.
 */
export const MEASURED = {
  date: "2026-11-29",
  /** Leads, opportunities and notes of the two brands. */
  records: [1_250, 5_000],
  first: { reads: [195, 630], writes: [3_324, 12_874], requests: [15, 52] },
  quiet: {
    reads: [31, 55],
    writes: [10, 10],
    requests: [11, 34],
    cpuMs: [101, 201],
  },
  day: {
    reads: [62, 143],
    writes: [24, 22],
    requests: [15, 52],
    cpuMs: [85, 311],
  },
  /** Of one record that changed: the larger of both brands. */
  change: { reads: 11.2, writes: 6.7, cpuMs: 5.0, rawBytes: 155 },
  /** Bytes of keys and values after the first sync. */
  stored: [1_606_917, 6_234_165],
  /**
   * The packed text of the notes of a tenant with so many or more (`bench search`, 100,000 notes): bytes a note, and how
   * often it is written for each that changed, where changes are scattered; new notes lie together and cost hardly any.
   */
  notesText: { from: 5_000, bytes: 35, share: 1 / 400 },
  /** Of each tenant in the hourly tick, before any is synced. */
  tick: { reads: 4.2, writes: 1 },
  page: { reads: 24.3, cpuMs: 18.7 },
  /** Most bytes resident of a process that syncs one brand at a time. */
  peakMemory: [111_529_984, 142_020_608],
} as const;
