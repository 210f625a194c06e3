import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { createSimulator } from "../../lib/clienttether/simulator/mod.ts";
import { startEnvironment } from "../../cli/start.ts";
import { systemClock } from "../../lib/domain/mod.ts";
import { TEST_ACCESS_TOKEN, TEST_SECRET, TEST_WEB_KEY } from "../_sync.ts";
import { Collector, type ReceivedSpan } from "./_collector.ts";
import type { Hello } from "./_portal.ts";

const ROOT = new URL("../../", import.meta.url);
const LEAD = "771234598761";
const PERSON = ["Zebulon", "Quimbysson", "zebulon@example.com", LEAD];
const SEARCHED = "searched-for-55";
const TOKEN = "t".repeat(43);
const CANARIES = Deno.readTextFileSync(
  new URL("tests/canary_secrets.txt", ROOT),
)
  .trim().split("\n");

/** A brand with one person and a note of theirs; its notes are asked for by addresses that hold the person's id. */
const startUpstream = () =>
  createSimulator({
    seed: 7,
    clock: systemClock,
    brands: [{
      name: "Test Brand",
      webKey: TEST_WEB_KEY,
      accessToken: TEST_ACCESS_TOKEN,
      timezone: "America/New_York",
      leads: 5,
      notesList: false,
      records: {
        leads: [{
          client_id: LEAD,
          first_name: "Zebulon",
          last_name: "Quimbysson",
          email: "zebulon@example.com",
        }],
        notes: [{
          id: "9001",
          contact_id: LEAD,
          date: "2026-03-11 10:00:00",
          content: "Great mood CANARYQX7",
        }],
      },
    }],
  }).serve();

interface Outcome {
  statuses: number[];
  /** What the process logged, a JSON object a line. */
  log: { message: string; properties: Record<string, unknown> }[];
  logText: string;
}

/** One sync and some requests of a portal that tells this collector. */
async function run(
  collector: string,
  hasCome: () => Promise<void> = () => Promise.resolve(),
): Promise<Outcome> {
  const upstream = startUpstream();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", "tests/telemetry/_portal.ts"],
    cwd: ROOT,
    env: {
      OTEL_DENO: "true",
      ...startEnvironment(() => "true"),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_METRIC_EXPORT_INTERVAL: "500",
      OTEL_BSP_SCHEDULE_DELAY: "200",
      PORTAL_SECRET: TEST_SECRET,
      TEST_KEY: TEST_WEB_KEY,
      CLIENTTETHER_API_URL: upstream.url,
      CLIENTTETHER_ACCESS_TOKEN: TEST_ACCESS_TOKEN,
      CLIENTTETHER_MAX_RPS: "0",
      DENO_KV_PATH: ":memory:",
      DENO_TIMELINE: "",
      LOG_LEVEL: "info",
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const log = new Response(child.stderr).text();
  const { hello, rest } = await helloOf(child.stdout);
  const statuses: number[] = [];
  for (
    const path of [
      `/leads/${LEAD}?w=test-brand`,
      `/notes?w=test-brand&search=${SEARCHED}`,
      `/reset/${TOKEN}`,
      `/nowhere/${SEARCHED}`,
    ]
  ) {
    // Whoever asks for a trace of the address does not get one.
    const headers = {
      cookie: hello.cookie,
      traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    };
    const answer = await fetch(hello.url + path, { headers });
    statuses.push(answer.status);
    await answer.body?.cancel();
  }
  await hasCome();
  await child.stdin.close();
  await rest;
  await child.status;
  await upstream.shutdown();
  const logText = await log;
  const lines = logText.split("\n").filter((line) => line.startsWith("{"));
  return { statuses, logText, log: lines.map((line) => JSON.parse(line)) };
}

/** The first line of an output; the rest must be read, too. */
async function helloOf(output: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = output.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { value, done } = await reader.read();
    if (done) throw new Error("Cannot go on: the portal did not start");
    text += value;
  }
  const rest = (async () => {
    while (!(await reader.read()).done);
  })();
  return {
    hello: JSON.parse(text.slice(0, text.indexOf("\n"))) as Hello,
    rest,
  };
}

