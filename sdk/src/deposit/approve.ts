import type { Provider, Signer } from "ethers";
import { ERC20 } from "../abi/erc20.js";
import { decodeError } from "../errors/decodeError.js";
import { confirm } from "../send.js";

async function sendApproval(signer: Signer, token: string, spender: string, value: bigint): Promise<void> {
  try {
    await confirm(
      await signer.sendTransaction({ to: token, data: ERC20.encodeFunctionData("approve", [spender, value]) }),
    );
  } catch (caught) {
    throw decodeError(caught);
  }
}

/**
 * Allows exactly `value` token units; a token that refuses to change an allowance (as USDT) is set to zero first.
 *
 * @param allowance The allowance now
 */
export async function approveExact(
  provider: Provider,
  signer: Signer,
  approval: { token: string; spender: string; value: bigint; allowance: bigint },
): Promise<void> {
  const { token, spender, value, allowance } = approval;
  if (allowance > 0n) {
    const data = ERC20.encodeFunctionData("approve", [spender, value]);
    const refused = await provider.call({ from: await signer.getAddress(), to: token, data }).then(
      () => false,
      () => true,
    );
    if (refused) await sendApproval(signer, token, spender, 0n);
  }
  await sendApproval(signer, token, spender, value);
}
