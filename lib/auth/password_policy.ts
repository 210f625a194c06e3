/** NIST SP 800-63B and ASVS 6.2: length matters, composition rules do not. */
export const MIN_PASSWORD_LENGTH = 8;
/** Long enough for every passphrase, short enough that hashing it costs nothing extra. */
export const MAX_PASSWORD_LENGTH = 256;

/** What attackers try first, of at least {@linkcode MIN_PASSWORD_LENGTH} characters. */
const COMMON = new Set(
  ("password password1 password12 password123 passw0rd p@ssw0rd p@ssword " +
    "12345678 123456789 1234567890 0123456789 87654321 11111111 00000000 " +
    "123123123 12341234 qwertyui qwertyuiop qwerty123 qwerty12 1q2w3e4r " +
    "1q2w3e4r5t 1qaz2wsx zaq12wsx q1w2e3r4 asdfghjk asdfghjkl zxcvbnm1 " +
    "iloveyou iloveyou1 sunshine sunshine1 princess princess1 football " +
    "football1 baseball basketball superman batman123 starwars trustno1 " +
    "welcome1 welcome123 letmein1 letmein123 whatever computer internet " +
    "changeme changeme1 changeme123 administrator admin123 admin1234 " +
    "default1 secret123 abcd1234 abc12345 abcdefgh aaaaaaaa michael1 " +
    "jennifer michelle jordan23 monkey123 dragon123 master123 charlie1 " +
    "franchise franchise1 clienttether tetherboard").split(" "),
);

/**
 * Why a new password is refused, as a sentence for people; null when it is accepted.
 * Lengths count characters (code points), so that no alphabet is at a disadvantage.
 */
export function passwordProblem(password: string): string | null {
  const length = [...password.normalize("NFC")].length;
  if (length < MIN_PASSWORD_LENGTH) {
    return `The password is too short: use at least ${MIN_PASSWORD_LENGTH} characters`;
  }
  if (length > MAX_PASSWORD_LENGTH) {
    return `The password is too long: use at most ${MAX_PASSWORD_LENGTH} characters`;
  }
  if (COMMON.has(password.toLowerCase())) {
    return "The password is one that many people use: choose another";
  }
  return null;
}