describe("telemetry", () => {
  it("tells of one sync and one page by OTLP, without a secret, a note, a person or a query", async () => {
    await using collector = new Collector();
    const { statuses, log, logText } = await run(
      collector.url,
      () =>
        collector.until(() =>
          collector.metrics.has("tetherboard.data.age") &&
          collector.spans.some(({ name }) => name === "GET unknown")
        ),
    );
    expect(statuses).toEqual([200, 200, 404, 404]);
    const { spans, metrics } = collector;
    const named = (name: string) => spans.filter((span) => span.name === name);
    const parentOf = ({ parentSpanId }: ReceivedSpan) =>
      spans.find(({ spanId }) => spanId === parentSpanId);

    const [sync] = named("run");
    expect(sync?.attributes).toMatchObject({
      tenant: "test-brand",
      status: "success",
    });
    const streams = named("stream");
    expect(streams.map(({ attributes: { stream } }) => stream).sort()).toEqual([
      "activities",
      "cycles",
      "leads",
      "notes",
      "opportunities",
    ]);
    expect(new Set(streams.map(({ parentSpanId }) => parentSpanId)))
      .toEqual(new Set([sync?.spanId]));
    const pages = named("page");
    expect(pages.map(({ attributes: { endpoint } }) => endpoint))
      .toContain("contactNotes");
    for (const page of pages) expect(parentOf(page)?.name).toBe("stream");
    const commits = named("kv commit");
    expect(commits.some((commit) => parentOf(commit)?.name === "stream"))
      .toBe(true);

    const [lead] = named("GET /leads/:id");
    expect(lead?.attributes).toMatchObject({
      "http.route": "/leads/:id",
      "http.response.status_code": 200,
      tenant: "test-brand",
    });
    const commit = commits.find(({ traceId }) => traceId === sync?.traceId);
    expect(commit).toBeDefined();
    expect(named("GET /notes").length).toBe(1);
    expect(named("GET /reset/:token").length).toBe(1);
    expect(named("GET unknown").length).toBe(1);

    const points = (name: string) => metrics.get(name) ?? [];
    const total = (name: string) =>
      points(name).reduce((sum, { value }) => sum + value, 0);
    expect(points("tetherboard.runs")).toEqual([
      { attributes: { tenant: "test-brand", status: "success" }, value: 1 },
    ]);
    const [age] = points("tetherboard.data.age");
    expect(age?.attributes).toEqual({ tenant: "test-brand" });
    expect(age?.value).toBeLessThan(300);
    expect(points("tetherboard.records.quarantined").length).toBe(5);
    expect(total("tetherboard.kv.operations")).toBeGreaterThan(10);
    expect(total("tetherboard.kv.bytes")).toBeGreaterThan(1_000);
    expect(total("tetherboard.upstream.requests")).toBe(pages.length);
    expect(total("tetherboard.upstream.duration")).toBe(pages.length);

    const told = collector.bodies.join("\n");
    for (const secret of [...CANARIES, ...PERSON, SEARCHED, TOKEN]) {
      expect([secret, told.includes(secret)]).toEqual([secret, false]);
      // A log names what was asked for where no route knows it.
      const mayStand = secret === SEARCHED;
      expect([secret, mayStand || !logText.includes(secret)])
        .toEqual([secret, true]);
    }

    const line = log.find(({ properties }) =>
      properties.route === "/leads/:id"
    );
    expect(line?.properties).toMatchObject({
      method: "GET",
      status: 200,
      tenant: "test-brand",
      trace: lead?.traceId,
      requestId: lead?.attributes.request_id,
    });
    const ran = log.find(({ message }) => message.startsWith("Sync of"));
    expect(ran?.properties).toMatchObject({
      tenant: "test-brand",
      status: "success",
    });
    expect(ran?.properties.runId).toMatch(/^[0-9A-Z]{26}$/);
    expect(typeof ran?.properties.ms).toBe("number");
    expect(typeof ran?.properties.recordsUpdated).toBe("number");
  });

  it("is no matter where the collector cannot be reached: the portal serves on", async () => {
    const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = gone.addr;
    gone.close();
    const { statuses } = await run(`http://127.0.0.1:${port}`);
    expect(statuses).toEqual([200, 200, 404, 404]);
  });
});
