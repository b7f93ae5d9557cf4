// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ICovarianceOracle} from "../interfaces/ICovarianceOracle.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {Bucket} from "../types/Bucket.sol";
import {Mode} from "../types/Mode.sol";
import {Action, Order} from "../types/Plan.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Bounty} from "./Bounty.sol";
import {Guards} from "./Guards.sol";
import {LossBudget} from "./LossBudget.sol";
import {PublicSteps} from "./PublicSteps.sol";
import {RebalanceErrors} from "./RebalanceErrors.sol";
import {Risk} from "./Risk.sol";
import {Run} from "./Run.sol";

/// @title The one path on which orders reach a vault. Who calls decides only the limits.
/// @dev begin → prices → measure → orders, each checked before → measure → checks → bounty → end. Linked into the Rebalancer, whose address it
/// acts with. The vault's lock is held from begin to end; a revert gives it back.
library Execution {
    using LossBudget for Bucket.State;

    /// @notice What a Rebalancer keeps.
    struct State {
        address vault;
        uint48 epoch;
        uint48 alarmAt;
        uint48 lastSign;
        uint48 keeperReadyAt;
        uint48 publicReadyAt;
        IRebalancer.Limits limits;
        IRebalancer.PublicLimits publicLimits;
        Bucket.State keeperLoss;
        Bucket.State publicLoss;
    }

    function execute(
        State storage self,
        IRebalancer.Profile profile,
        Order[] calldata orders,
        uint256 maxLoss,
        bytes32 decisionHash
    ) external returns (IRebalancer.Outcome memory outcome, uint256 bounty) {
        require(orders.length > 0, RebalanceErrors.EmptyPlan());
        ++self.epoch;
        Run memory run = _begin(self, profile);
        run.decisionHash = decisionHash;
        run.limits.maxLoss = uint64(FixedPointMathLib.min(run.limits.maxLoss, maxLoss));
        _carryOut(run, orders);
        uint256 charge =
            run.prices.ok ? _measure(run, outcome) : LossBudget.blindChargeUp(run.reducedBlind, run.limits.maxGross);
        (uint256 moved, uint256 wait) = _checkProfile(self, run, outcome);
        _checkCooldown(self, run, wait);
        if (profile != IRebalancer.Profile.Keeper) (bounty, charge) = _bounty(self, run, outcome, moved, charge);
        bounty = _finish(self, run, outcome, charge, bounty);
    }

    /// @dev Every effect here is written before the stranger is paid.
    function _finish(
        State storage self,
        Run memory run,
        IRebalancer.Outcome memory outcome,
        uint256 charge,
        uint256 bounty
    ) private returns (uint256 paid) {
        uint256 spent = _spend(self, run.profile, charge);
        if (bounty > 0) paid = run.vault.payBounty(msg.sender, bounty);
        uint256 supply = IERC20(self.vault).totalSupply();
        require(supply == run.supply, RebalanceErrors.SupplyChanged(run.supply, supply));
        run.vault.endRebalance(outcome.navAfter, run.prices);
        emit IRebalancer.Rebalanced(
            self.epoch - 1,
            run.decisionHash,
            msg.sender,
            run.profile,
            outcome,
            run.reduceOnly,
            spent
        );
    }

    /// @dev Takes the vault's lock, which the end of `execute` or a revert gives back.
    function _begin(State storage self, IRebalancer.Profile profile) private returns (Run memory run) {
        run.gasAtStart = gasleft();
        IHedgeVault host = IHedgeVault(self.vault);
        host.beginRebalance();
        run.profile = profile;
        run.vault = host;
        run.supply = IERC20(self.vault).totalSupply();
        run.limits = self.limits;
        run.legs = host.legs();
        run.assets = host.assets();
        run.prices = IPriceOracle(host.priceOracle()).snapshot(run.assets);
        run.covariance = ICovarianceOracle(host.covarianceOracle());
        run.measured = run.prices.ok && run.covariance.usable();
        Mode mode = host.mode();
        run.reduceOnly = !run.measured || mode >= Mode.ReduceOnly || profile == IRebalancer.Profile.Deleverage;
        if (profile == IRebalancer.Profile.Hedge) {
            require(run.measured, RebalanceErrors.NotMeasurable());
            require(mode < Mode.ReduceOnly, RebalanceErrors.VaultReduceOnly(mode));
        }
        // The keeper's plans at good prices need none of them.
        if (profile != IRebalancer.Profile.Keeper || !run.prices.ok) run.publicLimits = self.publicLimits;
        (run.onlyMargin, run.onlyReductions) = (true, true);
        (run.funded, run.resized) = (new bool[](run.legs.length), new bool[](run.legs.length));
        address settlementToken = host.settlementToken();
        while (run.assets[run.settlementIndex] != settlementToken) ++run.settlementIndex;
        if (profile != IRebalancer.Profile.Keeper) {
            run.traded = new uint256[](run.assets.length);
            run.cash = PublicSteps.idleCash(run);
            run.silent = block.timestamp > self.lastSign + run.publicLimits.maxSilence;
        }
        if (run.prices.ok) run.held = host.appraise(run.prices.mid, true, 0);
    }

    function _carryOut(Run memory run, Order[] calldata orders) private {
        uint256 n = orders.length;
        uint256 band = run.prices.ok ? run.limits.poolBand : type(uint256).max;
        if (!run.reduceOnly) {
            // From the last one: after the first that is no reduction no other is asked what it is.
            for (uint256 i = n; i > 0; --i) {
                Guards.beforeOrder(run, orders[i - 1]);
                if (run.profile == IRebalancer.Profile.Hedge) PublicSteps.beforeHedge(run, orders[i - 1]);
            }
            return run.vault.carryOut(orders, 0, n, run.prices, band);
        }
        // One by one: what a reduction may be depends on what those before it did.
        for (uint256 i; i < n; ++i) {
            Guards.beforeReduction(run, orders, i);
            if (run.profile == IRebalancer.Profile.Deleverage) {
                PublicSteps.beforeDeleverage(run, orders[i], i == 0 ? Action.Burn : orders[i - 1].action);
            }
            run.vault.carryOut(orders, i, i + 1, run.prices, band);
        }
    }

    /// @dev Measures what the orders did, and asks what is asked of every plan at good prices.
    /// @return charge On the loss budget, share of NAV, 1e18 = 100%
    function _measure(Run memory run, IRebalancer.Outcome memory outcome) private returns (uint256 charge) {
        bool free = run.onlyReductions || !run.measured;
        run.left = run.vault.appraise(run.prices.mid, false, free ? 0 : run.limits.minMarginRatio);
        _countOverdue(run);
        (outcome.navBefore, outcome.navAfter) = (run.held.nav, run.left.nav);
        Guards.checkLoss(run);
        Guards.checkVenues(run);
        if (run.onlyMargin) return 0;
        charge = LossBudget.chargeUp(run.held, run.left, run.prices);
        if (!run.measured) return charge;
        (uint256 gammaBefore, uint256 gammaAfter) = Risk.measure(run, outcome);
        if (run.profile == IRebalancer.Profile.Keeper) Risk.checkKeeper(run, outcome, gammaBefore, gammaAfter);
        if (!run.onlyReductions) {
            Guards.checkMargin(run);
            Guards.checkExposure(run);
        }
    }

    /// @dev What the legs owed already before the orders was no loss by them.
    function _countOverdue(Run memory run) private pure {
        Portfolio memory held = run.held;
        for (uint256 k; k < held.equity.length; ++k) {
            int256 overdue = run.left.overdue[k];
            held.nav -= overdue;
            held.equity[k] -= overdue;
            held.exposure[run.settlementIndex] -= overdue;
            // Only hedge legs are in debt to their venues.
            held.hedgeExposure[run.settlementIndex] -= overdue;
        }
    }

    /// @return moved By a public call, USD, 1e18, which bounds its bounty
    /// @return wait Until the next call of this path, seconds
    function _checkProfile(
        State storage self,
        Run memory run,
        IRebalancer.Outcome memory outcome
    ) private returns (uint256 moved, uint256 wait) {
        uint256 volatility;
        if (run.measured && !run.onlyMargin) {
            volatility = Risk.volatilityUp(outcome.varianceAfter, uint256(outcome.navAfter));
            if (self.alarmAt != 0 && volatility <= self.publicLimits.alarmVolatility) clearAlarm(self, volatility);
        }
        if (run.profile == IRebalancer.Profile.Keeper) return (0, run.limits.cooldown);
        bool forQueue;
        if (run.profile == IRebalancer.Profile.Hedge) {
            volatility = Risk.volatilityUp(outcome.varianceBefore, uint256(outcome.navBefore));
            require(
                volatility > run.publicLimits.alarmVolatility,
                RebalanceErrors.Calm(volatility, run.publicLimits.alarmVolatility)
            );
            moved = PublicSteps.checkTrades(run);
            Risk.checkHedge(run, outcome, moved);
        } else {
            (moved, forQueue) = PublicSteps.checkDeleverage(run);
        }
        wait = _waitAfter(run, moved);
        if (forQueue) moved = 0;
    }

    /// @dev In proportion to the step, a whole cooldown for a whole step: small steps do not keep others waiting.
    function _waitAfter(Run memory run, uint256 moved) private pure returns (uint256) {
        uint256 cooldown = run.publicLimits.cooldown;
        uint256 step = PublicSteps.stepOf(run);
        if (!run.prices.ok || moved >= step) return cooldown;
        return FixedPointMathLib.fullMulDivUp(cooldown, moved, step);
    }

    /// @dev Added margin alone needs no cooldown and starts none.
    function _checkCooldown(State storage self, Run memory run, uint256 wait) private {
        if (run.onlyMargin) return;
        bool ofKeeper = run.profile == IRebalancer.Profile.Keeper;
        uint256 readyAt = ofKeeper ? self.keeperReadyAt : self.publicReadyAt;
        require(block.timestamp >= readyAt, RebalanceErrors.TooSoon(readyAt, block.timestamp));
        // Safe: a time, and a cooldown below its ceiling
        if (ofKeeper) self.keeperReadyAt = uint48(block.timestamp + wait);
        else self.publicReadyAt = uint48(block.timestamp + wait);
    }

    /// @dev At most what the loss budget has left after the call's own charge, and what is idle.
    /// @return tokens Settlement tokens
    /// @return total The charge, bounty included
    function _bounty(
        State storage self,
        Run memory run,
        IRebalancer.Outcome memory outcome,
        uint256 moved,
        uint256 charge
    ) private view returns (uint256 tokens, uint256 total) {
        uint256 usd = Bounty.usdDown(run, run.gasAtStart - gasleft(), moved);
        uint256 room = FixedPointMathLib.zeroFloorSub(self.publicLoss.room(run.publicLimits.lossBudget), charge);
        if (usd == 0 || room == 0 || outcome.navBefore <= 0) return (0, charge);
        usd = FixedPointMathLib.min(usd, FixedPointMathLib.fullMulDiv(uint256(outcome.navBefore), room, 1e18));
        tokens = FixedPointMathLib.min(PublicSteps.tokensDown(run, usd), PublicSteps.idleCash(run));
        usd = PublicSteps.usdDown(run, tokens);
        outcome.navAfter -= int256(usd);
        total = charge + LossBudget.shareUp(usd, outcome.navBefore);
    }

    function _spend(State storage self, IRebalancer.Profile profile, uint256 charge) private returns (uint256) {
        bool ofKeeper = profile == IRebalancer.Profile.Keeper;
        Bucket.State storage bucket = ofKeeper ? self.keeperLoss : self.publicLoss;
        uint256 capacity = ofKeeper ? self.limits.lossBudget : self.publicLimits.lossBudget;
        bucket.spend(charge, capacity);
        return bucket.spentNow(capacity);
    }

    function clearAlarm(State storage self, uint256 volatility) internal {
        self.alarmAt = 0;
        emit IRebalancer.AlarmCleared(msg.sender, volatility);
    }
}
