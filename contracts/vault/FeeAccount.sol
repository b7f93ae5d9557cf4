// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {Mode} from "../types/Mode.sol";
import {FeeMath} from "./FeeMath.sol";
import {Ledger} from "./Ledger.sol";
import {VaultSettings} from "./VaultSettings.sol";

/// @title What fees are due, and what is remembered of a share's worth: the mark above which the next gain is charged, and the rate for a time of
/// bad prices (see Quotes).
/// @dev Returns shares; the vault mints them. No recipient, or mode Closed: nothing is due.
library FeeAccount {
    /// @dev What every flow writes stands in one slot. Mark and rate are capped at what fits, 79 billion dollars a share: above it no gain is charged.
    /// @param highWaterMark USD per share above which gains are charged, 1e18
    /// @param rate Settlement tokens per share when it was last noted at good prices, 1e18
    /// @param managementUntil The management fee of all shares is paid up to then, unix seconds (a deposit moves it, see `carriedUntil`)
    /// @param ratedAt When `rate` was noted, unix seconds
    /// @param performanceAt When a gain was charged last, unix seconds
    /// @param lookedAt When the NAV was last compared with the mark, unix seconds
    struct State {
        uint96 highWaterMark;
        uint96 rate;
        uint32 managementUntil;
        uint32 ratedAt;
        uint64 performanceAt;
        uint64 lookedAt;
    }

    /// @notice Least time between two performance fees, seconds.
    uint256 internal constant PERFORMANCE_INTERVAL = 1 days;

    /// @notice The management fee since it was last paid, in shares.
    function managementDue(
        State storage self,
        Ledger.Terms memory terms,
        uint256 supply
    ) internal view returns (uint256) {
        uint256 elapsed = block.timestamp - self.managementUntil;
        if (elapsed == 0 || terms.mode == Mode.Closed || terms.managementFee == 0) return 0;
        return FeeMath.managementSharesDown(supply, terms.managementFee, elapsed);
    }

    /// @notice What `managementUntil` becomes when shares come in: as much stays due as was, to be minted with the next fee. So a depositor pays
    /// neither for the time before him nor the gas of a fee.
    function carriedUntil(State storage self, uint256 supply, uint256 supplyAfter) internal view returns (uint32) {
        uint256 elapsed = block.timestamp - self.managementUntil;
        return uint32(block.timestamp - FeeMath.carriedTimeUp(elapsed, supply, supplyAfter));
    }

    /// @notice The management fee, paid until now.
    function takeManagement(
        State storage self,
        Ledger.Terms memory terms,
        VaultSettings.State storage settings,
        uint256 supply
    ) external returns (uint256 shares) {
        if (self.managementUntil == block.timestamp) return 0;
        shares = managementDue(self, terms, supply);
        self.managementUntil = uint32(block.timestamp);
        if (shares > 0) emit IHedgeVault.FeesAccrued(settings.feeRecipient, shares, 0, self.highWaterMark);
    }

    /// @notice The performance fee at a NAV measured at good prices. Where nobody receives it the mark rises all the same: a fee that is
    /// introduced later is not for earlier gains.
    function takePerformance(
        State storage self,
        Ledger.Terms memory terms,
        VaultSettings.State storage settings,
        int256 nav,
        uint256 half,
        uint256 supply
    ) external returns (uint256 shares) {
        self.lookedAt = uint64(block.timestamp);
        if (terms.mode == Mode.Closed || supply == 0) return 0;
        uint256 mark = self.highWaterMark;
        address recipient = settings.feeRecipient;
        uint256 feeRate = recipient == address(0) ? 0 : settings.performanceFee;
        uint256 newMark;
        (shares, newMark) = FeeMath.performanceSharesDown(nav, half, supply, mark, feeRate);
        newMark = capped(newMark);
        if (newMark <= mark) return 0;
        self.highWaterMark = uint96(newMark);
        self.performanceAt = uint64(block.timestamp);
        emit IHedgeVault.FeesAccrued(recipient, 0, shares, newMark);
    }

    /// @notice Take note of tokens and shares that came in or went out at good prices. An emptied vault's mark starts anew with the next deposit.
    function noteFlow(
        State storage self,
        int256 navBefore,
        uint256 supplyBefore,
        int256 navAfter,
        uint256 supplyAfter
    ) external {
        if (supplyAfter == 0) return;
        uint256 mark = self.highWaterMark;
        uint256 newMark = capped(FeeMath.markAfterFlowUp(mark, navBefore, supplyBefore, navAfter, supplyAfter));
        if (newMark == mark) return;
        self.highWaterMark = uint96(newMark);
        emit IHedgeVault.HighWaterMarkMoved(newMark);
    }

    /// @notice A mark or a rate as it is kept.
    function capped(uint256 value) internal pure returns (uint256) {
        return FixedPointMathLib.min(value, type(uint96).max);
    }
}
