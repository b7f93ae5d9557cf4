import { CrosshedgeError } from "@crosshedge/sdk";
import { Command, InvalidArgumentError, Option } from "commander";
import { HDNodeWallet } from "ethers";
import { deployDevnetVault } from "../deploy/devnet-vault.js";
import { UsageError } from "../errors.js";
import { type Devnet, type DevnetOptions, startDevnet } from "./devnet.js";
import { iso } from "./path.js";
import { ROLES, TEST_MNEMONIC } from "./signers.js";

function number(check: (value: number) => boolean, wanted: string) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !check(value)) throw new InvalidArgumentError(`It must be ${wanted}.`);
    return value;
  };
}
const port = number((value) => Number.isInteger(value) && value >= 0 && value < 65_536, "a port, 0 to 65535");
const whole = number((value) => Number.isInteger(value) && value >= 0, "a whole number");
const positive = number((value) => value > 0 && Number.isFinite(value), "a number above 0");

const command = new Command("devnet")
  .description("A local chain with Uniswap v3, Perp v2, Aave v3 and Chainlink on it, a market that moves and a vault.")
  .option("--port <port>", "listen on 127.0.0.1 at this port", port, 8545)
  .option("--alt <symbol>", "the name of the token in the pools, and its column in --prices", "ALT")
  .option("--seed <number>", "of the generated prices and of the noise", whole, 1)
  .option("--days <days>", "how long the prices last after the warm-up", whole, 90)
  .option("--warm-up <days>", "how many days of oracle history to replay first", whole, 31)
  .option("--speed <number>", "quarter-hours of market a second; without it, real time", positive)
  .addOption(new Option("--prices <file>", "walk hourly prices of a CSV file (time,BTC,ETH,<ALT>; plain or gzipped)"))
  .addOption(new Option("--from <date>", "with --prices: the day after the warm-up, such as 2024-01-31"))
  .addOption(
    new Option("--fork <url>", "fork the chain of this node instead of deploying").conflicts(["prices", "from"]),
  )
  .option("--root <directory>", "keep deployments/ below this directory", ".")
  .addOption(new Option("--deployment <file>", "with --fork: its addresses; default deployments/<chainId>.json"));

function describe({ url, world, file, driver, vaults: deployed }: Devnet, { speed }: DevnetOptions): string {
  const { tokens, feeds, uniswap, perp, aave = {}, multicall, chainId } = world.deployment;
  const vaults = Object.entries(deployed ?? {});
  const section = (title: string, entries: object): string[] => [
    "",
    title,
    ...Object.entries(entries).map(([name, address]) => `  ${name.padEnd(20)} ${String(address)}`),
  ];
  const { pools, ...periphery } = uniswap;
  const { markets, ...contracts } = perp;
  const accounts = ROLES.map((role, i) => {
    const { address, privateKey } = HDNodeWallet.fromPhrase(TEST_MNEMONIC, undefined, `m/44'/60'/0'/0/${i}`);
    return [role, `${address}  ${privateKey}`] as const;
  });
  const pace = speed === undefined ? "in real time" : `${speed} quarter-hours a second`;
  return [
    ...section("Tokens", tokens),
    ...section("Chainlink proxies", feeds),
    ...section("Uniswap v3", { ...periphery, ...pools }),
    ...section("Perp v2", contracts),
    ...section("Perp v2 markets", { ETH: markets.ETH.base, BTC: markets.BTC.base }),
    ...(Object.keys(aave).length > 0 ? section("Aave v3", aave) : []),
    ...section("Other", { multicall }),
    ...vaults.flatMap(([name, { legs, ...parts }]) => section(`Vault ${name}`, { ...parts, ...legs })),
    ...section(
      "Accounts: Hardhat's test keys, known to everybody, so never send them anything of worth",
      Object.fromEntries(accounts),
    ),
    "",
    `Addresses are in ${file}.`,
    driver === undefined
      ? "Prices stay as they were at the fork: on this chain nobody of ours reports them."
      : `It is ${iso(driver.now)}; the market moves ${pace}.`,
    `Chain ${chainId} listens at ${url}. Ctrl-C stops it.`,
  ].join("\n");
}

async function main(): Promise<void> {
  const { warmUp, ...flags } = command.parse().opts<Omit<DevnetOptions, "warmUpDays"> & { warmUp: number }>();
  const options: DevnetOptions = { ...flags, warmUpDays: warmUp, log: console.log, deployVaults: deployDevnetVault };
  const devnet = await startDevnet(options);
  console.log(describe(devnet, options));

  const stop = async () => {
    await devnet.stop();
    console.log(`\nStopped. ${devnet.file} stays as it is; its chain is gone.`);
    process.exit(0);
  };
  process.once("SIGINT", () => void stop());
  process.once("SIGTERM", () => void stop());
  await devnet.run();
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError || CrosshedgeError.is(error) ? error.message : error);
  process.exit(1);
});
