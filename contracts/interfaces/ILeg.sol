// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Order} from "../types/Plan.sol";
import {LegValue} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";

/// @notice What stands between a vault and one of its legs, in rising order of harm.
/// @param None Nothing
/// @param Blocked The position cannot be left now: a market is paused, a venue's vault does not pay
/// @param Damaged The venue changed the position without an order, at a loss or for good: liquidation, bad debt, a closed market
enum Impairment {
    None,
    Blocked,
    Damaged
}

/// @notice A position on a venue, held for one vault by one contract.
interface ILeg {
    /// @notice Bind a fresh clone to its vault. Once only, in the transaction that makes the clone.
    /// @param config ABI encoding of the venue's own parameters
    function initialize(address vault, bytes calldata config) external;

    /// @notice The vault that owns the leg.
    function vault() external view returns (address);

    /// @notice True for a leg that hedges, false for one that provides liquidity.
    function isHedge() external view returns (bool);

    /// @notice Carry out one order. Vault only.
    function execute(Order calldata order, Prices calldata prices) external;

    /// @notice Leave `numerator/denominator` of the position. Tokens arrive at the vault unbooked. Vault only.
    /// @return amounts Owed to the leaver by vault asset, token units; negative where the position lost more than it held
    function exit(uint256 numerator, uint256 denominator) external returns (int256[] memory amounts);

    /// @notice Value, exposure and gamma at the given prices. Reads no oracle.
    function measure(Prices calldata prices) external view returns (LegValue memory);

    /// @notice `measure` for a plan, before its orders and after, in one transaction. The band is left out: `closeOutCost` and `venueGap` are
    /// zero. What the orders may bring to light may be left out before them: the value after them says how much that was, as `overdue`. Vault only.
    /// @param mid As in `Prices`
    /// @param first True before the orders
    /// @param leastMargin The value is `thin` if `marginRatio` is less, 1e18 = 100%: cheaper to say than the ratio. Zero does not ask
    function appraise(uint256[] calldata mid, bool first, uint256 leastMargin) external returns (LegValue memory);

    /// @notice How far the venue's price stands from the oracle's before an order, 1e18 = 100%. Zero for orders that it cannot hurt.
    function deviation(Order calldata order, Prices calldata prices) external view returns (uint256);

    /// @notice By how much the venue's spot price and its average over a quarter of an hour, the worse of the two, stand further from the
    /// oracle's than the feeds' thresholds explain, 1e18 = 100%. Zero where the venue's price does not enter a deposit's value.
    function disagreement(Prices calldata prices) external view returns (uint256);

    /// @notice Compare the venue's state with the last one seen, and take note of it. Vault only.
    /// @return The worst thing found since the last call of `sync`
    function sync() external returns (Impairment);

    /// @notice True for an order that can only make the vault safer: burns, added margin, reductions of a hedge.
    function isReduction(Order calldata order) external view returns (bool);

    /// @notice Own capital that the venue counts over notional, the worse of oracle and venue, 1e18 = 100%; max if there is no position.
    function marginRatio(Prices calldata prices) external view returns (uint256);

    /// @notice True if nothing is left on the venue.
    function isEmpty() external view returns (bool);
}
