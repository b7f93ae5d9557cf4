// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {Nav} from "../../contracts/vault/Nav.sol";
import {UniswapV3Position} from "../../contracts/legs/UniswapV3Position.sol";
import {bound} from "./Vm.sol";

/// @notice A pool as far as its observations go.
contract Observed {
    int56[2] private _cumulative;

    function set(int56 before, int56 now_) external {
        _cumulative = [before, now_];
    }

    function observe(uint32[] calldata) external view returns (int56[] memory cumulative, uint160[] memory unused) {
        cumulative = new int56[](2);
        (cumulative[0], cumulative[1]) = (_cumulative[0], _cumulative[1]);
        unused = new uint160[](2);
    }
}

/// @notice The arithmetic of a position and of token values over every number of decimals that an asset may have.
contract UniswapV3PositionTest {
    uint256 private constant Q96 = 1 << 96;

    /// forge-config: default.fuzz.runs = 512
    function testFuzz_sqrtPriceIsTheRootRoundedDown(uint256 mid0, uint256 mid1, uint256 d0, uint256 d1) public pure {
        (mid0, mid1, d0, d1) = _prices(mid0, mid1, d0, d1);
        uint256 root = UniswapV3Position.sqrtPriceDown(mid0, mid1, uint8(d0), uint8(d1));
        uint256 n = mid0 * 10 ** d1;
        uint256 d = mid1 * 10 ** d0;
        if (n >> 64 < d) {
            // root² ≤ n/d·2^192 < (root + 1)²
            uint256 square = FixedPointMathLib.fullMulDiv(n, 1 << 192, d);
            require(root * root <= square && square - root * root <= 2 * root, "root");
        } else {
            uint256 ratio = FixedPointMathLib.fullMulDiv(n, 1e18, d);
            require(_ratio(root) <= ratio && _ratio(root + root / 1e9) >= ratio, "large root");
        }
    }

    /// forge-config: default.fuzz.runs = 512
    function testFuzz_deviationIsTheSameWhateverTheDecimals(
        uint256 mid0,
        uint256 mid1,
        uint256 d0,
        uint256 d1,
        uint256 factor
    ) public pure {
        (mid0, mid1, d0, d1) = _prices(mid0, mid1, d0, d1);
        factor = bound(factor, 0.5e18, 2e18);
        uint160 oracle = UniswapV3Position.sqrtPriceDown(mid0, mid1, uint8(d0), uint8(d1));
        if (oracle < 1e14) return;
        uint160 spot = uint160((uint256(oracle) * factor) / 1e18);
        uint256 found = UniswapV3Position.deviationUp(spot, oracle);
        uint256 expected = FixedPointMathLib.dist((factor * factor) / 1e18, 1e18);
        require(FixedPointMathLib.dist(found, expected) < 1e6, "deviation");
    }

    /// @dev What a position holds at a price, turned into USD, against the closed form L·(2√P − √P_low − P/√P_high) with 1e-6 of leeway.
    /// forge-config: default.fuzz.runs = 512
    function testFuzz_positionIsWorthTheClosedForm(uint256 mid0, uint256 mid1, uint256 d0, uint256 d1) public pure {
        (mid0, mid1, d0, d1) = _prices(mid0, mid1, d0, d1);
        uint160 root = UniswapV3Position.sqrtPriceDown(mid0, mid1, uint8(d0), uint8(d1));
        int24 tick = TickMath.getTickAtSqrtPrice(root);
        if (tick < -880_000 || tick > 880_000) return;
        // About a million dollars, whatever the units
        uint256 reserve1 = FixedPointMathLib.fullMulDiv(1e24, 10 ** d1, mid1);
        uint256 liquidity = FixedPointMathLib.fullMulDiv(reserve1, Q96, root);
        if (liquidity > type(uint128).max || liquidity < 1e12) return;
        (uint256 amount0, uint256 amount1, ) = UniswapV3Position.amountsDown(
            tick - 2_000,
            tick + 2_000,
            uint128(liquidity),
            root
        );
        if (amount0 < 1e7 || amount1 < 1e7) return;
        uint256 usd = Nav.valueDown(amount0, mid0, 10 ** d0) + Nav.valueDown(amount1, mid1, 10 ** d1);
        // Each side is a million times 1 − 1.0001^∓1000, the tick's own rounding aside
        require(usd > 2 * 0.0950e24 && usd < 2 * 0.0953e24, "worth");
    }

    function testFuzz_valueIsRoundedDown(uint256 amount, uint256 price, uint256 decimals) public pure {
        amount = bound(amount, 0, 1e36);
        price = bound(price, 1, 1e30);
        uint256 unit = 10 ** bound(decimals, 0, 24);
        uint256 usd = Nav.valueDown(amount, price, unit);
        require(usd * unit <= amount * price && (usd + 1) * unit > amount * price, "value");
    }

    /// @dev root²/2^192, 1e18
    function _ratio(uint256 root) private pure returns (uint256) {
        return FixedPointMathLib.fullMulDiv(FixedPointMathLib.fullMulDiv(root, root, Q96), 1e18, Q96);
    }

    /// @dev Prices from a millionth of a dollar to ten million, decimals from 0 to 24, as far as Uniswap can express their ratio.
    function _prices(
        uint256 mid0,
        uint256 mid1,
        uint256 d0,
        uint256 d1
    ) private pure returns (uint256, uint256, uint256, uint256) {
        d0 = bound(d0, 0, 24);
        d1 = bound(d1, 0, 24);
        return (bound(mid0, 1e12, 1e25), bound(mid1, 1e12, 1e25), d0, d1);
    }

    function testFuzz_theAverageTickLiesBetweenTwo(int256 sum, uint256 window) public {
        window = bound(window, 1, 7 days);
        // Ticks of a pool are above -887,273 and below 887,273.
        sum = int256(bound(uint256(sum), 0, 2 * 887_272 * window)) - int256(887_272 * window);
        Observed pool = new Observed();
        pool.set(-5, int56(sum - 5));
        (bool known, int24 low, int24 high) = UniswapV3Position.averageTicks(
            IUniswapV3Pool(address(pool)),
            uint32(window)
        );
        require(known, "known");
        int256 span = int256(window);
        require(low * span <= sum && sum <= high * span, "outside");
        require(sum % span == 0 ? low == high : low + 1 == high, "width");
    }
}
