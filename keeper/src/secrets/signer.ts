import { KMSClient } from "@aws-sdk/client-kms";
import type { AbstractSigner, Wallet } from "ethers";
import { WrongSettingError } from "../errors.js";
import { type SignerConfig, variableOf } from "../operator-config/signer-schema.js";
import { readKeystore } from "./keystore.js";
import { KmsSigner } from "./kms-signer.js";
import { readPrivateFile } from "./private-file.js";
import { walletOf } from "./private-key.js";
import type { Redactor } from "./redactor.js";

/**
 * The account that signs, connected to nothing. What it is opened with is hidden from now on.
 *
 * @throws {WrongSettingError} there is no key, or it cannot be opened; never with the key or a password in it
 */
export async function openSigner(
  source: SignerConfig,
  environment: NodeJS.ProcessEnv,
  redactor: Redactor,
): Promise<AbstractSigner> {
  const { keyFile, keystore, kms } = source;
  const hidden = (secret: string): string => {
    redactor.hide(secret);
    return secret;
  };
  const shown = (wallet: Wallet): Wallet => {
    redactor.hide(wallet.privateKey);
    return wallet;
  };
  if (keystore !== undefined) {
    const { file, passwordFile } = keystore;
    const password = readPrivateFile(passwordFile, "the keystore's password", "signer.keystore.passwordFile");
    return shown(await readKeystore(file, hidden(password)));
  }
  if (kms !== undefined) {
    const { keyId, region, endpoint } = kms;
    const client = new KMSClient({
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint: endpoint.reveal() }),
    });
    return KmsSigner.open(client, keyId);
  }
  const variable = variableOf(source);
  const next = `Put 64 hex digits into ${variable ?? keyFile}; \`crosshedge keys import\` makes an encrypted keystore.`;
  if (keyFile !== undefined)
    return walletOf(hidden(readPrivateFile(keyFile, "the key", "--key-file or signer.keyFile")), next);
  const text = environment[variable!]?.trim() ?? "";
  if (text === "") {
    throw new WrongSettingError(
      "There is no key to sign with.",
      `Put it into ${variable} (64 hex digits), or name one with --key-file, signer.keystore or signer.kms.`,
    );
  }
  return walletOf(hidden(text), next);
}
