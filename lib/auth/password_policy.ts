/** NIST SP 800-63B and ASVS 6.2: length matters, composition rules do not. */
export const MIN_PASSWORD_LENGTH = 12;
/** Long enough for every passphrase, short enough that hashing it costs nothing extra. */
export const MAX_PASSWORD_LENGTH = 128;

/** Whose password it is to be, as far as that is known. */
export interface PasswordOwner {
  email?: string;
}

/** A shorter local part of an address would forbid too much. */
const MIN_NAME_LENGTH = 4;
/** So many digits and signs around a common password do not make it a rare one. */
const MAX_TRIMMINGS = 6;
/** Less than this over and over is no password: "abcabcabcabc". */
const MIN_UNIT_LENGTH = 4;
/** What guessers of this product try first; no list has it. */
const OUR_OWN = ["tetherboard", "clienttether", "franchise"];

/**
 * Why a new password is refused, as a sentence for people; null when it is accepted.
 * Lengths count characters (code points) after NFC, so that no alphabet is at a disadvantage.
 */
export async function passwordProblem(
  password: string,
  { email = "" }: PasswordOwner = {},
): Promise<string | null> {
  const normal = password.normalize("NFC");
  const { length } = [...normal];
  if (length < MIN_PASSWORD_LENGTH) {
    return `The password is too short: use at least ${MIN_PASSWORD_LENGTH} characters`;
  }
  if (length > MAX_PASSWORD_LENGTH) {
    return `The password is too long: use at most ${MAX_PASSWORD_LENGTH} characters`;
  }
  const folded = normal.toLowerCase();
  if (namesOf(email).some((name) => folded.includes(name))) {
    return "The password contains the e-mail address: choose another";
  }
  if (isCommon(folded, await loadCommon())) {
    return "The password is one that many people use: choose another";
  }
  return null;
}

/** The address and its local part; the address contains every longer match of the latter. */
function namesOf(email: string): string[] {
  const address = email.trim().normalize("NFC").toLowerCase();
  const local = address.slice(0, Math.max(0, address.lastIndexOf("@")));
  return [address, local].filter((name) => name.length >= MIN_NAME_LENGTH);
}

/** Common as it is, over and over, or with a few digits and signs around it. */
function isCommon(password: string, common: ReadonlySet<string>): boolean {
  const unit = unitOf(password);
  if (unit.length < MIN_UNIT_LENGTH) return true;
  if (common.has(password) || common.has(unit)) return true;
  const core = password.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, "");
  return common.has(core) && password.length - core.length <= MAX_TRIMMINGS;
}

/** The shortest text of which the password is nothing but repetitions. */
function unitOf(password: string): string {
  const period = (password + password).indexOf(password, 1);
  return password.slice(0, period);
}

let loading: Promise<ReadonlySet<string>> | undefined;

/** Some 49,000 passwords, loaded where one is set and nowhere else. */
function loadCommon(): Promise<ReadonlySet<string>> {
  return loading ??= import("@zxcvbn-ts/language-common").then((
    { dictionary },
  ) => new Set([...dictionary["passwords-common"], ...OUR_OWN]));
}
