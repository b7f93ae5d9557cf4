// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeLeg} from "../interfaces/IHedgeLeg.sol";
import {
    IPerpBaseToken,
    IPerpClearingHouse,
    IPerpClearingHouseConfig,
    IPerpExchange,
    IPerpMarketRegistry
} from "../interfaces/venues/IPerpV2.sol";
import {IUniswapV3PoolHead} from "../interfaces/venues/IUniswapV3.sol";

/// @title What a Perp v2 market charges, and how it reckons.
library PerpV2Market {
    uint256 private constant Q96 = 1 << 96;

    /// @dev The venue takes a smaller size for nothing.
    uint256 private constant DUST_SIZE = 10;

    /// @dev The venue's average over a quarter of an hour, as in its funding.
    uint32 internal constant AVERAGE_SECONDS = 900;

    /// @dev The shorter of the two market averages that the venue's mark is taken from.
    uint32 private constant SHORT_AVERAGE_SECONDS = 15;

    /// @dev The venue takes the market's price of now for a shorter average.
    uint32 private constant SPOT_BELOW_SECONDS = 10;

    /// @notice What trading costs now: the market's price, the fee of this trader, and the base tokens that the liquidity in range stands
    /// for. Price and depth are the market's of now, so what follows from them belongs in the band only.
    /// @dev A paused market has the price at which it was paused, which is the one that anybody may close it at later.
    /// @param open True if the market is not paused
    function quote(
        IPerpMarketRegistry registry,
        address baseToken,
        bool open
    ) internal view returns (IHedgeLeg.Quote memory quoted) {
        (address pool, uint24 feeRatio) = registry.getMarketInfoByTrader(address(this), baseToken);
        (uint160 sqrtPrice, ) = IUniswapV3PoolHead(pool).slot0();
        quoted.price = open ? _price(sqrtPrice) : IPerpBaseToken(baseToken).getPausedIndexPrice();
        quoted.fee = uint256(feeRatio) * 1e12;
        quoted.depth = FixedPointMathLib.fullMulDiv(IUniswapV3Pool(pool).liquidity(), Q96, sqrtPrice);
    }

    /// @notice The market's own average price, 1e18.
    function averagePrice(IPerpExchange exchange, address baseToken) internal view returns (uint256) {
        return _price(exchange.getSqrtMarketTwapX96(baseToken, AVERAGE_SECONDS));
    }

    /// @notice Seconds of the longer of the two market averages that the venue's mark is taken from.
    function longInterval(address clearingHouse) internal view returns (uint32 interval) {
        address config = IPerpClearingHouse(clearingHouse).getClearingHouseConfig();
        (interval, ) = IPerpClearingHouseConfig(config).getMarkPriceConfig();
    }

    /// @notice The highest price that the venue's mark can have, whatever its index says, 1e18: the mark is the median of two averages of the
    /// market and of the index, so never above both averages.
    /// @param interval See `longInterval`
    function highestMark(
        IPerpMarketRegistry registry,
        uint32 interval,
        address baseToken
    ) internal view returns (uint256) {
        IPerpBaseToken market = IPerpBaseToken(baseToken);
        if (!market.isOpen()) return market.isClosed() ? market.getClosedPrice() : market.getPausedIndexPrice();
        IUniswapV3PoolHead pool = IUniswapV3PoolHead(registry.getPool(baseToken));
        bool spot = interval < SPOT_BELOW_SECONDS;
        uint32[] memory ago = new uint32[](3);
        (ago[0], ago[1]) = (spot ? SHORT_AVERAGE_SECONDS : interval, SHORT_AVERAGE_SECONDS);
        int56[] memory sums = pool.observe(ago);
        // Rounded as the venue does
        int56 tick = (sums[2] - sums[1]) / int56(uint56(ago[1]));
        int56 longer = (sums[2] - sums[0]) / int56(uint56(ago[0]));
        // Safe: an average of ticks is a tick
        uint160 sqrtPrice = TickMath.getSqrtPriceAtTick(int24(longer > tick ? longer : tick));
        if (spot) {
            (uint160 now_, ) = pool.slot0();
            if (now_ > sqrtPrice) sqrtPrice = now_;
        }
        return _price(sqrtPrice);
    }

    /// @notice False where the venue's owner has stopped the market.
    function isTradable(IPerpExchange exchange, address baseToken) internal view returns (bool) {
        return IPerpBaseToken(baseToken).isOpen() && exchange.getMaxTickCrossedWithinBlock(baseToken) > 0;
    }

    /// @notice A booked size as the venue counts it.
    function sizeOf(int256 booked) internal pure returns (int256) {
        return FixedPointMathLib.abs(booked) < DUST_SIZE ? int256(0) : booked;
    }

    /// @notice Funding that a size paid while the market's growth went from one value to another, 1e18, rounded as the venue does.
    function fundingPaid(int256 size, int256 growthBefore, int256 growthAfter) internal pure returns (int256) {
        int256 growth = growthAfter - growthBefore;
        uint256 product =
            FixedPointMathLib.fullMulDiv(FixedPointMathLib.abs(size), FixedPointMathLib.abs(growth), Q96) / 1 days;
        // Safe: a quotient of two int256 products that the venue holds in an int256 too
        return (size < 0) == (growth < 0) ? int256(product) : -int256(product);
    }

    function _price(uint160 sqrtPrice) private pure returns (uint256) {
        return FixedPointMathLib.fullMulDiv(FixedPointMathLib.fullMulDiv(sqrtPrice, sqrtPrice, Q96), 1e18, Q96);
    }
}
