import type { Command } from "commander";
import { createKeeper, type KeeperOptions } from "../keeper.js";
import { createRescuer } from "../rescuer.js";
import type { Cli } from "./cli.js";
import { connectTarget } from "./connect.js";
import { formatPlan, formatRescue, formatTick } from "./format.js";
import { oneVault } from "./one-vault.js";
import { type CommonOptions, signing, withParams } from "./options.js";

/** Adds what looks at a vault and acts for it once: `plan`, `tick` and `rescue`. */
export function addKeeperCommands(program: Command, cli: Cli): void {
  withParams(
    program.command("plan").description("Show what a tick would do, and why; sends nothing and needs no key"),
  ).action(async (options: CommonOptions) =>
    cli.say(formatPlan(await (await createKeeper(await parts(cli, options, false))).plan())),
  );
  signing(program.command("tick").description("One tick: observe, decide, simulate, send, check")).action(
    async (options: CommonOptions) =>
      cli.say(formatTick(await (await createKeeper(await parts(cli, options, true))).tick())),
  );
  signing(
    program
      .command("rescue")
      .description(
        "What anybody may do while a vault's keeper is away: raise the alarm, hedge, deleverage; needs no role",
      ),
  ).action(async (options: CommonOptions) =>
    cli.say(formatRescue(await (await createRescuer(await parts(cli, options, true))).tick())),
  );
}

async function parts(cli: Cli, options: CommonOptions, acting: boolean): Promise<KeeperOptions> {
  const loaded = cli.load(options);
  const { target, vault } = oneVault(loaded);
  const signer = acting ? await cli.signer(target.signer) : undefined;
  const provider = await connectTarget(target);
  return {
    ...{ vault: { vault: vault.address }, multicall: target.multicall, provider, config: vault.keeper },
    logger: cli.logger(loaded),
    ...(signer === undefined ? {} : { signer: signer.connect(provider) }),
  };
}
