import type {
  Simulator,
  SimulatorServer,
} from "../../../lib/clienttether/simulator/mod.ts";

/** A simulated ClientTether over HTTP that keeps whoever asks for one list waiting. */
export interface Gate extends SimulatorServer {
  /** Resolves when the list has been asked for. */
  reached: Promise<void>;
  /** Lets the answer go, if anybody still waits for it. */
  open(): void;
}

/** @param endpoint what the path of the held request ends with */
export function serveGated(simulator: Simulator, endpoint: string): Gate {
  const asked = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      if (new URL(request.url).pathname.endsWith(endpoint)) {
        asked.resolve();
        await opened.promise;
      }
      return await simulator.handler(request);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    reached: asked.promise,
    open: opened.resolve,
    shutdown: async () => {
      opened.resolve();
      await server.shutdown();
    },
  };
}
