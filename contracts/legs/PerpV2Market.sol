// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeLeg} from "../interfaces/IHedgeLeg.sol";
import {IPerpMarketRegistry} from "../interfaces/venues/IPerpV2.sol";

/// @title What a Perp v2 market charges a trader now.
library PerpV2Market {
    uint256 private constant Q96 = 1 << 96;

    /// @notice What trading costs now: the market's price, the fee of this trader, and the base tokens that the liquidity in range stands
    /// for. Price and depth are the market's of now, so what follows from them belongs in the band only.
    function quote(
        IPerpMarketRegistry registry,
        address baseToken
    ) internal view returns (IHedgeLeg.Quote memory quoted) {
        IPerpMarketRegistry.MarketInfo memory info = registry.getMarketInfoByTrader(address(this), baseToken);
        (uint160 sqrtPrice, , , , , , ) = IUniswapV3Pool(info.pool).slot0();
        quoted.price = FixedPointMathLib.fullMulDiv(FixedPointMathLib.fullMulDiv(sqrtPrice, sqrtPrice, Q96), 1e18, Q96);
        quoted.fee = uint256(info.exchangeFeeRatio) * 1e12;
        quoted.depth = FixedPointMathLib.fullMulDiv(IUniswapV3Pool(info.pool).liquidity(), Q96, sqrtPrice);
    }
}
