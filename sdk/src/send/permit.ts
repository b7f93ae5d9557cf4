import { isError, isHexString, Signature, verifyTypedData } from "ethers";
import { erc20 } from "../abi/erc20.js";
import { erc2612 } from "../abi/erc2612.js";
import { decodeError } from "../errors/decodeError.js";
import type { PermitRequirement } from "../prepare/prepared.js";
import { Batch } from "../read/batch.js";
import { checkAborted, unlessAborted } from "./abort.js";
import { checkAccount, checkChain } from "./checkTerms.js";
import { type Run, tell } from "./run.js";

/**
 * Has a permit signed, unless a run before has; "met" where it works, or where somebody has used it already.
 *
 * @throws {CrosshedgeError} USER_REJECTED; WRONG_ACCOUNT where the wallet signed with another key
 */
export async function signPermit<R>(run: Run<R>, requirement: PermitRequirement): Promise<"met" | "refused"> {
  const { progress, provider, prepared } = run;
  const { token, spender, amount, typedData } = requirement;
  const batch = new Batch({ provider, blockNumber: await provider.getBlockNumber() });
  const nonce = batch.add(erc2612.nonces(token, prepared.account));
  await batch.send();
  if (nonce.orNull() !== BigInt(String(typedData.message.nonce))) return "refused";
  const signature = progress.signatures[token] ?? (await ask(run, requirement));
  // Contract wallets that are not deployed yet sign at length, for who asks the wallet (ERC-6492); a token does not.
  if (signature === null || !isSignatureOfKey(signature)) return "refused";
  checkAccount(verifyTypedData(typedData.domain, typedData.types, typedData.message, signature), prepared.account);
  progress.signatures[token] = signature;
  if (await accepts(run, requirement, signature)) return "met";
  const allowed = new Batch({ provider, blockNumber: await provider.getBlockNumber() });
  const allowance = allowed.add(erc20.allowance(token, prepared.account, spender));
  await allowed.send();
  return allowance.value() >= amount ? "met" : "refused";
}

/** The signature, or null where the wallet cannot sign typed data. */
async function ask<R>(run: Run<R>, { token, amount, typedData }: PermitRequirement): Promise<string | null> {
  const { signer, provider, prepared, options } = run;
  await checkChain(provider, prepared.chainId);
  tell(run, { stage: "signing-permit", token, amount });
  checkAborted(options.signal);
  const { domain, types, message } = typedData;
  try {
    return await unlessAborted(signer.signTypedData(domain, types, message), options.signal);
  } catch (caught) {
    const error = decodeError(caught);
    if (error.code !== "USER_REJECTED" && error.code !== "ABORTED" && cannotSign(caught)) return null;
    throw error;
  }
}

function isSignatureOfKey(signature: string): boolean {
  return isHexString(signature, 65) || isHexString(signature, 64);
}

/** The token itself takes the permit; so one that would be ignored on-chain is noticed before anything is sent. */
async function accepts<R>(run: Run<R>, requirement: PermitRequirement, signature: string): Promise<boolean> {
  const { provider, prepared } = run;
  const { token, spender, amount, deadline } = requirement;
  const { v, r, s } = Signature.from(signature);
  const { data } = erc2612.permit(token, prepared.account, spender, amount, BigInt(deadline), v, r, s);
  try {
    await provider.call({ from: prepared.account, to: token, data });
    return true;
  } catch (caught) {
    const error = decodeError(caught);
    if (error.code === "NETWORK") throw error;
    return false;
  }
}

/** Signers without typed data say so in many ways. */
function cannotSign(caught: unknown): boolean {
  if (isError(caught, "UNSUPPORTED_OPERATION")) return true;
  const { code, message } = caught as { code?: unknown; message?: unknown };
  return (
    code === -32601 ||
    code === -32004 ||
    code === 4200 ||
    /not (supported|implemented|found)|unsupported/i.test(String(message))
  );
}
