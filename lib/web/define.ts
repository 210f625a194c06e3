import { createDefine } from "fresh";
import type { State, WorkspaceState } from "./state.ts";

/** Handlers, pages and middleware that anyone may reach. */
export const define = createDefine<State>();

/** The same behind the guard of `(workspace)` folders, where user and workspace are known. */
export const defineInWorkspace = createDefine<WorkspaceState>();
