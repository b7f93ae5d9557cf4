import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { on } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

/** What a writer says, one line each. */
export interface Word {
  readonly open?: true;
  readonly done?: true;
  readonly id?: number;
  readonly error?: string;
  readonly message?: string;
}

export interface Writer {
  readonly process: ChildProcessWithoutNullStreams;
  /** All that it has said. */
  readonly said: readonly Word[];
  /** Resolves with the first that it says which is so; rejects if it ends before. */
  until(is: (word: Word) => boolean): Promise<Word>;
}

const SCRIPT = path.join(import.meta.dirname, "writer.ts");

/**
 * A process that writes into a directory.
 *
 * @param most Ticks that it writes
 * @param shell What a shell does before it becomes the process: limits
 */
export function startWriter(directory: string, most?: number, shell = ""): Writer {
  const node = [process.execPath, "--import", "tsx", SCRIPT, directory, ...(most === undefined ? [] : [`${most}`])];
  const child = spawn("/bin/sh", ["-c", `${shell} exec "$@"`, "sh", ...node]);
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk;
  });
  const lines = createInterface({ input: child.stdout });
  const said: Word[] = [];
  lines.on("line", (line) => said.push(JSON.parse(line) as Word));
  return {
    ...{ process: child, said },
    until: async (is) => {
      const before = said.find(is);
      if (before !== undefined) return before;
      for await (const [line] of on(lines, "line", { close: ["close"] })) {
        const word = JSON.parse(line as string) as Word;
        if (is(word)) return word;
      }
      throw new Error(`the writer ended: ${JSON.stringify(said.at(-1))} ${errors}`);
    },
  };
}
