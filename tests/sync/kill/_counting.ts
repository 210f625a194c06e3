/**
 * The process of which two contend for one database file: counts a row up to a number, one commit after the other.
 * Arguments: the file, the row, the number. Says "locked" whenever it has found the database locked.
 */
import { systemClock } from "../../../lib/domain/mod.ts";
import { createKvPort } from "../../../lib/store/_kv.ts";

const [path = "", row = "", times = "0"] = Deno.args;
const encoder = new TextEncoder();
const say = (line: string) =>
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));

const port = createKvPort(await Deno.openKv(path), {
  deadlineMs: 30_000,
  clock: {
    now: systemClock.now,
    sleep: (ms, signal) => {
      say("locked");
      return systemClock.sleep(ms, signal);
    },
  },
});
say("ready");
await Deno.stdin.read(new Uint8Array(16));
const key = ["count", row];
for (let n = 0; n < Number(times); n++) {
  const { value, versionstamp } = await port.get<number>(key);
  const outcome = await port.commit({
    checks: [{ key, versionstamp }],
    sets: [{ key, value: (value ?? 0) + 1 }],
  });
  if (!outcome.ok) throw new Error(`The row '${row}' changed meanwhile`);
}
say("done");
port.close();
