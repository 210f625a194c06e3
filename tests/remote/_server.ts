import { RawDatabase } from "./_database.ts";
import {
  readAtomicWrite,
  readSnapshotRead,
  writeAtomicWriteOutput,
  writeSnapshotReadOutput,
} from "./_messages.ts";

/** What is asked of a database. */
export type Call = "metadata" | "snapshot_read" | "atomic_write";

/** What goes wrong with one call: before it is carried out, or when its answer is on the way. */
export interface Fault {
  when: "before" | "after";
  status: number;
}

/** A database that answers as a self-hosted denokv does, on this machine and in memory. */
export interface Denokv extends AsyncDisposable {
  url: string;
  /** How often each was asked for. */
  calls: Record<Call, number>;
  /** Decides about each call; null: nothing goes wrong. */
  fault: (call: Call) => Fault | null;
}

/** What a client has to know. */
export const DENOKV_TOKEN = "denokv-of-the-tests-8317";

/** Starts one that is empty. This process's `Deno.openKv()` gets in. */
export function startDenokv(): Denokv {
  Deno.env.set("DENO_KV_ACCESS_TOKEN", DENOKV_TOKEN);
  const database = new RawDatabase();
  const calls = { metadata: 0, snapshot_read: 0, atomic_write: 0 };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const call = callOf(new URL(request.url).pathname);
      const body = new Uint8Array(await request.arrayBuffer());
      if (!call) return new Response("no such call", { status: 404 });
      calls[call]++;
      const fault = denokv.fault(call);
      const failed = () =>
        new Response("words of the database's", { status: fault!.status });
      if (fault?.when === "before") return failed();
      if (request.headers.get("authorization") !== `Bearer ${DENOKV_TOKEN}`) {
        return new Response("who are you?", { status: 401 });
      }
      const answer = answerTo(call, body);
      return fault ? failed() : answer;
    },
  );
  const answerTo = (call: Call, body: Uint8Array): Response => {
    if (call === "metadata") return Response.json(metadata());
    try {
      return new Response(
        call === "snapshot_read"
          ? writeSnapshotReadOutput(database.read(readSnapshotRead(body)))
          : writeAtomicWriteOutput(database.write(readAtomicWrite(body))),
        { headers: { "content-type": "application/x-protobuf" } },
      );
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return new Response(error.message, { status: 400 });
    }
  };
  const denokv: Denokv = {
    url: `http://127.0.0.1:${server.addr.port}`,
    calls,
    fault: () => null,
    [Symbol.asyncDispose]: async () => {
      await server.shutdown();
      database[Symbol.dispose]();
    },
  };
  return denokv;
}

function callOf(path: string): Call | null {
  switch (path) {
    case "/":
      return "metadata";
    case "/v2/snapshot_read":
      return "snapshot_read";
    case "/v2/atomic_write":
      return "atomic_write";
    default:
      return null;
  }
}

function metadata() {
  return {
    version: 3,
    databaseId: "00000000-0000-0000-0000-000000000000",
    endpoints: [{ url: "/v2", consistency: "strong" }],
    token: DENOKV_TOKEN,
    expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
  };
}
