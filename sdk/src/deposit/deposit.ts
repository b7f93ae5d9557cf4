import type { TransactionReceipt } from "ethers";
import { erc20 } from "../abi/erc20.js";
import { checkAddress } from "../address.js";
import { type Connection, requireSigner } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import type { ReadPoint } from "../multicall.js";
import { Batch } from "../read/batch.js";
import { pinBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { confirm, findEvent } from "../send.js";
import { DEFAULT_PATIENCE, lessSlippage } from "../slippage.js";
import type { VaultLayout } from "../state/layout.js";
import { formatToken, type Ratio18, type TokenAmounts, type Usd18 } from "../units.js";
import { type ApprovalMode, ensureAllowances, type Spending } from "./approval.js";
import { toSpendings } from "./basket.js";
import { depositRefusal, readRooms } from "./oldRoom.js";

/** What to deposit and under which conditions. */
export interface DepositOptions {
  /** Token units by token address. */
  amounts: TokenAmounts;
  /** Least shares, 1e18; wins over `slippage`. */
  minShares?: bigint;
  /** Largest distance below the preview, 1e18 = 100%; 1% by default. */
  slippage?: Ratio18;
  /** Who gets the shares; the signer by default. */
  receiver?: string;
  /** Unix seconds; 20 minutes after the latest block by default. */
  deadline?: bigint;
  /** "auto" by default: permits where the token and the signer can, exact approvals elsewhere. */
  approval?: ApprovalMode;
}

/** A deposit that was mined. */
export interface DepositReceipt {
  hash: string;
  blockNumber: number;
  /** Minted, 1e18. */
  shares: bigint;
  /** The vault's NAV just before. */
  navBefore: Usd18;
  /** Half-width of the NAV's band. */
  half: Usd18;
  /** Paid in, by token. */
  amounts: TokenAmounts;
}

async function check(
  connection: Connection,
  layout: VaultLayout,
  at: ReadPoint & { blockNumber: number },
  owner: string,
  spendings: Spending[],
) {
  const batch = new Batch(at);
  const balances = spendings.map(({ token }) => batch.add(erc20.balanceOf(token, owner)));
  const [tokens, amounts] = [spendings.map(({ token }) => token), spendings.map(({ amount }) => amount)];
  const preview = batch.add(contractCall(connection.vault, "previewDepositBasket", tokens, amounts));
  await batch.send();
  spendings.forEach(({ token, amount }, index) => {
    const balance = balances[index]?.value() ?? 0n;
    if (balance >= amount) return;
    const { symbol = token, decimals = 18 } = layout.assets.find(({ address }) => address === token) ?? {};
    const [has, needs] = [formatToken(balance, decimals), formatToken(amount, decimals)];
    throw new CrosshedgeError(
      "INSUFFICIENT_BALANCE",
      `${owner} holds ${has} ${symbol}, but the deposit needs ${needs}.`,
    );
  });
  const outcome = preview.outcome();
  if (!outcome.ok) throw outcome.error.cause;
  const rooms = await readRooms(connection, layout, spendings, at.blockNumber);
  const refusal = await depositRefusal(connection, layout, spendings, owner, rooms, at.blockNumber);
  if (refusal !== null) throw refusal;
  return { tokens, amounts, preview: outcome.value };
}

function leastShares({ minShares, slippage }: DepositOptions, preview: bigint): bigint {
  if (minShares === undefined) return lessSlippage(preview, slippage);
  if (minShares <= preview) return minShares;
  const [most, least] = [formatToken(preview, 18), formatToken(minShares, 18)];
  throw new CrosshedgeError("SLIPPAGE", `The deposit would mint ${most} shares now, less than the ${least} asked for.`);
}

function toReceipt(connection: Connection, receipt: TransactionReceipt): DepositReceipt {
  const { address, vault } = connection;
  const { args } = findEvent(receipt, { address, interface: vault.interface }, "BasketDeposit");
  const { tokens, amounts, shares, navBefore, half } = args;
  const paid = Object.fromEntries([...tokens].map((token: string, index) => [token, amounts[index] as bigint]));
  return { hash: receipt.hash, blockNumber: receipt.blockNumber, shares, navBefore, half, amounts: paid };
}

/** Deposits; everything that can be checked is checked before the first transaction. */
export async function depositBasket(
  connection: Connection,
  layout: VaultLayout,
  options: DepositOptions,
): Promise<DepositReceipt> {
  const signer = requireSigner(connection);
  const { vault, provider, address: spender, multicall } = connection;
  const spendings = toSpendings(options.amounts, layout.assets);
  const owner = await signer.getAddress();
  const receiver = checkAddress(options.receiver ?? owner, "receiver");
  const block = await pinBlock(provider);
  const at = { provider, multicall, blockNumber: block.number };
  const { tokens, amounts, preview } = await check(connection, layout, at, owner, spendings);
  const minShares = leastShares(options, preview);
  const deadline = options.deadline ?? BigInt(block.timestamp + DEFAULT_PATIENCE);
  const mode = options.approval ?? "auto";
  const permits = await ensureAllowances(at, { signer, owner, spender, spendings, mode, deadline });
  try {
    if (permits.length > 0) {
      const args = [tokens, amounts, minShares, receiver, deadline, permits] as const;
      await vault.depositBasketWithPermit.staticCall(...args);
      return toReceipt(connection, await confirm(await vault.depositBasketWithPermit(...args)));
    }
    const args = [tokens, amounts, minShares, receiver, deadline] as const;
    await vault.depositBasket.staticCall(...args);
    return toReceipt(connection, await confirm(await vault.depositBasket(...args)));
  } catch (caught) {
    throw decodeError(caught);
  }
}
