// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ICovarianceOracle} from "../interfaces/ICovarianceOracle.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {Bucket} from "../types/Bucket.sol";
import {Order, Plan} from "../types/Plan.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Execution} from "./Execution.sol";
import {LossBudget} from "./LossBudget.sol";
import {RebalanceLimits} from "./RebalanceLimits.sol";
import {Risk} from "./Risk.sol";

/// @title The only way in which a plan reaches a vault: measured before, carried out, measured after, accepted or reverted.
///
/// @dev One execution path (Execution); who calls decides only the limits. Variance is measured with the covariance oracle's matrices, which
/// nobody can post, at one price snapshot for before and after.
///
/// WHO IS TRUSTED WITH WHAT. The keeper chooses what to do and when; it is trusted with neither the measure nor the limits. A stolen keeper
/// key costs at most twice `lossBudget` in any seven days by execution, and can keep strangers from `deleverage` for silence by heartbeats; it
/// cannot clear an alarm while volatility is above the trigger. Strangers are trusted with nothing: they make the vault safer by the measure,
/// inside limits and a loss budget of their own, and are paid their gas at most. The authority sets the limits below ceilings that are
/// constants (RebalanceLimits), and belongs behind a delay. The covariance oracle is believed for risk, the price oracle for value. Legs are the
/// vault's and believed.
///
/// WHERE THE MEASURE IS MISSING. While the covariance oracle has too little history or is too old, only reductions pass: burns,
/// added margin, smaller shorts. While a price is bad, burns and added margin pass, and the keeper's reductions of at most `maxStep` of a
/// position, which the leg prices at its venue and the loss budget takes for as dear as they can be; all of them unmeasured. The same
/// reductions are all that passes where the vault's mode says so.
///
/// ALARM. Anyone records that volatility is above its trigger; `grace` later, anyone may hedge. It is gone when volatility is back,
/// by a plan or by anyone.
contract Rebalancer is RebalanceLimits {
    using LossBudget for Bucket.State;

    constructor() {
        _disableInitializers();
    }

    function initialize(
        address vault_,
        address authority_,
        Limits calldata limits_,
        PublicLimits calldata publicLimits_
    ) external initializer {
        __AccessManaged_init(authority_);
        _state.vault = vault_;
        _setLimits(limits_);
        _setPublicLimits(publicLimits_);
        _checkTarget();
        _state.lastSign = uint48(block.timestamp);
    }

    // ── Keeper ───────────────────────────────────────────────────────────────────────────────────

    function rebalance(Plan calldata plan) external restricted returns (Outcome memory outcome) {
        require(plan.epoch == _state.epoch, WrongEpoch(_state.epoch, plan.epoch));
        require(block.timestamp <= plan.deadline, TooLate(plan.deadline, block.timestamp));
        (outcome, ) = Execution.execute(_state, Profile.Keeper, plan.orders, plan.maxLoss, plan.decisionHash);
        _state.lastSign = uint48(block.timestamp);
    }

    function heartbeat() external restricted {
        _state.lastSign = uint48(block.timestamp);
        emit Heartbeat(msg.sender);
    }

    // ── Anybody ──────────────────────────────────────────────────────────────────────────────────

    function raiseAlarm() external {
        require(_state.alarmAt == 0, AlarmStands(_state.alarmAt));
        uint256 volatility = _volatilityNow();
        uint256 trigger = _state.publicLimits.alarmVolatility;
        require(volatility > trigger, Calm(volatility, trigger));
        _state.alarmAt = uint48(block.timestamp);
        emit AlarmRaised(msg.sender, volatility);
    }

    function clearAlarm() external {
        require(_state.alarmAt != 0, NoAlarm());
        uint256 volatility = _volatilityNow();
        uint256 trigger = _state.publicLimits.alarmVolatility;
        require(volatility <= trigger, NotCalm(volatility, trigger));
        Execution.clearAlarm(_state, volatility);
    }

    function hedge(Order[] calldata orders) external returns (Outcome memory outcome, uint256 bounty) {
        require(_state.alarmAt != 0, NoAlarm());
        uint256 hedgeAt = _state.alarmAt + _state.publicLimits.grace;
        require(block.timestamp >= hedgeAt, AlarmTooYoung(hedgeAt, block.timestamp));
        return Execution.execute(_state, Profile.Hedge, orders, type(uint256).max, 0);
    }

    function deleverage(Order[] calldata orders) external returns (Outcome memory outcome, uint256 bounty) {
        return Execution.execute(_state, Profile.Deleverage, orders, type(uint256).max, 0);
    }

    function lossSpent() external view returns (uint256 keeper, uint256 public_) {
        keeper = _state.keeperLoss.spentNow(_state.limits.lossBudget);
        public_ = _state.publicLoss.spentNow(_state.publicLimits.lossBudget);
    }

    // ── Views ────────────────────────────────────────────────────────────────────────────────────

    function epoch() external view returns (uint256) {
        return _state.epoch;
    }

    function alarmAt() external view returns (uint256) {
        return _state.alarmAt;
    }

    function lastSign() external view returns (uint256) {
        return _state.lastSign;
    }

    function readyAt() external view returns (uint256 keeper, uint256 public_) {
        return (_state.keeperReadyAt, _state.publicReadyAt);
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    /// @dev The vault shows its Rebalancer its figures in the middle of an operation too, where they mean nothing.
    function _volatilityNow() private view returns (uint256) {
        IHedgeVault host = IHedgeVault(_state.vault);
        require(!host.locked(), VaultLocked());
        (Portfolio memory held, Prices memory prices) = host.portfolio();
        ICovarianceOracle covariance = ICovarianceOracle(host.covarianceOracle());
        require(prices.ok && covariance.usable(), NotMeasurable());
        require(held.nav > 0, NoValue(held.nav));
        (uint256 variance, ) = covariance.variance(held.exposure, held.gammas, _state.limits.horizon);
        return Risk.volatilityUp(variance, uint256(held.nav));
    }
}
