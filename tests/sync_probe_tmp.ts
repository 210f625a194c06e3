import { createRig, mutations } from "./_sync.ts";
import { HOUR } from "./_clock.ts";
const rig = createRig({ brand: { leads: 10000 } });
Deno.test("budget", async () => {
  const r = await rig;
  const t0 = Date.now();
  console.log(await r.sync().then((x) => [x.status, x.recordsUpdated, x.errorMessage]), Date.now() - t0);
  for (const at of ["2026-03-11T16:00:00Z", "2026-03-12T04:30:00Z", "2026-03-12T05:30:00Z","2026-03-12T07:30:00Z"]) {
    r.clock.set(at);
    r.operations.length = 0;
    const t = Date.now();
    const rep = await r.sync();
    console.log(at, rep.status, rep.recordsUpdated, mutations(r.operations), Date.now() - t, JSON.stringify(Object.fromEntries(Object.entries(rep.streams).map(([k, v]) => [k, [v.fetched, v.written, v.removed]]))));
    for (const o of r.operations) if (o.kind === "commit") console.log("   ", o.keys.map((k) => k.slice(k[0]==="t"?2:0).map(x=>String(x).slice(0,12)).join("/")).join(" "));
  }
  r.dispose();
});
