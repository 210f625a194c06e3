import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import type { ClientOptions } from "../../lib/clienttether/mod.ts";
import {
  ACCESS_TOKEN,
  createHarness,
  dataOf,
  envelope,
  errorOf,
  leads,
  WEB_KEY,
} from "./_helpers.ts";

describe("over real HTTP", () => {
  let server: Deno.HttpServer<Deno.NetAddr>;
  let answer: (request: Request) => Response | Promise<Response>;
  let seen: Headers[];

  beforeEach(() => {
    seen = [];
    const onListen = () => {};
    server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen }, (r) => {
      // A request cannot be read any more once it is answered.
      seen.push(new Headers(r.headers));
      return answer(r);
    });
  });

  afterEach(async () => {
    await server.shutdown();
  });

  function harness(options: Partial<ClientOptions> = {}) {
    const baseUrl = `http://127.0.0.1:${server.addr.port}`;
    return createHarness(fetch, { baseUrl, ...options });
  }

  it("the keys arrive, and the list comes back whole", async () => {
    const list = leads(250);
    answer = ({ url }) => {
      const offset = Number(new URL(url).searchParams.get("offset"));
      return envelope(list.slice(offset, offset + 100), 250);
    };
    const { client } = harness();
    expect(dataOf(await client.getLeads()).length).toBe(250);
    expect(seen.length).toBe(3);
    for (const headers of seen) {
      expect(headers.get("x-web-key")).toBe(WEB_KEY);
      expect(headers.get("x-access-token")).toBe(ACCESS_TOKEN);
      expect(headers.get("accept")).toBe("application/json");
    }
  });

  it("a redirect is refused and the keys go nowhere else", async () => {
    answer = () =>
      new Response("moved", {
        status: 302,
        headers: { location: "/elsewhere" },
      });
    const error = errorOf(await harness().client.getLeads());
    expect(error).toMatchObject({ kind: "terminal", httpStatus: 302 });
    expect(seen.length).toBe(1);
  });

  it("a small answer that unpacks to a giant one is cut off", async () => {
    answer = () => {
      const zeros = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          for (let i = 0; i < 64; i++) {
            controller.enqueue(new Uint8Array(256 * 1024));
          }
          controller.close();
        },
      });
      const body = zeros.pipeThrough(new CompressionStream("gzip"));
      return new Response(body, { headers: { "content-encoding": "gzip" } });
    };
    const { client } = harness({ bodyCapBytes: 1024 * 1024 });
    const error = errorOf(await client.getLeads());
    expect(error).toMatchObject({
      kind: "damaged",
      message: "ClientTether sent more than 1 MiB in one answer",
    });
    expect(seen.length).toBe(1);
  });

  it("a stall in the middle of the body meets the deadline", async () => {
    const stalled: ReadableStreamDefaultController<Uint8Array>[] = [];
    let fire = () => {};
    answer = () => {
      const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          stalled.push(controller);
          controller.enqueue(new TextEncoder().encode('{"data":['));
          setTimeout(() => fire());
        },
      });
      return new Response(body);
    };
    const { client, clock } = harness({
      startTimer: (_ms, onLate) => {
        fire = onLate;
        return () => {};
      },
    });
    const error = errorOf(await client.getLeads());
    expect(error.message).toBe(
      "ClientTether did not answer within 30 s four times",
    );
    expect(clock.sleeps).toEqual([1000, 2000, 4000]);
  });

  it("a connection that breaks in the middle of the body is tried again", async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const half = 'HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{"data":[';
    const breaking = async () => {
      for await (const connection of listener) {
        await connection.read(new Uint8Array(4096));
        await connection.write(new TextEncoder().encode(half));
        connection.close();
      }
    };
    const broken = breaking();
    const { port } = listener.addr;
    const { client, clock } = harness({ baseUrl: `http://127.0.0.1:${port}` });
    const error = errorOf(await client.getLeads());
    expect(error).toMatchObject({
      kind: "transient",
      httpStatus: 200,
      message: "ClientTether broke off its answer four times",
    });
    expect(clock.sleeps).toEqual([1000, 2000, 4000]);
    listener.close();
    await broken;
  });

  it("a server that is not there is tried again and named", async () => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const { client } = harness({ baseUrl: `http://127.0.0.1:${port}` });
    const error = errorOf(await client.getLeads());
    expect(error).toMatchObject({
      kind: "transient",
      httpStatus: null,
      message: "ClientTether refused the connection four times",
    });
  });

  it("the deadline's own timer is gone when the answer is there", async () => {
    answer = () => envelope(leads(1), 1);
    const { client } = harness({ deadlineMs: 3_600_000 });
    expect(dataOf(await client.getLeads()).length).toBe(1);
  });
});
