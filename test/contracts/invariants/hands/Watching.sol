// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ILeg} from "../../../../contracts/interfaces/ILeg.sol";
import {IPerpAccountBalance, IPerpVault} from "../../../../contracts/interfaces/venues/IPerpV2.sol";
import {LegValue} from "../../../../contracts/types/Portfolio.sol";
import {Hand} from "./Hand.sol";

/// @title What holds in every state, whatever led to it.
abstract contract Watching is Hand {
    /// @notice Cheap enough for after each call.
    function checkShares() external view {
        uint256 supply = vault.totalSupply();
        uint256 escrow = vault.balanceOf(address(vault));
        uint256 sum = escrow;
        uint256 claims;
        uint256 pending;
        for (uint256 i; i < holders.length; ++i) {
            sum += vault.balanceOf(holders[i]);
            claims += vault.maxWithdraw(holders[i]);
            pending += vault.pendingRedeemRequest(0, holders[i]);
        }
        _require(sum == supply, "the sum of balances is the supply", sum, supply);
        (uint256 waiting, uint256 since) = vault.waiting();
        _require(pending <= waiting, "more waits than is in the queue", pending, waiting);
        _require(waiting <= escrow, "more is in the queue than in escrow", waiting, escrow);
        _require((waiting == 0) == (since == 0), "the queue waits since", since, waiting);
        uint256 reserved = vault.reserved();
        _require(claims <= reserved, "claims above the cash reserved", claims, reserved);
        for (uint256 k; k < ASSETS; ++k) {
            uint256 counted_ = vault.idle(address(_token(k))) + (k == USDC ? reserved : 0);
            uint256 balance = _token(k).balanceOf(address(vault));
            _require(counted_ <= balance, "more is counted than there is", counted_, balance);
        }
    }

    /// @notice low ≤ mid ≤ high, and what they are made of. Where the venue cannot value the account there is nothing to compare.
    function checkValue() external view {
        View memory seen = _look();
        if (!seen.known) return;
        _checkSum(seen);
        _checkAccount();
        if (!seen.good) return;
        _checkPrices(seen);
    }

    /// @dev NAV is idle tokens and equity, and nothing else; the band covers the feeds' thresholds and the cost of leaving.
    function _checkSum(View memory seen) private view {
        int256 nav;
        uint256 half;
        for (uint256 k; k < ASSETS; ++k) {
            nav += int256(_worth(k, vault.idle(address(_token(k)))));
            uint256 x = FixedPointMathLib.abs(seen.held.exposure[k]);
            half += FixedPointMathLib.fullMulDiv(x, world.deviations(k), 1e18);
        }
        address[] memory legs = vault.legs();
        for (uint256 i; i < legs.length; ++i) {
            LegValue memory value = ILeg(legs[i]).measure(seen.prices);
            nav += value.equity;
            half += value.closeOutCost + value.venueGap;
        }
        uint256 apart = FixedPointMathLib.dist(nav, seen.held.nav);
        _require(apart <= DUST, "NAV is idle tokens and equity", apart, 0);
        _require(_atMost(half, seen.held.half), "the band is too narrow", seen.held.half, half);
    }

    /// @dev What the leg believes that it has at the venue, and what the venue says when it is asked for everything.
    function _checkAccount() private view {
        int256 owed;
        try IPerpAccountBalance(address(world.accounts())).getPnlAndPendingFee(address(perp)) returns (
            int256 told,
            int256,
            uint256
        ) {
            owed = told;
        } catch {
            // The venue's index has run past its feed: it can say nothing of any account in that market.
            return;
        }
        int256 balance = IPerpVault(address(world.perpVault())).getBalance(address(perp));
        int256 pending = world.exchange().getAllPendingFundingPayment(address(perp));
        int256 cash = balance * 1e12 + owed - pending;
        int256 believed = perp.cash();
        uint256 apart = FixedPointMathLib.dist(cash, believed);
        _require(apart <= 1e6, "the account at the venue", uint256(believed), uint256(cash));
    }

    /// @dev Who comes in pays mid at least, who is settled gets mid at most.
    function _checkPrices(View memory seen) private view {
        if (seen.held.nav <= 0) return;
        uint256 mid = vault.convertToAssets(1e18);
        try vault.previewMint(1e18) returns (uint256 high) {
            _require(high >= mid, "the price to come in is below mid", high, mid);
        } catch {}
        int256 low = seen.held.nav - int256(seen.held.half);
        if (low <= 0) return;
        uint256 lowest = FixedPointMathLib.fullMulDiv(uint256(low) + VIRTUAL, 1e18, seen.supply + VIRTUAL);
        lowest = _tokens(USDC, lowest);
        _require(lowest <= mid + 1, "the low side is above mid", lowest, mid);
    }
}
