import { type CollectionTag, type ParseOptions, parse, type ScalarTag, type SchemaOptions, type Tags } from "yaml";

/** YAML as it is meant here: 0x… is an address or a key, not a number. */
export const YAML_OPTIONS = {
  customTags: (tags: Tags): Tags => tags.filter((tag) => (tag as CollectionTag | ScalarTag).format !== "HEX"),
  prettyErrors: false,
  logLevel: "error",
} as const satisfies ParseOptions & SchemaOptions & { logLevel: "error" };

/** A value as it is written in a variable or flag: numbers, true, null, [a, b]; what is none of these is a text. */
export function parseValue(text: string): unknown {
  try {
    return parse(text, YAML_OPTIONS);
  } catch {
    return text;
  }
}
