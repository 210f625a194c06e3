import { createDefine } from "fresh";
import type { ReadingState, State, WorkspaceState } from "./state.ts";

/** Handlers, pages and middleware that anyone may reach. */
export const define = createDefine<State>();

/** The same behind the guard of `(workspace)` folders, where user and workspace are known. */
export const defineInWorkspace = createDefine<WorkspaceState>();

/** The same for JSON endpoints that read, which a program with a token may ask too. */
export const defineReading = createDefine<ReadingState>();
