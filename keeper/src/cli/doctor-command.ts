import type { Command } from "commander";
import type { Check, Verdict } from "../doctor/check.js";
import { runDoctor } from "../doctor/run-doctor.js";
import { EXIT } from "../exit-codes.js";
import { targetsOf } from "../operator-config/targets.js";
import type { Cli } from "./cli.js";
import { type CommonOptions, signing } from "./options.js";
import { processName } from "./owner.js";

interface DoctorOptions extends CommonOptions {
  readonly json?: boolean;
}

const SIGNS: Readonly<Record<Verdict, string>> = { ok: "ok  ", warn: "WARN", fail: "FAIL" };

/** Adds `doctor`. */
export function addDoctorCommand(program: Command, cli: Cli): void {
  signing(
    program
      .command("doctor")
      .description(
        "Look at all that the keeper needs, say what is wrong and what to do; exit code 1 if anything fails; needs no key",
      ),
  )
    .option("--json", "the checks as JSON")
    .action(async (options: DoctorOptions) => {
      const loaded = cli.load(options);
      const checks = await runDoctor({
        ...{ config: loaded.config, targets: targetsOf(loaded), owner: processName(), now: Date.now },
        openSigner: (source) => cli.signer(source),
      });
      cli.say(options.json === true ? JSON.stringify(checks, null, 2) : formatChecks(checks));
      if (checks.some(({ verdict }) => verdict === "fail")) cli.exitCode = EXIT.wrong;
    });
}

/** Checks by what they belong to, what to do below each that is not in order. */
function formatChecks(checks: readonly Check[]): string {
  const lines: string[] = [];
  for (const about of new Set(checks.map((check) => check.about))) {
    lines.push(about);
    for (const { name, verdict, fact, nextStep } of checks.filter((check) => check.about === about)) {
      lines.push(
        `  ${SIGNS[verdict]}  ${name}: ${fact}`,
        ...(nextStep === null || verdict === "ok" ? [] : [`        ${nextStep}`]),
      );
    }
  }
  const count = (verdict: Verdict): number => checks.filter((check) => check.verdict === verdict).length;
  return [...lines, "", `${count("ok")} in order, ${count("warn")} to look at, ${count("fail")} failed`].join("\n");
}
