import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { KeeperError } from "../errors.js";
import type { Cli } from "./cli.js";

/** Longer input is no key. */
const LONGEST = 4096;

/** A secret from whoever types, unseen, or from what is piped in: its first line. Never from the command line, which others can see. */
export async function readSecret(cli: Cli, prompt: string): Promise<string> {
  return cli.stdin.isTTY === true ? typed(cli, prompt) : piped(cli);
}

async function typed({ stdin, note }: Cli, prompt: string): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: unseen, terminal: true });
  note(`${prompt}: `);
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once("line", resolve);
      lines.once("SIGINT", () => reject(new KeeperError("Stopped.", "Nothing was changed.")));
      lines.once("close", () => reject(new KeeperError("Nothing was typed.", "Nothing was changed.")));
    });
  } finally {
    lines.close();
    note("\n");
  }
}

async function piped({ stdin }: Cli): Promise<string> {
  let text = "";
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > LONGEST) throw new KeeperError("What is piped in is too long for a key.", "Pipe the key alone.");
  }
  return text.split(/\r?\n/, 1)[0]!.trim();
}
