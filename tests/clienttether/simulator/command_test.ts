import { describe, it } from "@std/testing/bdd";
import { expect } from "@std/expect";
import { DEMO_ACCESS_TOKEN } from "../../../lib/clienttether/simulator/mod.ts";

const COMMAND = new URL("../../../cli/simulator.ts", import.meta.url);

function start(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", COMMAND.href, ...args],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

describe("cli/simulator.ts", () => {
  it("serves the demo brands until it is told to stop", async () => {
    const process = start("--port", "0", "--seed", "7");
    const reader = process.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    const { value = "" } = await reader.read();
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(value)?.[0];
    const response = await fetch(`${url}/v2/api/read_client_list?limit=1`, {
      headers: {
        "x-web-key": "demo-web-key-alder",
        "x-access-token": DEMO_ACCESS_TOKEN,
      },
    });
    expect(response.status).toBe(200);
    expect((await response.json()).TotalRecord).toBe(520);
    process.kill("SIGTERM");
    expect((await process.status).code).toBe(0);
    await reader.cancel();
    await process.stderr.cancel();
  });

  it("leaves with code 2 where it is used wrongly", async () => {
    for (const args of [["--port", "x"], ["--brands", "none"], ["--what"]]) {
      const { code, stderr } = await start(...args).output();
      expect(code).toBe(2);
      expect(new TextDecoder().decode(stderr)).toMatch(/^Cannot do this: /);
    }
  });
});
