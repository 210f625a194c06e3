import { DESKTOP, PHONE } from "../_browser.ts";
import { type Scene, SCENES } from "./_scenes.ts";

/** A picture of docs/tour.md or docs/admin.md: its scene, how it is taken, and its file in docs/images. */
export interface TourPicture extends Scene {
  file: string;
  lens: { viewport: typeof DESKTOP; colorScheme: "light" | "dark" };
}

const light = { viewport: DESKTOP, colorScheme: "light" } as const;
const phone = { viewport: PHONE, colorScheme: "dark" } as const;

/** The eight pictures of the tour, in its order. */
export const TOUR: readonly TourPicture[] = [
  picture("dashboard", light),
  { ...picture("dashboard-stale", phone), fold: true },
  { ...picture("leads-filtered", light), fold: true },
  picture("person", light),
  picture("pipeline", light),
  picture("hot-list", light),
  { ...picture("dashboard-earlier", light), fold: true },
  picture("report", light),
];

/** The pictures of the agency's handbook, in its order. */
export const HANDBOOK: readonly TourPicture[] = [
  picture("admin-tenants", light, ""),
  picture("admin-tenants-alder-burgers", light, ""),
  { ...picture("admin-tenants-harbor-pilates-runs", light, ""), fold: true },
  picture("admin-users-brand", light, ""),
  picture("admin-erase-person", light, ""),
];

function picture(
  name: string,
  lens: TourPicture["lens"],
  prefix = "tour-",
): TourPicture {
  const scene = SCENES.find((one) => one.name === name);
  if (!scene) throw new TypeError(`There is no scene '${name}'`);
  return { ...scene, lens, file: `${prefix}${name}.png` };
}
