// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IPerpMarketRegistry} from "../interfaces/venues/IPerpV2.sol";

/// @title What it would cost to close a perp position on its market now.
library PerpV2Market {
    uint256 private constant Q96 = 1 << 96;

    /// @notice Fee plus impact of closing, and how far the market stands from the oracle.
    /// @dev The impact takes the market's liquidity in range for a constant product: buying s of the x base tokens that the range
    /// stands for costs s·P·s/(x − s) above the price; selling loses s·P·s/(x + s). Both prices and liquidity are the market's of
    /// now, so the figure belongs in the band only.
    /// @param size Signed, base tokens, 1e18
    /// @param mid Oracle price, 1e18
    /// @return cost Quote, 1e18, rounded up; the whole notional where the market is too thin to close
    /// @return gap |size|·|P_market − P_oracle|, quote, 1e18, rounded up
    function closing(
        IPerpMarketRegistry registry,
        address baseToken,
        int256 size,
        uint256 mid
    ) internal view returns (uint256 cost, uint256 gap) {
        IPerpMarketRegistry.MarketInfo memory info = registry.getMarketInfoByTrader(address(this), baseToken);
        uint256 base = FixedPointMathLib.abs(size);
        (uint160 sqrtPrice, , , , , , ) = IUniswapV3Pool(info.pool).slot0();
        uint256 price = FixedPointMathLib.fullMulDiv(
            FixedPointMathLib.fullMulDiv(sqrtPrice, sqrtPrice, Q96),
            1e18,
            Q96
        );
        uint256 notional = FixedPointMathLib.fullMulDivUp(base, FixedPointMathLib.max(price, mid), 1e18);
        gap = FixedPointMathLib.fullMulDivUp(base, FixedPointMathLib.dist(price, mid), 1e18);
        uint256 reserve = FixedPointMathLib.fullMulDiv(IUniswapV3Pool(info.pool).liquidity(), Q96, sqrtPrice);
        if (size < 0 && reserve <= 2 * base) return (notional, gap);
        uint256 rest = size < 0 ? reserve - base : reserve + base;
        cost = FixedPointMathLib.mulDivUp(notional, info.exchangeFeeRatio, 1e6);
        cost += FixedPointMathLib.fullMulDivUp(notional, base, rest);
    }
}
