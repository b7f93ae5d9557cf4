// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Order} from "../types/Plan.sol";
import {LegValue} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";

/// @notice A position on a venue, held for one vault by one contract.
interface ILeg {
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

    /// @notice How far the venue's price stands from the oracle's before an order, 1e18 = 100%. Zero for orders that it cannot hurt.
    function deviation(Order calldata order, Prices calldata prices) external view returns (uint256);

    /// @notice True for an order that can only make the vault safer: burns, added margin, reductions of a hedge.
    function isReduction(Order calldata order) external view returns (bool);

    /// @notice Own capital over notional, the worse of oracle and venue, 1e18 = 100%; max if there is no position.
    function marginRatio(Prices calldata prices) external view returns (uint256);

    /// @notice True if nothing is left on the venue.
    function isEmpty() external view returns (bool);
}
