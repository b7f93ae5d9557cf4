import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ChildJob, ChildWord } from "./child.js";

/** A keeper in a process of its own. */
export interface KeeperChild {
  /** Give it its job. */
  start(job: ChildJob): void;
  /** What it said besides that it was ready, in order. */
  readonly words: readonly ChildWord[];
  /** Resolves once it has said so, or has ended. */
  said(word: ChildWord["word"]): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Start a process whose keeper waits for its job: everything is loaded when this resolves. */
export async function keeperChild(): Promise<KeeperChild> {
  const child: ChildProcess = fork(path.join(import.meta.dirname, "child.ts"), {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(tmpdir(), "node-compile-cache") },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  const words: ChildWord[] = [];
  child.on("message", (message) => {
    words.push(message as ChildWord);
  });
  const said = async (word: ChildWord["word"]): Promise<void> => {
    while (!words.some((one) => one.word === word)) {
      const end = await Promise.race([once(child, "message"), ended]);
      if (!Array.isArray(end)) return;
    }
  };
  await said("ready");
  return {
    words,
    said,
    ended,
    start: (job) => {
      child.send(job);
    },
    signal: (name) => {
      child.kill(name);
    },
  };
}
