import * as z from "zod";
import { passwordProblem } from "../lib/auth/mod.ts";
import { UsageError } from "../lib/domain/mod.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How far back the demo's history goes. */
export const HISTORY_DAYS = 24;

const DemoState = z.object({
  startAt: z.int().positive(),
  secret: z.base64().refine((text) =>
    Uint8Array.fromBase64(text).length === 32
  ),
  password: z.string().min(1),
});

/** What makes a second start find the same world. */
export interface DemoState {
  /** When the simulated CRM began, epoch milliseconds. */
  startAt: number;
  /** PORTAL_SECRET. */
  secret: string;
  /** Of every user. */
  password: string;
}

/**
 * The password that DEMO_PASSWORD fixes, or null.
 *
 * @throws {UsageError} when the portal would not let anybody choose it.
 */
export async function fixedPassword(
  text: string | undefined,
): Promise<string | null> {
  if (!text?.trim()) return null;
  const problem = await passwordProblem(text);
  if (problem) throw new UsageError(`Cannot use DEMO_PASSWORD: ${problem}`);
  return text;
}

/**
 * The demo's memory in `dir`, made at the first start. A damaged file is named and left alone.
 *
 * @throws {UsageError} when it is damaged.
 */
export async function keepState(
  dir: string,
  { password, now }: { password: string | null; now: number },
): Promise<DemoState> {
  const file = `${dir}/demo.json`;
  const kept = parseState(file, await readIfThere(file));
  const state: DemoState = {
    startAt: kept?.startAt ??
      Math.floor(now / HOUR_MS) * HOUR_MS - HISTORY_DAYS * DAY_MS,
    secret: kept?.secret ??
      crypto.getRandomValues(new Uint8Array(32)).toBase64(),
    password: password ?? kept?.password ?? crypto
      .getRandomValues(new Uint8Array(9)).toBase64({ alphabet: "base64url" }),
  };
  await Deno.writeTextFile(file, JSON.stringify(state), { mode: 0o600 });
  return state;
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function parseState(file: string, text: string | null): DemoState | null {
  if (text === null) return null;
  try {
    return DemoState.parse(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(
      `Cannot read ${file}: it is damaged. Start anew with --fresh`,
      { cause },
    );
  }
}
