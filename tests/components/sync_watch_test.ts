import { expect } from "@std/expect";
import { describe, it } from "@std/testing/bdd";
import type { SyncFacts } from "../../components/banner_view.ts";
import { createSyncWatch } from "../../components/sync_watch.ts";

const FACTS = { lastSyncAt: null, status: "running", streams: {} };

function watchWith(answer: () => Promise<Response>, isVisible = true) {
  const asked: string[] = [];
  const told: SyncFacts[] = [];
  const silences: number[] = [];
  const watch = createSyncWatch({
    workspace: "a b",
    fetch: (url) => {
      asked.push(url);
      return answer();
    },
    isVisible: () => isVisible,
    onFacts: (facts) => told.push(facts),
    onSilence: () => silences.push(1),
  });
  return { watch, asked, told, silences };
}

describe("createSyncWatch()", () => {
  it("asks for the workspace's status and passes it on", async () => {
    const { watch, asked, told } = watchWith(() =>
      Promise.resolve(Response.json(FACTS))
    );
    await watch.poll();
    expect(asked).toEqual(["/api/sync/status?w=a%20b"]);
    expect(told).toEqual([FACTS]);
  });

  it("says with the first question alone that a page which was fetched in advance is open", async () => {
    const sent: unknown[] = [];
    const watch = createSyncWatch({
      workspace: "a",
      isAhead: true,
      fetch: (_url, { headers }) => {
        sent.push(headers);
        return Promise.resolve(Response.json(FACTS));
      },
      isVisible: () => true,
      onFacts: () => {},
      onSilence: () => {},
    });
    await watch.poll();
    await watch.poll();
    expect(sent).toEqual([{ "x-opened": "ahead" }, undefined]);
  });

  it("asks nothing while nobody looks at the page", async () => {
    const { watch, asked } = watchWith(() => Promise.reject(), false);
    await watch.poll();
    expect(asked).toEqual([]);
  });

  it("keeps what is known while the portal cannot be reached, and tries again", async () => {
    const { watch, asked, told, silences } = watchWith(() =>
      Promise.reject(new TypeError("offline"))
    );
    await watch.poll();
    await watch.poll();
    expect(told).toEqual([]);
    expect(silences).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  it("keeps what is known after an error of the portal", async () => {
    const { watch, told, silences } = watchWith(() =>
      Promise.resolve(new Response("{}", { status: 503 }))
    );
    await watch.poll();
    expect(told).toEqual([]);
    expect(silences).toHaveLength(1);
  });

  it("asks no more once the session has ended", async () => {
    const { watch, asked } = watchWith(() =>
      Promise.resolve(new Response(null, { status: 401 }))
    );
    await watch.poll();
    await watch.poll();
    expect(asked).toHaveLength(1);
  });

  it("asks one question at a time", async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const { watch, asked } = watchWith(() => promise);
    const first = watch.poll();
    await watch.poll();
    expect(asked).toHaveLength(1);
    resolve(Response.json(FACTS));
    await first;
  });

  it("asks nothing after it was stopped", async () => {
    const { watch, asked } = watchWith(() => Promise.reject());
    watch.stop();
    await watch.poll();
    expect(asked).toEqual([]);
  });

  it("says nothing where it is stopped while it waits", async () => {
    const { promise, reject } = Promise.withResolvers<Response>();
    const { watch, silences } = watchWith(() => promise);
    const asked = watch.poll();
    watch.stop();
    reject(new DOMException("aborted", "AbortError"));
    await asked;
    expect(silences).toEqual([]);
  });
});
