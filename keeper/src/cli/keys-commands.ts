import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import { Wallet } from "ethers";
import { KeeperError } from "../errors.js";
import type { SignerConfig } from "../operator-config/signer-schema.js";
import { variableOf } from "../operator-config/signer-schema.js";
import { existing, writeKeystore } from "../secrets/keystore.js";
import { readPrivateFile } from "../secrets/private-file.js";
import { walletOf } from "../secrets/private-key.js";
import type { Cli } from "./cli.js";
import { type CommonOptions, configured } from "./options.js";
import { readSecret } from "./read-secret.js";

interface KeystoreWords {
  readonly keystore: string;
  readonly passwordFile?: string;
}

/** Adds `keys import`, `keys new` and `keys show`. */
export function addKeysCommands(program: Command, cli: Cli): void {
  const keys = program.command("keys").description("The key that signs: make an encrypted keystore, show an address");
  keystore(keys.command("import").description("Encrypt a key that is typed, unseen, or piped in; its address is shown"))
    .addHelpText("after", "\nThe key is never taken from the command line, which other users of the machine can see.")
    .action((words: KeystoreWords) =>
      make(cli, words, async () => {
        const text = await readSecret(cli, "Private key, 64 hex digits");
        cli.redactor.hide(text);
        return walletOf(text, "Give 64 hex digits, typed or piped in; nothing was written.");
      }),
    );
  keystore(keys.command("new").description("Make a key and encrypt it; its address is shown")).action(
    (words: KeystoreWords) => make(cli, words, async () => new Wallet(Wallet.createRandom().privateKey)),
  );
  configured(keys.command("show").description("The address of each key that the configuration names"))
    .option("--key-file <file>", "file with the signing key")
    .action((options: CommonOptions) => show(cli, options));
}

function keystore(command: Command): Command {
  return command
    .requiredOption("--keystore <file>", "where the encrypted key goes; nothing is overwritten")
    .addOption(new Option("--password-file <file>", "file with the password (default: it is asked for)"));
}

async function make(
  cli: Cli,
  { keystore: file, passwordFile }: KeystoreWords,
  key: () => Promise<Wallet>,
): Promise<void> {
  if (existsSync(file)) throw existing(file);
  if (passwordFile === undefined && cli.stdin.isTTY !== true) {
    throw new KeeperError(
      "There is nobody to ask for a password.",
      "Name a file with --password-file; for one with a new password: (umask 077; openssl rand -base64 32 > file)",
    );
  }
  const wallet = await key();
  const password =
    passwordFile === undefined
      ? await choosePassword(cli)
      : readPrivateFile(passwordFile, "the password", "--password-file");
  cli.redactor.hide(password);
  await writeKeystore(file, wallet, password);
  cli.say(wallet.address);
  cli.note(`Written to ${file}. Keep a copy of it and of its password: one is worth nothing without the other.\n`);
}

async function choosePassword(cli: Cli): Promise<string> {
  const password = await readSecret(cli, "Password of the keystore");
  if (password.length < 8) throw new KeeperError("The password is too short.", "Give at least 8 characters.");
  if (password === (await readSecret(cli, "Again"))) return password;
  throw new KeeperError("The two are not the same.", "Try again; nothing was written.");
}

async function show(cli: Cli, options: CommonOptions): Promise<void> {
  const { config } = cli.load(options);
  const seen = new Map<string, string>();
  for (const chain of config.chains) {
    const signer = chain.signer ?? config.signer;
    const source = describeSource(signer);
    const address = seen.get(source) ?? (await (await cli.signer(signer)).getAddress());
    seen.set(source, address);
    const where = config.chains.length > 1 ? `chain ${chain.chainId ?? "?"}: ` : "";
    cli.say(`${where}${address} (${source})`);
  }
}

/** Where a key comes from, in words. */
function describeSource(signer: SignerConfig): string {
  if (signer.keystore !== undefined) return `keystore ${signer.keystore.file}`;
  if (signer.kms !== undefined) return `AWS KMS ${signer.kms.keyId}`;
  return signer.keyFile === undefined ? `environment ${variableOf(signer)}` : `file ${signer.keyFile}`;
}
