// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IPerpBaseToken} from "../../../../contracts/interfaces/venues/IPerpV2.sol";
import {IRebalancer} from "../../../../contracts/interfaces/IRebalancer.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Mode} from "../../../../contracts/types/Mode.sol";
import {Action, Margin, Order, Plan, Size} from "../../../../contracts/types/Plan.sol";
import {Portfolio} from "../../../../contracts/types/Portfolio.sol";
import {Prices} from "../../../../contracts/types/Prices.sol";
import {cheats} from "../Cheats.sol";
import {Hand} from "./Hand.sol";
import {Variance} from "./Variance.sol";

/// @title Sends plans on each of the three paths, and judges every one that was accepted: from views before and after it, never by what it says.
abstract contract Ruling is Hand {
    /// @dev What holders lost by one plan, and the thresholds of the feeds on what it traded: a share of NAV, 1e18.
    struct Charge {
        uint256 at;
        uint256 share;
    }

    struct Before {
        View seen;
        bool measured;
        Mode mode;
        uint256 spent;
        uint256 epoch;
        uint256 alarmAt;
        uint256 supply;
        uint256 fees;
        uint256 gross;
        int256[2] sizes;
        Prices blind;
        int256 blindNav;
    }

    Charge[] internal _keeperCharges;
    Charge[] internal _publicCharges;
    uint256 internal _keeperAt;

    /// @dev The largest budgets that the limits ever allowed, 1e18 = 100%.
    uint256 internal _keeperBudget;
    uint256 internal _publicBudget;

    function _send(IRebalancer.Profile profile, Order[] memory orders) internal returns (bool accepted) {
        if (orders.length == 0) return false;
        Before memory was = _before(profile);
        if (profile == IRebalancer.Profile.Keeper) {
            Plan memory plan = Plan(was.epoch, block.timestamp, 1e18, 0, orders);
            cheats.prank(world.KEEPER());
            try rebalancer.rebalance(plan) returns (IRebalancer.Outcome memory) {
                accepted = true;
            } catch {}
        } else {
            cheats.prank(STRANGER);
            bytes memory data =
                profile == IRebalancer.Profile.Hedge
                    ? abi.encodeCall(IRebalancer.hedge, (orders))
                    : abi.encodeCall(IRebalancer.deleverage, (orders));
            (accepted, ) = address(rebalancer).call(data);
        }
        if (accepted) _judge(profile, orders, was);
    }

    /// @dev The venue counts funding by an index that may have run past the price; a trade puts that right. What is closed is settled by whoever looks
    /// first, at a price of its owner's, and a debt that is left is the venue's. Neither is the trade's cost: both are done before anything is counted.
    function _before(IRebalancer.Profile profile) private returns (Before memory was) {
        for (uint256 m; m < 2; ++m) {
            try IPerpBaseToken(world.bases(m)).cacheTwap(900) {} catch {}
            world.quitMarket(m, address(perp));
        }
        was.seen = _lookAsOracle();
        was.measured = was.seen.good && world.covariance().usable();
        was.mode = vault.mode();
        was.spent = _spent(profile);
        was.epoch = rebalancer.epoch();
        was.alarmAt = rebalancer.alarmAt();
        (was.supply, was.fees) = (IERC20(address(vault)).totalSupply(), vault.balanceOf(world.FEES()));
        was.gross = _gross(was.seen);
        for (uint256 m; m < 2; ++m) (was.sizes[m], ) = perp.position(world.bases(m));
        if (!was.seen.good) (was.blind, was.blindNav) = _atTheVenue(was.seen.prices);
    }

    /// @dev A plan is ruled by what the oracle answers: a feed that stands still is believed for a heartbeat.
    function _lookAsOracle() private view returns (View memory) {
        Prices memory prices = _snapshot();
        return _lookAt(prices.ok ? prices : world.prices());
    }

    /// @dev Where a price is bad the venue's own average of a quarter of an hour stands for it.
    function _atTheVenue(Prices memory prices) private view returns (Prices memory blind, int256 nav) {
        blind = prices;
        for (uint256 m; m < 2; ++m) {
            blind.mid[ETH + m] = world.perpAverage(m);
            if (blind.mid[ETH + m] == 0) return (blind, 0);
        }
        nav = _navAt(blind);
    }

    function _navAt(Prices memory prices) private view returns (int256) {
        try vault.measure(prices) returns (Portfolio memory held) {
            return held.nav;
        } catch {
            return 0;
        }
    }

    function _spent(IRebalancer.Profile profile) private view returns (uint256) {
        (uint256 keeper, uint256 public_) = rebalancer.lossSpent();
        return profile == IRebalancer.Profile.Keeper ? keeper : public_;
    }

    // ── Judging ──────────────────────────────────────────────────────────────────────────────────

    function _judge(IRebalancer.Profile profile, Order[] memory orders, Before memory was) private {
        _require(rebalancer.epoch() == was.epoch + 1, "a plan raises the epoch", rebalancer.epoch(), was.epoch);
        uint256 supply = IERC20(address(vault)).totalSupply();
        uint256 fees = vault.balanceOf(world.FEES()) - was.fees;
        _require(supply == was.supply + fees, "a rebalance changes supply", supply, was.supply + fees);
        for (uint256 m; m < 2; ++m) {
            (int256 size, ) = perp.position(world.bases(m));
            _require(size <= 0, "a hedge is long", uint256(size), 0);
        }
        (bool onlyMargin, bool onlyReductions) = _kind(orders);
        bool keeper = profile == IRebalancer.Profile.Keeper;
        if (!was.measured || was.mode >= Mode.ReduceOnly || profile == IRebalancer.Profile.Deleverage) {
            _require(onlyReductions, "only reductions", uint256(was.mode), orders.length);
        }
        View memory is_ = _lookAsOracle();
        _charge(profile, was, is_, onlyMargin);
        if (keeper && !onlyMargin) {
            uint256 ready = _keeperAt + rebalancer.limits().cooldown;
            _require(_keeperAt == 0 || block.timestamp >= ready, "a keeper's cooldown", block.timestamp, ready);
            _keeperAt = block.timestamp;
        }
        if (!was.seen.good) return _judgeBlind(orders, was);
        if (was.measured && !onlyMargin && keeper) _judgeGate(was.seen, is_, onlyReductions);
        if (profile == IRebalancer.Profile.Hedge) _judgeHedge(was, is_);
        _judgeVenue(was.seen, is_, orders, onlyReductions);
        if (was.measured && !onlyReductions) _judgeCaps(was, is_);
    }

    /// @dev What was lost, at the prices of the oracle, or of the venue where those are bad; and the budget that paid for it.
    function _charge(IRebalancer.Profile profile, Before memory was, View memory is_, bool onlyMargin) private {
        bool keeper = profile == IRebalancer.Profile.Keeper;
        uint256 share;
        if (was.seen.good) {
            uint256 usd = _lost(was.seen.held.nav, is_.held.nav);
            if (onlyMargin) {
                _require(usd <= DUST, "added margin costs nothing", usd, 0);
                return;
            }
            for (uint256 i; i < ASSETS; ++i) {
                uint256 traded = FixedPointMathLib.dist(was.seen.held.exposure[i], is_.held.exposure[i]);
                usd += FixedPointMathLib.fullMulDiv(traded, is_.prices.half[i], is_.prices.mid[i]);
            }
            share = FixedPointMathLib.fullMulDiv(usd, 1e18, uint256(was.seen.held.nav));
            uint256 spent = _spent(profile);
            uint256 due = FixedPointMathLib.min(share, spent + 1);
            _require(spent + 1e9 >= was.spent + share, "a plan is charged what it costs", spent, was.spent + due);
        } else if (was.blindNav > 0) {
            uint256 usd = _lost(was.blindNav, _navAt(was.blind));
            share = FixedPointMathLib.fullMulDiv(usd, 1e18, uint256(was.blindNav));
        }
        _noteBudgets();
        Charge[] storage list = keeper ? _keeperCharges : _publicCharges;
        list.push(Charge(block.timestamp, share));
        uint256 sum;
        for (uint256 i = list.length; i > 0 && list[i - 1].at + 7 days > block.timestamp; --i) sum += list[i - 1].share;
        uint256 most = 2 * (keeper ? _keeperBudget : _publicBudget);
        _require(sum <= most + 1e9, "execution costs more than 2C in seven days", sum, most);
    }

    function _noteBudgets() internal {
        _keeperBudget = FixedPointMathLib.max(_keeperBudget, rebalancer.limits().lossBudget);
        _publicBudget = FixedPointMathLib.max(_publicBudget, rebalancer.publicLimits().lossBudget);
    }

    function _lost(int256 before, int256 now_) private pure returns (uint256) {
        return now_ < before ? uint256(before - now_) : 0;
    }

    /// @dev Without a price: no step of a position larger than allowed.
    function _judgeBlind(Order[] memory, Before memory was) private view {
        uint256 step = rebalancer.publicLimits().maxStep;
        for (uint256 m; m < 2; ++m) {
            // What is closed is settled by whoever looks first.
            if (IPerpBaseToken(world.bases(m)).isClosed()) continue;
            (int256 size, ) = perp.position(world.bases(m));
            uint256 taken = uint256(size - was.sizes[m]);
            uint256 most = FixedPointMathLib.fullMulDivUp(uint256(-was.sizes[m]), step, 1e18);
            _require(taken <= most + 10, "a blind step", taken, most);
        }
    }

    /// @dev The gate: safer by the measure, or inside the limits and hedged.
    function _judgeGate(View memory was, View memory is_, bool onlyReductions) private view {
        IRebalancer.Limits memory limits = rebalancer.limits();
        (uint256 v0, uint256 g0) = Variance.measure(
            world.covariance(),
            was.held.exposure,
            was.held.gammas,
            limits.horizon
        );
        (uint256 v1, uint256 g1) = Variance.measure(
            world.covariance(),
            is_.held.exposure,
            is_.held.gammas,
            limits.horizon
        );
        int256 nav = is_.held.nav;
        uint256 gamma = Variance.volatility(g1, nav);
        bool mild = gamma <= limits.maxGammaVolatility || onlyReductions || g1 <= g0 + g0 / 1e12;
        _require(mild, "gamma above its limit", gamma, limits.maxGammaVolatility);
        if (v1 < v0 + v0 / 1e12 + 1) return;
        uint256 u1 = Variance.measureUnhedged(world.covariance(), is_.held, limits.horizon);
        uint256 most = FixedPointMathLib.fullMulDiv(u1, 1e18 - limits.minHedge, 1e18);
        bool hedged = v1 <= most + most / 1e12 || Variance.volatility(u1, nav) <= limits.hedgeFloor;
        uint256 volatility = Variance.volatility(v1, nav);
        _require(volatility <= limits.maxVolatility, "volatility above its limit", volatility, limits.maxVolatility);
        _require(hedged, "neither reduced nor hedged", v1, most);
    }

    function _judgeHedge(Before memory was, View memory is_) private view {
        IRebalancer.PublicLimits memory limits = rebalancer.publicLimits();
        uint256 horizon = rebalancer.limits().horizon;
        _require(was.measured && was.mode < Mode.ReduceOnly, "a public hedge unmeasured", uint256(was.mode), 0);
        uint256 from = was.alarmAt + limits.grace;
        _require(was.alarmAt != 0 && block.timestamp >= from, "a public hedge without alarm", block.timestamp, from);
        (uint256 v0, ) = Variance.measure(world.covariance(), was.seen.held.exposure, was.seen.held.gammas, horizon);
        (uint256 v1, ) = Variance.measure(world.covariance(), is_.held.exposure, is_.held.gammas, horizon);
        uint256 most = FixedPointMathLib.fullMulDiv(v0, 1e18 - limits.minShare, 1e18);
        _require(v1 <= most + most / 1e12, "a public hedge reduces too little", v1, most);
    }

    /// @dev Not all of the cash belongs at one venue, and a liquidity range is wide.
    function _judgeVenue(View memory was, View memory is_, Order[] memory orders, bool onlyReductions) private view {
        IRebalancer.Limits memory limits = rebalancer.limits();
        bool funded = !onlyReductions;
        bool minted;
        for (uint256 i; i < orders.length; ++i) {
            if (orders[i].action == Action.Margin) funded = true;
            if (orders[i].action == Action.Mint) minted = true;
        }
        (int256 equity, int256 before) = (is_.held.equity[1], was.held.equity[1]);
        int256 most = (is_.held.nav * int256(uint256(limits.maxVenue))) / 1e18;
        bool inside = !funded || equity <= most || equity <= before + int256(DUST);
        _require(inside, "equity of a venue above its cap", uint256(equity), uint256(most));
        if (!minted) return;
        (int24 lower, int24 upper, ) = liquidity.position();
        uint256 width = uint256(int256(upper) - lower);
        _require(width >= limits.minRangeWidth, "a range is too narrow", width, limits.minRangeWidth);
    }

    function _judgeCaps(Before memory was, View memory is_) private view {
        IRebalancer.Limits memory limits = rebalancer.limits();
        uint256 nav = is_.held.nav > 0 ? uint256(is_.held.nav) : 0;
        for (uint256 i; i < ASSETS; ++i) {
            if (i == USDC) continue;
            uint256 x = FixedPointMathLib.abs(is_.held.exposure[i]);
            uint256 before = FixedPointMathLib.abs(was.seen.held.exposure[i]);
            uint256 cap = FixedPointMathLib.fullMulDiv(nav, limits.maxAsset, 1e18);
            _require(_atMost(x, cap) || _atMost(x, before), "exposure to an asset above its cap", x, cap);
        }
        uint256 gross = _gross(is_);
        uint256 most = FixedPointMathLib.fullMulDiv(nav, limits.maxGross, 1e18);
        _require(_atMost(gross, most) || _atMost(gross, was.gross), "gross above its cap", gross, most);
        uint256 ratio = _marginRatio(is_.prices);
        _require(ratio >= limits.minMarginRatio - 1e9, "margin under its floor", ratio, limits.minMarginRatio);
    }

    // ── Figures ──────────────────────────────────────────────────────────────────────────────────

    function _gross(View memory seen) private pure returns (uint256 gross) {
        if (!seen.known) return 0;
        for (uint256 i; i < ASSETS; ++i) {
            if (i != USDC) gross += FixedPointMathLib.abs(seen.held.hedgeExposure[i]);
        }
    }

    /// @dev At the oracle's prices alone, from the venue's figures: the leg's own answer is the lower of this and the venue's, so no more.
    function _marginRatio(Prices memory prices) private view returns (uint256) {
        int256 cash;
        try perp.cash() returns (int256 held) {
            cash = held;
        } catch {
            return 0;
        }
        int256 equity = cash;
        uint256 notional;
        for (uint256 m; m < 2; ++m) {
            (int256 size, int256 openNotional) = perp.position(world.bases(m));
            uint256 price = world.perpWorth(m, prices.mid[ETH + m]);
            int256 worth = (size * int256(price)) / 1e18;
            equity += worth + openNotional;
            notional += FixedPointMathLib.abs(worth);
        }
        if (notional == 0) return type(uint256).max;
        int256 counted_ = FixedPointMathLib.min(equity, cash);
        return counted_ <= 0 ? 0 : (uint256(counted_) * 1e18) / notional;
    }

    function _kind(Order[] memory orders) private pure returns (bool onlyMargin, bool onlyReductions) {
        (onlyMargin, onlyReductions) = (true, true);
        for (uint256 i; i < orders.length; ++i) {
            bool margin = orders[i].action == Action.Margin && abi.decode(orders[i].params, (Margin)).amount > 0;
            bool size = orders[i].action == Action.Size && abi.decode(orders[i].params, (Size)).size > 0;
            if (!margin) onlyMargin = false;
            if (!margin && !size && orders[i].action != Action.Burn) onlyReductions = false;
        }
    }
}
