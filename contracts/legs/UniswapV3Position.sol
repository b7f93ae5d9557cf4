// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {SqrtPriceMath} from "@uniswap/v4-core/src/libraries/SqrtPriceMath.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IUniswapV3PoolHead} from "../interfaces/venues/IUniswapV3.sol";

/// @title Arithmetic of one Uniswap v3 position: amounts at a given price, fees not yet collected, gamma.
library UniswapV3Position {
    error PriceOutOfRange(uint256 sqrtPriceX96);

    /// @notice Length of a pool's average, seconds.
    uint32 internal constant TWAP_WINDOW = 900;

    /// @notice Observations that a pool must have room for: it writes at most one a block, and blocks of twelve seconds fill the window with
    /// one more than 75. Where blocks are faster, anybody may give the pool more room; until then a busy pool forgets too soon, and what needs
    /// its average waits.
    uint16 internal constant MIN_OBSERVATIONS = 76;

    uint256 private constant Q96 = 1 << 96;
    uint256 private constant Q128 = 1 << 128;

    /// @notice √(token1 per token0, raw units)·2^96 from two USD prices, rounded down.
    /// @param mid0 USD per whole token0, 1e18
    /// @param mid1 USD per whole token1, 1e18
    function sqrtPriceDown(
        uint256 mid0,
        uint256 mid1,
        uint8 decimals0,
        uint8 decimals1
    ) internal pure returns (uint160) {
        uint256 numerator = mid0 * 10 ** decimals1;
        uint256 denominator = mid1 * 10 ** decimals0;
        // √(n/d)·2^96 = √(n·2^192/d); where n/d exceeds 2^64 the quotient would overflow, so it is scaled by 2^128 there.
        uint256 sqrtPrice =
            numerator / (1 << 64) < denominator
                ? FixedPointMathLib.sqrt(FixedPointMathLib.fullMulDiv(numerator, 1 << 192, denominator))
                : FixedPointMathLib.sqrt(FixedPointMathLib.fullMulDiv(numerator, Q128, denominator)) << 32;
        require(sqrtPrice > TickMath.MIN_SQRT_PRICE && sqrtPrice < TickMath.MAX_SQRT_PRICE, PriceOutOfRange(sqrtPrice));
        return uint160(sqrtPrice);
    }

    /// @notice |spot/oracle − 1| in price, 1e18 = 100%, rounded up.
    function deviationUp(uint160 spot, uint160 oracle) internal pure returns (uint256) {
        uint256 root = FixedPointMathLib.fullMulDivUp(spot, 1e18, oracle);
        uint256 ratio = FixedPointMathLib.fullMulDivUp(root, root, 1e18);
        return ratio > 1e18 ? ratio - 1e18 : 1e18 - FixedPointMathLib.fullMulDiv(root - 1, root - 1, 1e18);
    }

    /// @notice The two ticks around the pool's average of the last `window` seconds; both the same where it falls on one.
    /// @return known False if the pool's history does not reach back that far
    function averageTicks(
        IUniswapV3Pool pool,
        uint32 window
    ) internal view returns (bool known, int24 low, int24 high) {
        uint32[] memory ago = new uint32[](2);
        ago[0] = window;
        try pool.observe(ago) returns (int56[] memory cumulative, uint160[] memory) {
            int56 sum = cumulative[1] - cumulative[0];
            int56 span = int56(uint56(window));
            // Safe: an average of ticks is a tick
            low = int24(sum / span);
            high = low;
            if (sum % span < 0) --low;
            else if (sum % span > 0) ++high;
            known = true;
        } catch {}
    }

    /// @notice Token amounts of a position at a given √price, each rounded down, and whether the price is inside its range.
    function amountsDown(
        int24 tickLower,
        int24 tickUpper,
        uint128 liquidity,
        uint160 sqrtPrice
    ) internal pure returns (uint256 amount0, uint256 amount1, bool inside) {
        uint160 low = TickMath.getSqrtPriceAtTick(tickLower);
        uint160 high = TickMath.getSqrtPriceAtTick(tickUpper);
        inside = sqrtPrice > low && sqrtPrice < high;
        if (sqrtPrice < high) amount0 = SqrtPriceMath.getAmount0Delta(inside ? sqrtPrice : low, high, liquidity, false);
        if (sqrtPrice > low) amount1 = SqrtPriceMath.getAmount1Delta(low, inside ? sqrtPrice : high, liquidity, false);
    }

    /// @notice L·√P in token1 units, rounded down. While the price is inside the range the USD gamma c is −½ of its worth, else zero.
    /// @dev c = P1·p²·V''(p) with V'' = −L/(2·p^{3/2}), p the price of token0 in token1.
    function virtualReserve1Down(uint128 liquidity, uint160 sqrtPrice) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDiv(liquidity, sqrtPrice, Q96);
    }

    /// @notice Tokens that the pool has on record for this leg's position, not collected yet.
    function owed(
        IUniswapV3Pool pool,
        int24 tickLower,
        int24 tickUpper
    ) internal view returns (uint128 owed0, uint128 owed1) {
        (, , , owed0, owed1) = pool.positions(_key(tickLower, tickUpper));
    }

    /// @notice Fees and tokens owed to this leg's position and not collected yet, rounded down.
    function uncollectedDown(
        IUniswapV3Pool pool,
        int24 tickLower,
        int24 tickUpper
    ) internal view returns (uint256 fees0, uint256 fees1) {
        (uint128 liquidity, uint256 last0, uint256 last1, uint128 owed0, uint128 owed1) = pool.positions(
            _key(tickLower, tickUpper)
        );
        (uint256 inside0, uint256 inside1) = _feeGrowthInside(pool, tickLower, tickUpper);
        // Fee growth wraps around by design: only differences mean something.
        unchecked {
            fees0 = owed0 + FixedPointMathLib.fullMulDiv(liquidity, inside0 - last0, Q128);
            fees1 = owed1 + FixedPointMathLib.fullMulDiv(liquidity, inside1 - last1, Q128);
        }
    }

    function _key(int24 tickLower, int24 tickUpper) private view returns (bytes32) {
        return keccak256(abi.encodePacked(address(this), tickLower, tickUpper));
    }

    function _feeGrowthInside(
        IUniswapV3Pool pool,
        int24 tickLower,
        int24 tickUpper
    ) private view returns (uint256 inside0, uint256 inside1) {
        IUniswapV3PoolHead head = IUniswapV3PoolHead(address(pool));
        (, int24 tick) = head.slot0();
        (, , uint256 lower0, uint256 lower1) = head.ticks(tickLower);
        (, , uint256 upper0, uint256 upper1) = head.ticks(tickUpper);
        unchecked {
            if (tick < tickLower) return (lower0 - upper0, lower1 - upper1);
            if (tick >= tickUpper) return (upper0 - lower0, upper1 - lower1);
            inside0 = pool.feeGrowthGlobal0X128() - lower0 - upper0;
            inside1 = pool.feeGrowthGlobal1X128() - lower1 - upper1;
        }
    }
}
