// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILeg} from "./ILeg.sol";

/// @notice Views of a Uniswap v3 leg beyond those of every leg.
interface IUniswapV3Leg is ILeg {
    function pool() external view returns (address);

    /// @notice Indices of the pool's tokens in the vault's asset set.
    function indices() external view returns (uint8 index0, uint8 index1);

    /// @notice The one position; liquidity 0 if there is none.
    function position() external view returns (int24 tickLower, int24 tickUpper, uint128 liquidity);

    /// @notice Token amounts of the position at the oracle's price, fees uncollected included.
    function amounts(
        uint256 mid0,
        uint256 mid1
    ) external view returns (uint256 amount0, uint256 amount1, uint256 fees0, uint256 fees1);
}
