import type { z } from "zod";
import type { Path } from "./problem.js";
import { type Setting, typed } from "./setting.js";
import { childOf, isList, keysOf } from "./walk-schema.js";

type Schema = z.core.$ZodType;

/** What the names of the keeper's environment variables begin with. */
export const PREFIX = "CROSSHEDGE_";
/** Environment variable that holds the key, unless the configuration says otherwise. */
export const KEY_VARIABLE = `${PREFIX}KEY`;
/** Environment variable that names the configuration's file. */
export const CONFIG_VARIABLE = `${PREFIX}CONFIG`;
/** Variables of the project's own tests and scripts. */
const OTHERS = [KEY_VARIABLE, CONFIG_VARIABLE, `${PREFIX}SHARED`, `${PREFIX}ROOT`];

/** What a variable's name ends with for a key: maxHeadAgeSeconds is MAX_HEAD_AGE_SECONDS, perp-v2 is PERP_V2. */
const upper = (key: string): string =>
  key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]/g, "_")
    .toUpperCase();

/** Settings of variables such as CROSSHEDGE_CHAINS_0_RPC_1, and names that are none. An empty variable says nothing. */
export function readEnvironment(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): { readonly settings: Setting[]; readonly unknown: string[] } {
  const settings: Setting[] = [];
  const unknown: string[] = [];
  for (const [name, text] of Object.entries(environment).sort(([a], [b]) => a.localeCompare(b, "en", NUMERIC))) {
    if (!name.startsWith(PREFIX) || OTHERS.includes(name) || text === undefined || text === "") continue;
    const path = pathOf(schema, name.slice(PREFIX.length));
    if (path === null) unknown.push(name);
    else settings.push({ path, value: typed(schema, path, text), source: name });
  }
  return { settings, unknown };
}

const NUMERIC = { numeric: true } as const;

/** The path that a variable's name means. */
function pathOf(schema: Schema, name: string): Path | null {
  if (isList(schema)) {
    const [, index, rest] = /^(\d{1,4})(?:_(.+))?$/.exec(name) ?? [];
    return index === undefined ? null : through(schema, Number(index), rest);
  }
  for (const key of keysOf(schema)) {
    const word = upper(key);
    if (name !== word && !name.startsWith(`${word}_`)) continue;
    const path = through(schema, key, name === word ? undefined : name.slice(word.length + 1));
    if (path !== null) return path;
  }
  return null;
}

function through(schema: Schema, key: string | number, rest: string | undefined): Path | null {
  if (rest === undefined) return [key];
  const child = childOf(schema, key);
  const below = child === undefined ? null : pathOf(child, rest);
  return below === null ? null : [key, ...below];
}
