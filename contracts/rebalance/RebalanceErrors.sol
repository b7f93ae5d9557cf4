// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Mode} from "../types/Mode.sol";
import {Action} from "../types/Plan.sol";

/// @notice Why a Rebalancer refuses. The code that raises them is linked, so that they stand here to be in the Rebalancer's ABI.
interface RebalanceErrors {
    // ── The path itself ─────────────────────────────────────────────────────────────────────────────
    error WrongEpoch(uint256 expected, uint256 given);
    error TooLate(uint256 deadline, uint256 now_);
    error TooSoon(uint256 readyAt, uint256 now_);
    error EmptyPlan();
    error SupplyChanged(uint256 before, uint256 now_);
    error NotMeasurable();
    error VaultLocked();
    error VaultReduceOnly(Mode mode);
    error AlarmStands(uint256 since);
    error NoAlarm();
    error AlarmTooYoung(uint256 hedgeAt, uint256 now_);
    error Calm(uint256 volatility, uint256 alarmVolatility);
    error NotCalm(uint256 volatility, uint256 alarmVolatility);

    // ── Limits ──────────────────────────────────────────────────────────────────────────────────────
    error AboveCeiling(bytes32 limit, uint256 value, uint256 ceiling);
    error BelowFloor(bytes32 limit, uint256 value, uint256 floor);
    error NotAnAsset(address token);

    // ── Guards of every plan ────────────────────────────────────────────────────────────────────────
    error NotALeg(address leg);
    error OnlyReductions(address leg, Action action);
    error PoolOutOfBand(address leg, uint256 deviation, uint256 band);
    error RangeTooNarrow(address leg, int256 width, uint256 minRangeWidth);
    error StepTooLarge(address leg, uint256 share, uint256 maxStep);
    error LossTooLarge(int256 navBefore, int256 navAfter, uint256 maxLoss);
    error MarginTooThin(address leg, uint256 ratio, uint256 minRatio);
    error VenueTooLarge(address leg, int256 equity, uint256 most);
    error AssetTooLarge(address asset, int256 exposure, uint256 most);
    error GrossTooLarge(uint256 gross, uint256 most);

    // ── The gate ────────────────────────────────────────────────────────────────────────────────────
    error NoValue(int256 nav);
    error NeitherReducedNorHedged(
        uint256 varianceBefore,
        uint256 varianceAfter,
        uint256 varianceUnhedged,
        uint256 volatility
    );
    error GammaTooLarge(uint256 gammaVolatility, uint256 maxGammaVolatility);
    error ReducedTooLittle(uint256 varianceBefore, uint256 varianceAfter, uint256 minShare);
    error HedgeTooDear(uint256 cost, uint256 most);

    // ── The loss budget ─────────────────────────────────────────────────────────────────────────────
    error Overspent(uint256 amount, uint256 left);

    // ── What strangers may do ───────────────────────────────────────────────────────────────────────
    error OnlyHedgeLegs(address leg, Action action);
    error OutOfOrder(address leg, Action action);
    error MarginIsSound(address leg, uint256 ratio, uint256 floor);
    error CashFirst(address leg, uint256 idle, uint256 missing);
    error AboveTarget(address leg, uint256 ratio, uint256 target);
    error NoReasonToBurn(uint256 burnt, uint256 most);
    error AssetStepTooLarge(address asset, uint256 notional, uint256 most);
    error StepTooSmall(uint256 moved, uint256 least);
}
