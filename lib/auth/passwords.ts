import { Buffer } from "node:buffer";
import { scrypt, timingSafeEqual } from "node:crypto";
import { TerminalError } from "../domain/mod.ts";
import { createLimiter, type LimiterOptions } from "./_limiter.ts";

/** The cost of one scrypt hash (RFC 7914). Memory is about 128 * N * r bytes. */
export interface ScryptCost {
  /** CPU and memory cost, a power of two. */
  N: number;
  /** Block size. */
  r: number;
  /** Parallelization: here it multiplies the time, not the memory. */
  p: number;
}

/** OWASP's password storage cheat sheet: the scrypt row with the least memory, 32 MiB. */
export const DEFAULT_COST: ScryptCost = { N: 2 ** 15, r: 8, p: 3 };

export interface PasswordsOptions extends Partial<LimiterOptions> {
  cost?: ScryptCost;
  /** Random bytes for salts. */
  random?: (size: number) => Uint8Array;
}

/** Hashes and checks passwords, never more than a few at once. */
export interface Passwords {
  /** A new hash that carries its parameters: `scrypt$N=32768,r=8,p=3$salt$key`. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password is the one that was hashed. Without a hash (no such user, or one who has no
   * password yet) it takes the time of a check and answers false.
   */
  verify(password: string, hash: string | null): Promise<boolean>;
  /** Whether the hash was made at another cost than today's. */
  needsRehash(hash: string): boolean;
}

const SALT_BYTES = 16;
const KEY_BYTES = 32;
const FORMAT =
  /^scrypt\$N=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

interface ParsedHash {
  cost: ScryptCost;
  salt: Uint8Array;
  key: Uint8Array;
}

/**
 * @throws {ThrottledError} from `hash` and `verify` when too many already wait.
 */
export function createPasswords(options: PasswordsOptions = {}): Passwords {
  const { cost = DEFAULT_COST, concurrent = 2, queue = 16 } = options;
  const random = options.random ??
    ((size: number) => crypto.getRandomValues(new Uint8Array(size)));
  const limiter = createLimiter({ concurrent, queue });
  const nobody: ParsedHash = {
    cost,
    salt: random(SALT_BYTES),
    key: random(KEY_BYTES),
  };

  return {
    async hash(password) {
      const salt = random(SALT_BYTES);
      const key = await limiter.run(() => derive(password, salt, cost));
      return formatHash({ cost, salt, key });
    },
    async verify(password, hash) {
      const stored = hash === null ? nobody : parseHash(hash);
      const key = await limiter.run(() =>
        derive(password, stored.salt, stored.cost)
      );
      return timingSafeEqual(key, stored.key) && stored !== nobody;
    },
    needsRehash(hash) {
      const stored = parseHash(hash).cost;
      return stored.N !== cost.N || stored.r !== cost.r || stored.p !== cost.p;
    },
  };
}

/** The process's own: all sign-ins share its limit, and so its memory. */
export const passwords: Passwords = createPasswords();

/** Unicode spells some letters in two ways; a keyboard decides which one arrives. */
function normalize(password: string): string {
  return password.normalize("NFC");
}

function derive(
  password: string,
  salt: Uint8Array,
  { N, r, p }: ScryptCost,
): Promise<Uint8Array> {
  // Node refuses more than 32 MiB unless told; the double leaves room for its own bookkeeping.
  const maxmem = 256 * N * r;
  return new Promise((resolve, reject) => {
    scrypt(
      normalize(password),
      salt,
      KEY_BYTES,
      { N, r, p, maxmem },
      (error, key) => error ? reject(error) : resolve(key),
    );
  });
}

function formatHash({ cost: { N, r, p }, salt, key }: ParsedHash): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
  return `scrypt$N=${N},r=${r},p=${p}$${text(salt)}$${text(key)}`;
}

function parseHash(hash: string): ParsedHash {
  const [, N, r, p, salt, key] = FORMAT.exec(hash) ?? [];
  const bytes = Buffer.from(key ?? "", "base64url");
  if (!N || !r || !p || !salt || bytes.length !== KEY_BYTES) {
    throw new TerminalError(
      "Cannot check a password: its stored hash is not one of this portal",
    );
  }
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, "base64url"),
    key: bytes,
  };
}
