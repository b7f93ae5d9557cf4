import { access } from "./access.js";
import { types } from "./types.js";

/** Every deliberate mistake, by area. */
export const mutants = [...access, ...types];
