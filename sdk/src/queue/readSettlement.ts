import { Interface } from "ethers";
import type { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { decodeError } from "../errors/decodeError.js";
import { mulDiv } from "../math.js";
import { interfaceCall } from "../read/call.js";
import { ethCall } from "../read/ethCall.js";
import { pointAt } from "../read/pointAt.js";
import type { VaultState } from "../state/types.js";
import { ONE, type Ratio18, type TokenAmount } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";

/** What a settlement would do at a block. */
export interface SettlementOutcome {
  /** Shares that it would fill, 1e18. */
  shares: bigint;
  /** Settlement tokens that it would set aside for them. */
  assets: TokenAmount;
  /** Filled over what waits; null while nobody waits. */
  fraction: Ratio18 | null;
  /** Why it would fail; null where it would not. */
  refusal: CrosshedgeError | null;
}

const SETTLE = new Interface(["function settle() returns (uint256 shares, uint256 assets)"]);
/** Any account: the vault asks only whether it may. */
const CALLER = "0x000000000000000000000000000000000000dEaD";
/** Answers every call with (true, 0): `canCall` of an AccessManager that lets everybody. */
const YES = "0x600160005260406000f3";

/**
 * What a settlement would fill at the state's block, exactly: the vault's own `settle`, simulated as an account that may call it. Before
 * anybody may, the node must let the authority answer yes for as long as it takes (state overrides).
 *
 * @throws {CrosshedgeError} NETWORK where the node cannot; BAD_ARGUMENT for a provider that cannot pass requests on
 */
export async function readSettlement(vault: CrosshedgeVault, state: VaultState): Promise<SettlementOutcome> {
  return decoded(async () => {
    const { block, queue, settings, authority } = state;
    const open = queue.since > 0 && block.timestamp > queue.since + Number(settings.maxWait);
    const call = interfaceCall<readonly [bigint, bigint]>(SETTLE, vault.address, "settle");
    const at = pointAt(vault.connection, block);
    try {
      const answer = await ethCall(
        at,
        { to: call.target, data: call.data, from: CALLER },
        open ? {} : { [authority]: { code: YES } },
      );
      const [shares, assets] = call.decode(answer);
      return { shares, assets, fraction: mulDiv(shares, ONE, queue.shares), refusal: null };
    } catch (caught) {
      const refusal = decodeError(caught);
      if (refusal.revert === undefined) throw refusal;
      return { shares: 0n, assets: 0n, fraction: queue.shares === 0n ? null : 0n, refusal };
    }
  });
}
