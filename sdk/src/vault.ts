import { type BlockTag, isHexString } from "ethers";
import { type Connection, type ConnectOptions, openConnection, targetOf } from "./connection.js";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";
import { decoded } from "./errors/decoded.js";
import type { ReadPoint } from "./multicall.js";
import { Batch } from "./read/batch.js";
import { type PinnedBlock, pinBlock } from "./read/block.js";
import { readLayout, type VaultLayout } from "./state/layout.js";
import { knownBlock, latestBlock } from "./state/readBlock.js";
import { type LegTerms, readState, type StateReading } from "./state/readState.js";
import type { VaultState } from "./state/types.js";

/** At which block to read. */
export interface ReadOptions {
  /** "latest" by default; resolved to a number first, so that everything is read from one block. The hash of a block is read at that hash. */
  blockTag?: BlockTag;
  /** A block that is known already, which saves asking for it; everything is read at its hash. */
  block?: PinnedBlock;
  /** The price snapshot that is to be expected, which saves a second read where it is right; the last one seen by default. */
  prices?: VaultState["prices"];
  /** Adds reads of one's own to the same request; called again where that has to be made again, and the last one counts. */
  along?: (batch: Batch, layout: VaultLayout) => void;
}

/**
 * A Crosshedge vault, to read. What changes it is prepared by functions that take the vault, and sent by {@link send}.
 *
 * Every method throws only {@link CrosshedgeError}.
 *
 * @example
 * const vault = await CrosshedgeVault.connect({ address, provider, multicall: MULTICALL3_ADDRESS });
 * console.log(formatReport(await readReport(vault)));
 * const { shares } = await send(await prepareDeposit(vault, { account, token, amount }), signer);
 */
export class CrosshedgeVault {
  readonly #connection: Connection;
  #layout: VaultLayout;
  #terms: LegTerms | null;
  /** Number of the block that layout and terms are of. */
  #asOf = 0;

  private constructor(connection: Connection, layout: VaultLayout, terms: LegTerms | null) {
    this.#connection = connection;
    this.#layout = layout;
    this.#terms = terms;
  }

  /**
   * Connects to a vault and reads what it is made of, in three batches of requests at most; in one where `layout` is given.
   *
   * @throws {CrosshedgeError} BAD_ARGUMENT, PROVIDER_REQUIRED, NOT_A_VAULT, NETWORK
   */
  static async connect(options: ConnectOptions): Promise<CrosshedgeVault> {
    return decoded(async () => {
      const target = targetOf(options);
      const [connection, { layout, terms }] = await Promise.all([
        openConnection(target),
        options.layout ? { layout: options.layout, terms: null } : readLayout({ ...target, blockNumber: "latest" }),
      ]);
      return new CrosshedgeVault(connection, layout, terms);
    });
  }

  /** Checksummed. */
  get address(): string {
    return this.#connection.address;
  }

  /** How the vault is reached: what this package's own functions work with. */
  get connection(): Connection {
    return this.#connection;
  }

  /** What the vault is made of, as last read. */
  get layout(): VaultLayout {
    return this.#layout;
  }

  /** @internal What the legs were last read with. */
  get terms(): LegTerms | null {
    return this.#terms;
  }

  /** The vault's assets, in the order of every vector. */
  get assets(): readonly { address: string; symbol: string; decimals: number }[] {
    return this.#layout.assets;
  }

  /**
   * Everything about the vault at one block: one `eth_call` through Multicall3, or two where prices have changed since the last one. The
   * latest block's header goes out beside it.
   */
  async readState(options: ReadOptions = {}): Promise<VaultState> {
    return decoded(() => this.#read(options));
  }

  async #read({ blockTag = "latest", block, prices, along }: ReadOptions): Promise<VaultState> {
    const guess = prices && this.#terms ? { ...this.#terms, prices } : this.#terms;
    const { provider, multicall } = this.#connection;
    if (block === undefined && blockTag === "latest" && multicall !== undefined) {
      const at: ReadPoint = { provider, multicall, blockNumber: "latest" };
      const batch = new Batch(at);
      const settle = latestBlock(this.#connection, multicall, batch);
      along?.(batch, this.#layout);
      const reading = await readState(this.#connection, this.#layout, { at, settle }, guess, batch);
      if (typeof reading !== "string") return this.#keep(reading, this.#layout);
    }
    const pinned = block ?? (await pinBlock(provider, blockTag));
    const byHash = block !== undefined || isHexString(blockTag, 32);
    const at = { ...this.#pointOf(pinned.number), blockHash: (byHash && pinned.hash) || undefined };
    return this.#stateAt(pinned, at, guess, along);
  }

  async #stateAt(
    block: PinnedBlock,
    at: ReadPoint,
    guess: LegTerms | null,
    along?: ReadOptions["along"],
  ): Promise<VaultState> {
    const read = (layout: VaultLayout) => {
      const batch = new Batch(at);
      along?.(batch, layout);
      return readState(this.#connection, layout, knownBlock(block, at), guess, batch);
    };
    let layout = this.#layout;
    let reading = await read(layout);
    if (reading === "outdated") {
      ({ layout } = await readLayout({ ...at, address: this.address }));
      reading = await read(layout);
    }
    if (typeof reading === "string") {
      throw new CrosshedgeError("READ_FAILED", `Block ${block.number} changed while it was read.`);
    }
    return this.#keep(reading, layout);
  }

  /** What is known of the vault is that of the newest block: reading the past leaves it alone. */
  #keep({ state, terms }: StateReading, layout: VaultLayout): VaultState {
    if (state.block.number < this.#asOf) return state;
    [this.#asOf, this.#terms, this.#layout] = [state.block.number, terms, layout];
    return state;
  }

  #pointOf(blockNumber: number): ReadPoint {
    const { provider, multicall } = this.#connection;
    return { provider, multicall, blockNumber };
  }
}
