// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IHedgeLeg} from "../interfaces/IHedgeLeg.sol";
import {IRedeemQueue} from "../interfaces/IRedeemQueue.sol";
import {IUniswapV3Leg} from "../interfaces/IUniswapV3Leg.sol";
import {Action, Burn, Margin, Order, Size} from "../types/Plan.sol";
import {RebalanceErrors} from "./RebalanceErrors.sol";
import {Run} from "./Run.sol";

/// @title How far a stranger may go in one call.
///
/// @dev HEDGE. Size orders on hedge legs only, at most `maxStep` of NAV in each asset.
///
/// DELEVERAGE. Burns, then added margin, then reductions of the hedge. Each has a reason of its own, and no more passes than mends it:
/// * margin: the leg's margin ratio is under the floor, or the keeper is silent; up to `marginTarget`;
/// * a reduction: the ratio is under the floor still, and idle cash is not enough to mend it; up to `marginTarget`, `maxStep` of NAV in each asset;
/// * a burn: a step of `maxStep` of NAV while the keeper is silent; or that same step, if its cash goes into margin that the idle cash before it
///   did not suffice for; or what a queue that waited too long lacks.
///
/// WORTHLESS CALLS. A call that does next to nothing would only raise the epoch, and so keep the keeper's plan out: it must be a tenth of a step,
/// or mend a leg that was under its floor.
library PublicSteps {
    /// @notice A public call must be at least this part of a step, or of the idle cash.
    uint256 internal constant LEAST_PART = 10;

    // ── Before each order ────────────────────────────────────────────────────────────────────────

    function beforeHedge(Run memory run, Order calldata order) internal view {
        require(
            order.action == Action.Size && IHedgeLeg(order.leg).isHedge(),
            RebalanceErrors.OnlyHedgeLegs(order.leg, order.action)
        );
        _noteTrade(run, order);
    }

    /// @param previous Action of the order before, or Burn for the first
    function beforeDeleverage(Run memory run, Order calldata order, Action previous) internal view {
        require(_rank(order.action) >= _rank(previous), RebalanceErrors.OutOfOrder(order.leg, order.action));
        if (order.action == Action.Burn) return _noteBurn(run, order);
        uint256 floor = run.limits.minMarginRatio;
        uint256 ratio = IHedgeLeg(order.leg).marginRatio(run.prices);
        if (ratio < floor) run.broken = true;
        if (order.action == Action.Margin) {
            require(ratio < floor || run.silent, RebalanceErrors.MarginIsSound(order.leg, ratio, floor));
            // Safe: a reduction is positive
            run.added += uint256(abi.decode(order.params, (Margin)).amount);
        } else {
            require(run.prices.ok, RebalanceErrors.OnlyReductions(order.leg, order.action));
            require(ratio < floor, RebalanceErrors.MarginIsSound(order.leg, ratio, floor));
            _checkCash(run, order.leg, floor - ratio);
            _noteTrade(run, order);
        }
    }

    function _rank(Action action) private pure returns (uint256) {
        if (action == Action.Burn) return 0;
        return action == Action.Margin ? 1 : 2;
    }

    function _noteTrade(Run memory run, Order calldata order) private view {
        Size memory size = abi.decode(order.params, (Size));
        IHedgeLeg.Market[] memory markets = IHedgeLeg(order.leg).markets();
        for (uint256 m; m < markets.length; ++m) {
            if (markets[m].market != size.market) continue;
            uint256 i = markets[m].assetIndex;
            run.traded[i] += FixedPointMathLib.fullMulDivUp(FixedPointMathLib.abs(size.size), run.prices.mid[i], 1e18);
        }
    }

    function _noteBurn(Run memory run, Order calldata order) private view {
        (, , uint128 held) = IUniswapV3Leg(order.leg).position();
        uint128 liquidity = abi.decode(order.params, (Burn)).liquidity;
        if (held == 0 || liquidity == 0) return;
        uint256 whole = 1e18;
        if (run.prices.ok) whole = uint256(IUniswapV3Leg(order.leg).measure(run.prices).equity);
        run.burnt += FixedPointMathLib.fullMulDivUp(whole, liquidity, held);
    }

    /// @dev What is idle goes into margin before the hedge is made smaller.
    function _checkCash(Run memory run, address leg, uint256 missingRatio) private view {
        IHedgeLeg.Market[] memory markets = IHedgeLeg(leg).markets();
        uint256 notional;
        for (uint256 m; m < markets.length; ++m) {
            (int256 size, ) = IHedgeLeg(leg).position(markets[m].market);
            notional += FixedPointMathLib.fullMulDiv(
                FixedPointMathLib.abs(size),
                run.prices.mid[markets[m].assetIndex],
                1e18
            );
        }
        uint256 missing = FixedPointMathLib.fullMulDiv(notional, missingRatio, 1e18);
        uint256 idle = usdDown(run, idleCash(run));
        require(idle < missing, RebalanceErrors.CashFirst(leg, idle, missing));
    }

    // ── At the end ───────────────────────────────────────────────────────────────────────────────

    /// @notice Notional of all size orders, USD, 1e18, after each asset's was checked.
    function checkTrades(Run memory run) internal pure returns (uint256 total) {
        uint256 step = stepOf(run);
        for (uint256 i; i < run.traded.length; ++i) {
            require(run.traded[i] <= step, RebalanceErrors.AssetStepTooLarge(run.assets[i], run.traded[i], step));
            total += run.traded[i];
        }
    }

    /// @return moved USD, 1e18, by which the size of the call is judged; zero where a price is bad
    /// @return forQueue True if nothing but a long wait in the queue allowed it: that is at the leavers' cost
    function checkDeleverage(Run memory run) internal view returns (uint256 moved, bool forQueue) {
        bool mended = _checkTargets(run);
        uint256 step = stepOf(run);
        uint256 least = step / LEAST_PART;
        if (run.prices.ok) moved = checkTrades(run) + run.burnt + usdDown(run, run.added);
        if (run.burnt > 0 && !_mayBurn(run, step)) {
            uint256 lacking = run.prices.ok ? _queueLacks(run) : 0;
            require(run.burnt <= lacking, RebalanceErrors.NoReasonToBurn(run.burnt, lacking));
            (forQueue, least) = (true, FixedPointMathLib.min(least, lacking / LEAST_PART));
        }
        if (mended) return (moved, forQueue);
        bool enough =
            run.prices.ok
                ? moved >= least
                : run.burnt >= least && (run.burnt > 0 || run.added * LEAST_PART >= run.cash);
        require(enough && (moved > 0 || !run.prices.ok), RebalanceErrors.StepTooSmall(moved, least));
    }

    /// @dev True if a leg that was under the floor was touched, and none that was touched is under it now.
    function _checkTargets(Run memory run) private view returns (bool mended) {
        uint256 target = run.publicLimits.marginTarget;
        mended = true;
        for (uint256 k; k < run.legs.length; ++k) {
            if (!run.funded[k] && !run.resized[k]) continue;
            uint256 ratio = IHedgeLeg(run.legs[k]).marginRatio(run.prices);
            require(ratio <= target, RebalanceErrors.AboveTarget(run.legs[k], ratio, target));
            if (ratio < run.limits.minMarginRatio) mended = false;
        }
        return run.broken && mended;
    }

    /// @dev While the keeper is silent: one step. Else: one step whose cash went into margin, after all that was idle before; a tenth may be left
    /// over, because nobody knows beforehand to the unit what a burn raises.
    function _mayBurn(Run memory run, uint256 step) private view returns (bool) {
        if (run.burnt > step) return false;
        if (run.silent) return true;
        return run.added > 0 && run.added >= run.cash && idleCash(run) <= run.added / LEAST_PART;
    }

    /// @dev What the unfilled claims are worth, less the idle cash that a settlement may use. USD, 1e18, rounded down.
    function _queueLacks(Run memory run) private view returns (uint256) {
        (uint256 shares, uint256 since) = IRedeemQueue(address(run.vault)).waiting();
        if (shares == 0 || since == 0 || run.held.nav <= 0) return 0;
        if (block.timestamp <= since + run.vault.settings().maxWait) return 0;
        uint256 nav = uint256(run.held.nav);
        uint256 kept = FixedPointMathLib.fullMulDiv(nav, run.vault.settings().minCash, 1e18);
        uint256 usable = FixedPointMathLib.zeroFloorSub(usdDown(run, run.cash), kept);
        return FixedPointMathLib.zeroFloorSub(FixedPointMathLib.fullMulDiv(nav, shares, run.supply), usable);
    }

    // ── Amounts ──────────────────────────────────────────────────────────────────────────────────

    /// @notice The largest step: `maxStep` of NAV in USD, 1e18, or of a leg's liquidity where a price is bad.
    function stepOf(Run memory run) internal pure returns (uint256) {
        if (!run.prices.ok) return run.publicLimits.maxStep;
        if (run.held.nav <= 0) return 0;
        return FixedPointMathLib.fullMulDiv(uint256(run.held.nav), run.publicLimits.maxStep, 1e18);
    }

    function idleCash(Run memory run) internal view returns (uint256) {
        return run.vault.idle(run.assets[run.settlementIndex]);
    }

    /// @notice Settlement tokens in USD, 1e18.
    function usdDown(Run memory run, uint256 amount) internal view returns (uint256) {
        return FixedPointMathLib.fullMulDiv(amount, run.prices.mid[run.settlementIndex], _unit(run));
    }

    /// @notice USD, 1e18, in settlement tokens.
    function tokensDown(Run memory run, uint256 usd) internal view returns (uint256) {
        return FixedPointMathLib.fullMulDiv(usd, _unit(run), run.prices.mid[run.settlementIndex]);
    }

    function _unit(Run memory run) private view returns (uint256) {
        return 10 ** IERC20Metadata(run.assets[run.settlementIndex]).decimals();
    }
}
