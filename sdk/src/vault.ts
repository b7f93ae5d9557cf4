import type { BlockTag } from "ethers";
import { type Connection, type ConnectOptions, openConnection, requireSigner } from "./connection.js";
import { type DepositOptions, type DepositReceipt, depositBasket } from "./deposit/deposit.js";
import { type DepositPreview, previewDepositBasket } from "./deposit/previewDeposit.js";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";
import { decodeError } from "./errors/decodeError.js";
import { exitInKind, previewExitInKind } from "./exit/exit.js";
import type { ExitOptions, ExitPreview, ExitPreviewOptions, ExitReceipt } from "./exit/types.js";
import type { IHedgeVault } from "./generated/index.js";
import type { ReadPoint } from "./multicall.js";
import { type PinnedBlock, pinBlock } from "./read/block.js";
import { cancelRedeemRequest, claim, requestRedeem, setOperator, settle } from "./redeem/redeem.js";
import { readRedemption } from "./redeem/redemption.js";
import type {
  CancelRedeemOptions,
  ClaimOptions,
  ClaimReceipt,
  RedeemRequestOptions,
  RedeemRequestReceipt,
  Redemption,
} from "./redeem/types.js";
import { toReport } from "./report/report.js";
import type { VaultReport } from "./report/types.js";
import { readLayout, type VaultLayout } from "./state/layout.js";
import { readState } from "./state/readState.js";
import type { VaultState } from "./state/types.js";
import type { TokenAmounts } from "./units.js";

/** At which block to read. */
export interface ReadOptions {
  /** "latest" by default; resolved to a number first, so that everything is read from one block. */
  blockTag?: BlockTag;
}

/**
 * A Crosshedge vault: deposit, exit, report.
 *
 * Every method throws only {@link CrosshedgeError}.
 *
 * @example
 * const vault = await CrosshedgeVault.connect({ address, signer, multicall: MULTICALL3_ADDRESS });
 * await vault.depositBasket({ amounts: { [usdc]: parseToken("1000", 6) } });
 * console.log(formatReport(await vault.report()));
 */
export class CrosshedgeVault {
  readonly #connection: Connection;
  #layout: VaultLayout;

  private constructor(connection: Connection, layout: VaultLayout) {
    this.#connection = connection;
    this.#layout = layout;
  }

  /**
   * Connects to a vault and reads what it is made of.
   *
   * @throws {CrosshedgeError} BAD_ARGUMENT, PROVIDER_REQUIRED, NOT_A_VAULT, NETWORK
   */
  static async connect(options: ConnectOptions): Promise<CrosshedgeVault> {
    const connection = openConnection(options);
    return decoded(async () => {
      const { number } = await pinBlock(connection.provider);
      return new CrosshedgeVault(connection, await readLayout(connection, pointOf(connection, number)));
    });
  }

  /** Checksummed. */
  get address(): string {
    return this.#connection.address;
  }

  /** The typed contract, bound to the signer where there is one. */
  get contract(): IHedgeVault {
    return this.#connection.vault;
  }

  /** The vault's assets, in the order of every vector. */
  get assets(): readonly { address: string; symbol: string; decimals: number }[] {
    return this.#layout.assets;
  }

  /** Everything about the vault at one block: two `eth_call`s through Multicall3, pinned to the same block. */
  async readState({ blockTag }: ReadOptions = {}): Promise<VaultState> {
    return decoded(async () => this.#stateAt(await pinBlock(this.#connection.provider, blockTag)));
  }

  /** NAV, idle basket, legs, exposures, hedge ratios, volatility and share price at one block. */
  async report(options: ReadOptions = {}): Promise<VaultReport> {
    const state = await this.readState(options);
    return decoded(() => toReport(state, pointOf(this.#connection, state.block.number)));
  }

  /** Shares that a deposit would mint now, spread included; `amounts` are token units by token address. */
  previewDepositBasket(amounts: TokenAmounts): Promise<DepositPreview> {
    return decoded(() => previewDepositBasket(this.#connection, this.#layout, amounts));
  }

  /**
   * Deposits several tokens of the basket, with permits or exact approvals as needed.
   *
   * @throws {CrosshedgeError} INSUFFICIENT_BALANCE, TOKEN_NOT_IN_BASKET, SLIPPAGE and decoded reverts, before anything is sent.
   */
  depositBasket(options: DepositOptions): Promise<DepositReceipt> {
    return decoded(() => depositBasket(this.#connection, this.#layout, options));
  }

  /** What an exit would pay now, by simulating that very call. */
  previewExitInKind(options: ExitPreviewOptions): Promise<ExitPreview> {
    return decoded(() => previewExitInKind(this.#connection, this.#layout, options));
  }

  /**
   * Leaves with a share of everything the vault holds; needs neither oracle nor keeper.
   *
   * @throws {CrosshedgeError} INSUFFICIENT_SHARES, SLIPPAGE and decoded reverts, before anything is sent.
   */
  exitInKind(options: ExitOptions): Promise<ExitReceipt> {
    return decoded(() => exitInKind(this.#connection, this.#layout, options));
  }

  /**
   * Puts shares into the redemption queue, to be paid in the settlement token at a price of after the request.
   *
   * @throws {CrosshedgeError} INSUFFICIENT_SHARES and decoded reverts, before anything is sent.
   */
  requestRedeem(options: RedeemRequestOptions): Promise<RedeemRequestReceipt> {
    return decoded(() => requestRedeem(this.#connection, options));
  }

  /** Takes back shares that wait in the queue, all of them by default. */
  cancelRedeemRequest(options: CancelRedeemOptions = {}): Promise<RedeemRequestReceipt> {
    return decoded(() => cancelRedeemRequest(this.#connection, options));
  }

  /**
   * Claims everything that settlements have filled.
   *
   * @throws {CrosshedgeError} NOTHING_TO_DO where nothing was filled.
   */
  claim(options: ClaimOptions = {}): Promise<ClaimReceipt> {
    return decoded(() => claim(this.#connection, options));
  }

  /** Where an account stands in the redemption queue, and what to do next; the signer's own by default. */
  redemption(account?: string): Promise<Redemption> {
    return decoded(async () => {
      const whose = account ?? (await requireSigner(this.#connection).getAddress());
      return readRedemption(this.#connection, this.#layout, whose);
    });
  }

  /** Lets an account request, cancel and claim for the signer, or no longer. */
  setOperator(operator: string, approved: boolean): Promise<string> {
    return decoded(() => setOperator(this.#connection, operator, approved));
  }

  /** Settles the queue: the keeper's call, and anybody's once it has waited for `maxWait`. */
  settle(): Promise<{ hash: string; shares: bigint; assets: bigint }> {
    return decoded(() => settle(this.#connection));
  }

  async #stateAt(block: PinnedBlock): Promise<VaultState> {
    const at = pointOf(this.#connection, block.number);
    const state = await readState(this.#connection, this.#layout, block, at);
    if (state !== null) return state;
    this.#layout = await readLayout(this.#connection, at);
    const again = await readState(this.#connection, this.#layout, block, at);
    if (again !== null) return again;
    throw new CrosshedgeError("READ_FAILED", `Block ${block.number} changed while it was read.`);
  }
}

function pointOf({ provider, multicall }: Connection, blockNumber: number): ReadPoint {
  return { provider, multicall, blockNumber };
}

/** Nothing leaves the SDK but a CrosshedgeError. */
async function decoded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (caught) {
    throw decodeError(caught);
  }
}
