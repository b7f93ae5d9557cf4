// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SqrtPriceMath} from "@uniswap/v4-core/src/libraries/SqrtPriceMath.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";

/// @title What liquidity on a range is made of at a pool's price.
library Liquidity {
    /// @notice Token amounts that burning pays, each rounded down.
    function amountsDown(
        uint160 sqrtPrice,
        int24 tickLower,
        int24 tickUpper,
        uint128 liquidity
    ) internal pure returns (uint256 amount0, uint256 amount1) {
        uint160 low = TickMath.getSqrtPriceAtTick(tickLower);
        uint160 high = TickMath.getSqrtPriceAtTick(tickUpper);
        if (sqrtPrice < low) sqrtPrice = low;
        if (sqrtPrice > high) sqrtPrice = high;
        amount0 = SqrtPriceMath.getAmount0Delta(sqrtPrice, high, liquidity, false);
        amount1 = SqrtPriceMath.getAmount1Delta(low, sqrtPrice, liquidity, false);
    }

    /// @notice Most liquidity that two amounts can provide, a little less.
    function most(
        uint160 sqrtPrice,
        int24 tickLower,
        int24 tickUpper,
        uint256 amount0,
        uint256 amount1
    ) internal pure returns (uint128) {
        uint128 unit = 1e18;
        (uint256 per0, uint256 per1) = amountsDown(sqrtPrice, tickLower, tickUpper, unit);
        uint256 by0 = per0 == 0 ? type(uint128).max : (amount0 * unit) / (per0 + 1);
        uint256 by1 = per1 == 0 ? type(uint128).max : (amount1 * unit) / (per1 + 1);
        uint256 least = by0 < by1 ? by0 : by1;
        return least > type(uint120).max ? type(uint120).max : uint128(least);
    }

    /// @notice A range of about `width` ticks whose middle is `shift` ticks from the tick of a price.
    function range(
        uint160 sqrtPrice,
        int24 width,
        int24 shift
    ) internal pure returns (int24 tickLower, int24 tickUpper) {
        int24 middle = TickMath.getTickAtSqrtPrice(sqrtPrice) + shift;
        tickLower = ((middle - width / 2) / 60) * 60;
        tickUpper = tickLower + (width / 60) * 60;
        if (tickUpper <= tickLower) tickUpper = tickLower + 60;
    }
}
