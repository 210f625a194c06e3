import { DEFAULT_SETTINGS, isValidZone } from "../domain/mod.ts";
import { isSlug, slugify, type Tenant } from "../store/mod.ts";

/** The settings of a tenant that are a text each, wherever they are set. */
export const TEXT_SETTINGS = [
  "name",
  "slug",
  "timezone",
  "currency",
  "accent",
  "qualifiedFrom",
  "qualifiedTo",
  "hotFrom",
  "hotTo",
] as const satisfies ReadonlyArray<keyof Tenant>;

/** The settings of a tenant as a form sends them: text each. */
export const TENANT_FIELDS = [
  ...TEXT_SETTINGS,
  "marketFields",
  "unitsFields",
] as const;
export type TenantField = typeof TENANT_FIELDS[number];
export type TenantValues = Record<TenantField, string>;

/** The two keys; what is stored of them never goes back into the form. */
export const KEY_FIELDS = ["webKey", "accessToken"] as const;
export type KeyField = typeof KEY_FIELDS[number];
export type TypedKeys = Record<KeyField, string>;

/** What is wrong, by field: sentences without a full stop. */
export type TenantProblems = Partial<Record<TenantField | KeyField, string>>;

/** What a form may set of a tenant. */
export type TenantInput = Pick<
  Tenant,
  typeof TEXT_SETTINGS[number] | "fieldAliases"
>;

const MAX_TEXT = 100;
const MAX_KEY = 512;
const MAX_NAMES = 10;
const PLAIN = /^[^\p{Cc}]*$/u;

/** The form of a tenant, or of one that is yet to be made. */
export function tenantValues(tenant?: Tenant): TenantValues {
  const { fieldAliases, ...settings } = tenant ?? DEFAULT_SETTINGS;
  const { currency, qualifiedFrom, qualifiedTo, hotFrom, hotTo } = settings;
  return {
    name: tenant?.name ?? "",
    slug: tenant?.slug ?? "",
    timezone: tenant?.timezone ?? "",
    currency,
    accent: tenant?.accent ?? "",
    qualifiedFrom,
    qualifiedTo,
    hotFrom,
    hotTo,
    marketFields: (fieldAliases.market ?? []).join(", "),
    unitsFields: (fieldAliases.units ?? []).join(", "),
  };
}

/** What the form sets, or what is wrong with it. A blank slug is made of the name. */
export function readTenantForm(
  form: TenantValues & TypedKeys,
): { input: TenantInput; problems: TenantProblems } {
  const text = (field: TenantField) => form[field].trim().normalize("NFC");
  const input: TenantInput = {
    name: text("name"),
    slug: text("slug").toLowerCase() || slugify(text("name")),
    timezone: text("timezone"),
    currency: text("currency").toUpperCase(),
    accent: text("accent") || null,
    qualifiedFrom: text("qualifiedFrom"),
    qualifiedTo: text("qualifiedTo"),
    hotFrom: text("hotFrom"),
    hotTo: text("hotTo"),
    fieldAliases: aliasesOf(
      namesIn(form.marketFields),
      namesIn(form.unitsFields),
    ),
  };
  return { input, problems: problemsOf(input, form) };
}

function problemsOf(input: TenantInput, keys: TypedKeys): TenantProblems {
  const found: Array<[TenantField | KeyField, string | null]> = [
    ["name", textProblem(input.name)],
    ["slug", isSlug(input.slug) ? null : SLUG],
    ["timezone", isValidZone(input.timezone) ? null : ZONE],
    ["currency", isCurrency(input.currency) ? null : CURRENCY],
    ["accent", isAccent(input.accent) ? null : ACCENT],
    ["qualifiedFrom", textProblem(input.qualifiedFrom)],
    ["qualifiedTo", textProblem(input.qualifiedTo)],
    ["hotFrom", textProblem(input.hotFrom)],
    ["hotTo", textProblem(input.hotTo)],
    ["marketFields", namesProblem(input.fieldAliases.market)],
    ["unitsFields", namesProblem(input.fieldAliases.units)],
    ["webKey", keyProblem(keys.webKey)],
    ["accessToken", keyProblem(keys.accessToken)],
  ];
  return Object.fromEntries(found.filter(([, problem]) => problem !== null));
}

const SLUG =
  "Use small letters and digits with single hyphens between them, 63 at most";
const ZONE = "Choose a zone of the list, such as America/New_York";
const CURRENCY = "Use a code of three letters, such as USD";
const ACCENT = "Use a colour such as #0f6b5c, or leave it blank";

function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf("currency").includes(code);
}

function isAccent(accent: string | null): boolean {
  return accent === null || /^#[0-9a-f]{6}$/i.test(accent);
}

function textProblem(text: string): string | null {
  if (text === "") return "Fill this in";
  return text.length > MAX_TEXT || !PLAIN.test(text) || !text.isWellFormed()
    ? `Use one line of at most ${MAX_TEXT} characters`
    : null;
}

function namesProblem(names: readonly string[] = []): string | null {
  const fit = names.length <= MAX_NAMES &&
    names.every((name) => textProblem(name) === null);
  return fit ? null : `Name at most ${MAX_NAMES} fields, with commas between`;
}

/** The key itself is never repeated. */
function keyProblem(key: string): string | null {
  return key.trim().length <= MAX_KEY && /^[\x21-\x7e]*$/.test(key.trim())
    ? null
    : "A key has no spaces and none but ASCII characters";
}

function namesIn(text: string): string[] {
  return text.split(",").map((name) => name.trim()).filter(Boolean);
}

function aliasesOf(
  market: string[],
  units: string[],
): TenantInput["fieldAliases"] {
  return {
    ...market.length > 0 ? { market } : {},
    ...units.length > 0 ? { units } : {},
  };
}
