import { WrongSettingError } from "../errors.js";

/** Where a value stands: names and indexes from the root. */
export type Path = readonly (string | number)[];

/** A value that is wrong, or a setting that is not known. */
export interface Problem {
  readonly path: Path;
  /** File and line, variable or flag; null where nothing was said. */
  readonly source: string | null;
  /** What is expected, or what is wrong. */
  readonly message: string;
}

/** A path in words, such as chains.0.rpc.1. */
export const pathName = (path: Path): string => path.join(".") || "(root)";

/** All that is wrong, one line each. */
export function configurationError(problems: readonly Problem[]): WrongSettingError {
  const lines = problems.map(({ path, source, message }) => {
    const where = source === null ? pathName(path) : `${pathName(path)} (${source})`;
    return `  ${where}: ${message}`;
  });
  return new WrongSettingError(
    `The configuration is wrong at:\n${lines.join("\n")}\n`,
    "Correct these values; `crosshedge config` shows what counts.",
  );
}
