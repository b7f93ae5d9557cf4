// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {UniswapV3Position} from "../../contracts/legs/UniswapV3Position.sol";

/// @notice The arithmetic of liquidity, to be asked from outside.
contract PositionHost {
    function sqrtPriceDown(uint256 mid0, uint256 mid1, uint8 d0, uint8 d1) external pure returns (uint160) {
        return UniswapV3Position.sqrtPriceDown(mid0, mid1, d0, d1);
    }

    function deviationUp(uint160 spot, uint160 oracle) external pure returns (uint256) {
        return UniswapV3Position.deviationUp(spot, oracle);
    }

    /// @return amount0 Rounded down
    /// @return amount1 Rounded down
    /// @return reserve1 L·√P in token1 units inside the range
    function position(
        int24 tickLower,
        int24 tickUpper,
        uint128 liquidity,
        uint160 sqrtPrice
    ) external pure returns (uint256 amount0, uint256 amount1, uint256 reserve1) {
        bool inside;
        (amount0, amount1, inside) = UniswapV3Position.amountsDown(tickLower, tickUpper, liquidity, sqrtPrice);
        if (inside) reserve1 = UniswapV3Position.virtualReserve1Down(liquidity, sqrtPrice);
    }

    function sqrtPriceAtTick(int24 tick) external pure returns (uint160) {
        return TickMath.getSqrtPriceAtTick(tick);
    }

    function tickAtSqrtPrice(uint160 sqrtPrice) external pure returns (int24) {
        return TickMath.getTickAtSqrtPrice(sqrtPrice);
    }
}
