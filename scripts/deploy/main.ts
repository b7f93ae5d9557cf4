import { CrosshedgeError } from "@crosshedge/sdk";
import { Command } from "commander";
import { config as hardhatConfig, network } from "hardhat";
import { inspect } from "../devnet/serve.js";
import { UsageError } from "../errors.js";
import { deployFromFile } from "./deploy.js";

interface Options {
  config: string;
  params?: string;
  network: string;
  url?: string;
  from?: string;
  root: string;
}

const command = new Command("deploy")
  .usage("--config <file> --network <name> [options]   (npm run deploy -- …)")
  .description(
    "Deploys a vault with its oracles, factory and authority, hands the roles over and verifies all of it. Stopped, it goes on where it stopped when the same command is run again; finished, it verifies once more.",
  )
  .requiredOption("--config <file>", "what to deploy, JSON; see docs/deploying.md")
  .option("--params <file>", "parameters of `crosshedge calibrate`, in place of the configuration's")
  .requiredOption("--network <name>", "a network of hardhat.config.ts that is reached by JSON-RPC")
  .option("--url <url>", "the node, instead of the network's own")
  .option("--from <address>", "the account that sends; default the network's first")
  .option("--root <directory>", "where deployments/ is", ".")
  .allowExcessArguments(false);

async function nodeOf({ network: name, url }: Options): Promise<string> {
  const chosen = hardhatConfig.networks[name];
  if (chosen?.type !== "http") {
    const names = Object.entries(hardhatConfig.networks).flatMap(([each, { type }]) => (type === "http" ? [each] : []));
    throw new UsageError(
      chosen === undefined ? `There is no network ${name}.` : `The network ${name} ends with this process.`,
      `Use one of: ${names.join(", ")}; hardhat.config.ts has them.`,
    );
  }
  return url ?? (await chosen.url.get());
}

async function main(): Promise<void> {
  const options = command.parse().opts<Options>();
  const url = await nodeOf(options);
  await inspect(url);
  const connection = await network.create({ network: options.network, override: { url } });
  const { config, params, root, from } = options;
  const log = (line: string) => console.log(line);
  await deployFromFile({ config, root, url, connection, log, ...(from && { from }), ...(params && { params }) });
  await connection.close();
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof UsageError || CrosshedgeError.is(error) ? error.message : error);
    process.exit(1);
  },
);
