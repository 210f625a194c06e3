import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  it,
} from "@std/testing/bdd";
import { expect } from "@std/expect";
import {
  type BadInputRig,
  createBadInputRig,
  expectSentence,
  isThere,
  rowsOf,
} from "./_bad_input.ts";

let rig: BadInputRig;

beforeAll(async () => {
  rig = await createBadInputRig();
});

beforeEach(() => {
  rig.env.set("DENO_KV_PATH", rig.path);
});

afterAll(async () => await rig[Symbol.asyncDispose]());

describe("portal restore of a file that is no good backup", () => {
  async function gzip(text: string): Promise<Uint8Array<ArrayBuffer>> {
    const packed = new Blob([text]).stream()
      .pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(packed).arrayBuffer());
  }

  async function lines(): Promise<string[]> {
    const unpacked = (await Deno.open(rig.backup)).readable
      .pipeThrough(new DecompressionStream("gzip"));
    return (await new Response(unpacked).text()).split("\n");
  }

  /** With its first line changed. */
  async function headed(change: object): Promise<Uint8Array<ArrayBuffer>> {
    const [head = "{}", ...rest] = await lines();
    const first = JSON.stringify({ ...JSON.parse(head), ...change });
    return await gzip([first, ...rest].join("\n"));
  }

  const DAMAGED = /^Cannot restore: the file is damaged, or no backup of/;
  const wrong: [what: string, says: RegExp, make: () => Promise<Uint8Array>][] =
    [
      ["is empty", DAMAGED, () => Promise.resolve(new Uint8Array())],
      [
        "is no gzip",
        DAMAGED,
        () => Promise.resolve(new TextEncoder().encode("id,name\n")),
      ],
      ["is another program's", DAMAGED, () => gzip('{"books":[]}\n')],
      [
        "was cut off",
        DAMAGED,
        async () => {
          const bytes = await Deno.readFile(rig.backup);
          return bytes.subarray(0, bytes.length / 2);
        },
      ],
      [
        "lost its last line",
        DAMAGED,
        async () => await gzip((await lines()).slice(0, -2).join("\n") + "\n"),
      ],
      [
        "has a wrong byte",
        DAMAGED,
        async () => {
          const bytes = await Deno.readFile(rig.backup);
          bytes[bytes.length >> 1]! ^= 0x40;
          return bytes;
        },
      ],
      [
        "has a newer format",
        /has format 99, .+ Install the newer release$/,
        () => headed({ version: 99 }),
      ],
      [
        "has a newer schema",
        /schema is version 99, .+ Install the newer release$/,
        () => headed({ schemaVersion: 99 }),
      ],
    ];

  for (const [what, says, make] of wrong) {
    it(`fails in one sentence and touches nothing where it ${what}`, async () => {
      const file = `${rig.dir}/wrong.jsonl.gz`;
      await Deno.writeFile(file, await make());
      expectSentence(await rig.run("restore", file, "--replace"), says, 1);
      expect(await rowsOf(rig.path)).toEqual(rig.before);
      const none = `${rig.dir}/untouched.sqlite3`;
      rig.env.set("DENO_KV_PATH", none);
      expectSentence(await rig.run("restore", file), says, 1);
      expect(await isThere(none)).toBe(false);
    });
  }
});
