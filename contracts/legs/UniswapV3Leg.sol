// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IUniswapV3MintCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3MintCallback.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ILegHost} from "../interfaces/ILegHost.sol";
import {IUniswapV3PoolHead} from "../interfaces/venues/IUniswapV3.sol";
import {Impairment} from "../interfaces/ILeg.sol";
import {IUniswapV3Leg} from "../interfaces/IUniswapV3Leg.sol";
import {Action, Burn, Mint, Order, Swap} from "../types/Plan.sol";
import {Gamma, LegValue} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Leg} from "./Leg.sol";
import {UniswapV3Position} from "./UniswapV3Position.sol";

/// @title One liquidity position in one Uniswap v3 pool.
/// @dev VALUE. The position is valued at the oracle's √price, never at the pool's own: whoever moves the pool does not move
/// the vault's NAV. Uncollected fees are included.
///
/// AGREEMENT. The pool's price serves as a witness against the oracle's: `disagreement` says by how much its spot and its quarter-hour
/// average, the worse of the two, contradict the feeds. A lagging feed shows in both; a trade inside the block shows in the spot, a slow
/// push in the average. Either only makes deposits wait.
///
/// TRUST. The pool is chosen when the leg is made, and believed for what it pays out and what it asks in its callbacks; its price is not
/// believed. The callbacks pay only the pool, and only while the vault's lock is held.
///
/// ONE RANGE. A leg holds one range at a time, so that every exit costs the same. Another range needs another leg.
contract UniswapV3Leg is Leg, IUniswapV3Leg, IUniswapV3MintCallback, IUniswapV3SwapCallback {
    using UniswapV3Position for IUniswapV3Pool;

    error NotPool(address caller);
    error RangeInUse(int24 tickLower, int24 tickUpper);
    error NotEnoughLiquidity(uint128 asked, uint128 held);
    error SwapTooDear(uint256 amountIn, uint256 amountOut, uint256 minAmountOut);
    error ZeroAmount();

    /// @notice Length of the pool's average that deposits are compared with, seconds.
    uint32 public constant TWAP_WINDOW = UniswapV3Position.TWAP_WINDOW;

    /// @notice Observations that a pool must have room for.
    uint16 public constant MIN_OBSERVATIONS = UniswapV3Position.MIN_OBSERVATIONS;

    address public pool;
    uint8 private _index0;
    uint8 private _index1;
    uint8 private _decimals0;
    uint8 private _decimals1;

    int24 private _tickLower;
    int24 private _tickUpper;
    uint128 private _liquidity;

    address public token0;
    address public token1;

    /// @dev Configuration: pool, largest slippage (1e18 = 100%).
    function _configure(bytes calldata config) internal override {
        uint256 slippage;
        (pool, slippage) = abi.decode(config, (address, uint256));
        _setSlippage(slippage);
        token0 = IUniswapV3Pool(pool).token0();
        token1 = IUniswapV3Pool(pool).token1();
        (_index0, _decimals0) = _find(token0);
        (_index1, _decimals1) = _find(token1);
        // Room is taken at the pool's next write, which keeps the observation before it: from then on the history only grows, and a
        // quarter of an hour after the last trade before this line it is long enough. Does nothing where there is room already.
        IUniswapV3Pool(pool).increaseObservationCardinalityNext(MIN_OBSERVATIONS);
    }

    // ── Orders ───────────────────────────────────────────────────────────────────────────────────

    function execute(Order calldata order, Prices calldata prices) external onlyVault {
        if (order.action == Action.Mint) _mint(abi.decode(order.params, (Mint)));
        else if (order.action == Action.Burn) _burn(abi.decode(order.params, (Burn)));
        else if (order.action == Action.Swap) _swap(abi.decode(order.params, (Swap)), prices);
        else revert UnsupportedAction(order.action);
    }

    function _mint(Mint memory mint) private {
        require(mint.liquidity > 0, ZeroAmount());
        bool sameRange = mint.tickLower == _tickLower && mint.tickUpper == _tickUpper;
        require(_liquidity == 0 || sameRange, RangeInUse(_tickLower, _tickUpper));
        (_tickLower, _tickUpper) = (mint.tickLower, mint.tickUpper);
        _liquidity += mint.liquidity;
        IUniswapV3Pool(pool).mint(address(this), mint.tickLower, mint.tickUpper, mint.liquidity, "");
    }

    /// @dev Collects everything owed too, so that fees come home with each burn; a burn of zero only collects.
    function _burn(Burn memory burn) private {
        require(burn.liquidity <= _liquidity, NotEnoughLiquidity(burn.liquidity, _liquidity));
        if (_liquidity == 0) return;
        _liquidity -= burn.liquidity;
        IUniswapV3Pool(pool).burn(_tickLower, _tickUpper, burn.liquidity);
        (uint256 amount0, uint256 amount1) = _collect(type(uint128).max, type(uint128).max);
        ILegHost(vault).book(token0, amount0);
        ILegHost(vault).book(token1, amount1);
    }

    function _swap(Swap memory swap, Prices calldata prices) private {
        require(swap.amountIn > 0 && swap.amountIn <= uint256(type(int256).max), ZeroAmount());
        (int256 delta0, int256 delta1) = IUniswapV3Pool(pool).swap(
            vault,
            swap.zeroForOne,
            int256(swap.amountIn),
            swap.zeroForOne ? TickMath.MIN_SQRT_PRICE + 1 : TickMath.MAX_SQRT_PRICE - 1,
            ""
        );
        (uint256 paid, uint256 received) = swap.zeroForOne
            ? (uint256(delta0), uint256(-delta1))
            : (uint256(delta1), uint256(-delta0));
        uint256 least = _minAmountOutUp(swap.zeroForOne, paid, prices);
        require(received >= least, SwapTooDear(paid, received, least));
        ILegHost(vault).book(swap.zeroForOne ? token1 : token0, received);
    }

    /// @dev What `amountIn` is worth in the other token at the oracle's price, less the allowed slippage, rounded up.
    function _minAmountOutUp(bool zeroForOne, uint256 amountIn, Prices calldata prices) private view returns (uint256) {
        (uint256 midIn, uint256 midOut, uint256 unitIn, uint256 unitOut) = zeroForOne
            ? (prices.mid[_index0], prices.mid[_index1], 10 ** _decimals0, 10 ** _decimals1)
            : (prices.mid[_index1], prices.mid[_index0], 10 ** _decimals1, 10 ** _decimals0);
        uint256 fair = FixedPointMathLib.fullMulDivUp(amountIn * unitOut, midIn, midOut * unitIn);
        return FixedPointMathLib.mulDivUp(fair, 1e18 - maxSlippage, 1e18);
    }

    // ── Exit ─────────────────────────────────────────────────────────────────────────────────────

    function exit(uint256 numerator, uint256 denominator) external onlyVault returns (int256[] memory amounts_) {
        amounts_ = new int256[](ILegHost(vault).assets().length);
        if (_liquidity == 0) return amounts_;
        uint128 liquidity = uint128(FixedPointMathLib.mulDiv(_liquidity, numerator, denominator));
        _liquidity -= liquidity;
        (uint256 burnt0, uint256 burnt1) = IUniswapV3Pool(pool).burn(_tickLower, _tickUpper, liquidity);
        (uint256 owed0, uint256 owed1) = IUniswapV3Pool(pool).owed(_tickLower, _tickUpper);
        uint256 out0 = burnt0 + FixedPointMathLib.mulDiv(owed0 - burnt0, numerator, denominator);
        uint256 out1 = burnt1 + FixedPointMathLib.mulDiv(owed1 - burnt1, numerator, denominator);
        (out0, out1) = _collect(uint128(out0), uint128(out1));
        amounts_[_index0] = int256(out0);
        amounts_[_index1] = int256(out1);
    }

    // ── Callbacks ────────────────────────────────────────────────────────────────────────────────

    function uniswapV3MintCallback(uint256 amount0Owed, uint256 amount1Owed, bytes calldata) external {
        require(msg.sender == pool, NotPool(msg.sender));
        if (amount0Owed > 0) ILegHost(vault).pay(token0, pool, amount0Owed);
        if (amount1Owed > 0) ILegHost(vault).pay(token1, pool, amount1Owed);
    }

    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata) external {
        require(msg.sender == pool, NotPool(msg.sender));
        if (amount0Delta > 0) ILegHost(vault).pay(token0, pool, uint256(amount0Delta));
        if (amount1Delta > 0) ILegHost(vault).pay(token1, pool, uint256(amount1Delta));
    }

    // ── Views ────────────────────────────────────────────────────────────────────────────────────

    function measure(Prices calldata prices) external view settled returns (LegValue memory) {
        return _worth(prices.mid);
    }

    function appraise(uint256[] calldata mid, bool, uint256) external view onlyVault returns (LegValue memory) {
        return _worth(mid);
    }

    function _worth(uint256[] calldata mid) private view returns (LegValue memory value) {
        value.exposure = new int256[](mid.length);
        if (_liquidity == 0) return value;
        (uint8 i, uint8 j) = (_index0, _index1);
        (uint256 price0, uint256 price1) = (mid[i], mid[j]);
        (uint256 held0, uint256 held1, uint256 reserve1) = _heldDown(_oracleSqrtPrice(price0, price1));
        uint256 unit1 = 10 ** _decimals1;
        int256 usd0 = int256(FixedPointMathLib.fullMulDiv(held0, price0, 10 ** _decimals0));
        int256 usd1 = int256(FixedPointMathLib.fullMulDiv(held1, price1, unit1));
        value.equity = usd0 + usd1;
        (value.exposure[i], value.exposure[j]) = (usd0, usd1);
        if (reserve1 == 0) return value;
        uint256 usd = FixedPointMathLib.fullMulDiv(reserve1, price1, unit1);
        value.gammas = new Gamma[](1);
        value.gammas[0] = Gamma({c: -int256(usd / 2), i: i, j: j});
    }

    /// @dev Amounts with uncollected fees, and the virtual reserve while the price is inside the range.
    function _heldDown(uint160 sqrtPrice) private view returns (uint256 held0, uint256 held1, uint256 reserve1) {
        (int24 low, int24 high, uint128 liquidity) = (_tickLower, _tickUpper, _liquidity);
        bool inside;
        (held0, held1, inside) = UniswapV3Position.amountsDown(low, high, liquidity, sqrtPrice);
        (uint256 fees0, uint256 fees1) = IUniswapV3Pool(pool).uncollectedDown(low, high);
        (held0, held1) = (held0 + fees0, held1 + fees1);
        if (inside) reserve1 = UniswapV3Position.virtualReserve1Down(liquidity, sqrtPrice);
    }

    function amounts(
        uint256 mid0,
        uint256 mid1
    ) external view settled returns (uint256 amount0, uint256 amount1, uint256 fees0, uint256 fees1) {
        if (_liquidity == 0) return (0, 0, 0, 0);
        uint160 sqrtPrice = _oracleSqrtPrice(mid0, mid1);
        (amount0, amount1, ) = UniswapV3Position.amountsDown(_tickLower, _tickUpper, _liquidity, sqrtPrice);
        (fees0, fees1) = IUniswapV3Pool(pool).uncollectedDown(_tickLower, _tickUpper);
    }

    /// @dev A burn pays at least the position's worth at any pool price, so only mints and swaps are at risk.
    function deviation(Order calldata order, Prices calldata prices) external view returns (uint256) {
        if (order.action != Action.Mint && order.action != Action.Swap) return 0;
        (uint160 spot, ) = IUniswapV3PoolHead(pool).slot0();
        return UniswapV3Position.deviationUp(spot, _oracleSqrtPrice(prices.mid[_index0], prices.mid[_index1]));
    }

    /// @dev Asked whether or not a position is held: a feed that the pool contradicts misprices idle tokens too. A pool whose history is too
    /// short, or an asset without a price, agrees with nothing.
    function disagreement(Prices calldata prices) external view returns (uint256) {
        (uint256 mid0, uint256 mid1) = (prices.mid[_index0], prices.mid[_index1]);
        if (mid0 == 0 || mid1 == 0) return type(uint256).max;
        (bool known, int24 low, int24 high) = UniswapV3Position.averageTicks(IUniswapV3Pool(pool), TWAP_WINDOW);
        if (!known) return type(uint256).max;
        uint160 oracle = _oracleSqrtPrice(mid0, mid1);
        (uint160 spot, ) = IUniswapV3PoolHead(pool).slot0();
        uint256 worst = UniswapV3Position.deviationUp(spot, oracle);
        worst = FixedPointMathLib.max(worst, UniswapV3Position.deviationUp(TickMath.getSqrtPriceAtTick(low), oracle));
        worst = FixedPointMathLib.max(worst, UniswapV3Position.deviationUp(TickMath.getSqrtPriceAtTick(high), oracle));
        uint256 explained = FixedPointMathLib.mulDiv(prices.half[_index0], 1e18, mid0);
        explained += FixedPointMathLib.mulDiv(prices.half[_index1], 1e18, mid1);
        return FixedPointMathLib.zeroFloorSub(worst, explained);
    }

    function sync() external view onlyVault returns (Impairment) {
        return Impairment.None;
    }

    function isReduction(Order calldata order) external pure returns (bool) {
        return order.action == Action.Burn;
    }

    function isHedge() external pure returns (bool) {
        return false;
    }

    function marginRatio(Prices calldata) external pure returns (uint256) {
        return type(uint256).max;
    }

    function isEmpty() external view returns (bool) {
        return _liquidity == 0;
    }

    function indices() external view returns (uint8 index0, uint8 index1) {
        return (_index0, _index1);
    }

    function position() external view settled returns (int24 tickLower, int24 tickUpper, uint128 liquidity) {
        return (_tickLower, _tickUpper, _liquidity);
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _collect(uint128 amount0, uint128 amount1) private returns (uint256, uint256) {
        return IUniswapV3Pool(pool).collect(vault, _tickLower, _tickUpper, amount0, amount1);
    }

    function _oracleSqrtPrice(uint256 mid0, uint256 mid1) private view returns (uint160) {
        return UniswapV3Position.sqrtPriceDown(mid0, mid1, _decimals0, _decimals1);
    }
}
