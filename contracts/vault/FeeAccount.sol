// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {Mode} from "../types/Mode.sol";
import {FeeMath} from "./FeeMath.sol";

/// @title What fees are due, and the mark above which the next gain is charged.
/// @dev Returns shares; the vault mints them. No recipient, or mode Closed: nothing is due.
library FeeAccount {
    /// @param highWaterMark USD per share above which gains are charged, 1e18
    /// @param managementUntil The management fee is paid up to then, unix seconds
    /// @param performanceAt When a gain was charged last, unix seconds
    /// @param lookedAt When the NAV was last compared with the mark, unix seconds
    struct State {
        uint256 highWaterMark;
        uint64 managementUntil;
        uint64 performanceAt;
        uint64 lookedAt;
    }

    /// @notice Least time between two performance fees, seconds.
    uint256 internal constant PERFORMANCE_INTERVAL = 1 days;

    /// @notice The management fee since it was last paid, in shares.
    function managementDue(
        State storage self,
        IHedgeVault.Settings storage settings,
        Mode mode,
        uint256 supply
    ) public view returns (uint256) {
        if (mode == Mode.Closed || settings.feeRecipient == address(0)) return 0;
        return FeeMath.managementSharesDown(supply, settings.managementFee, block.timestamp - self.managementUntil);
    }

    /// @notice The management fee, paid until now.
    function takeManagement(
        State storage self,
        IHedgeVault.Settings storage settings,
        Mode mode,
        uint256 supply
    ) external returns (uint256 shares) {
        if (self.managementUntil == block.timestamp) return 0;
        shares = managementDue(self, settings, mode, supply);
        self.managementUntil = uint64(block.timestamp);
        if (shares > 0) emit IHedgeVault.FeesAccrued(settings.feeRecipient, shares, 0, self.highWaterMark);
    }

    /// @notice The performance fee at a NAV measured at good prices. Where nobody receives it the mark rises all the same: a fee that is
    /// introduced later is not for earlier gains.
    function takePerformance(
        State storage self,
        IHedgeVault.Settings storage settings,
        Mode mode,
        int256 nav,
        uint256 half,
        uint256 supply
    ) external returns (uint256 shares) {
        self.lookedAt = uint64(block.timestamp);
        if (mode == Mode.Closed || supply == 0) return 0;
        uint256 mark = self.highWaterMark;
        address recipient = settings.feeRecipient;
        uint256 rate = recipient == address(0) ? 0 : settings.performanceFee;
        uint256 newMark;
        (shares, newMark) = FeeMath.performanceSharesDown(nav, half, supply, mark, rate);
        if (newMark <= mark) return 0;
        self.highWaterMark = newMark;
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
        uint256 newMark = FeeMath.markAfterFlowUp(mark, navBefore, supplyBefore, navAfter, supplyAfter);
        if (newMark == mark) return;
        self.highWaterMark = newMark;
        emit IHedgeVault.HighWaterMarkMoved(newMark);
    }
}
