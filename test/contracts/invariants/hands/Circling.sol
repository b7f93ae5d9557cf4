// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {cheats} from "../Cheats.sol";
import {IToken} from "../world/IVenues.sol";
import {Holding} from "./Holding.sol";

/// @title Newcomers who leave at once, at the prices at which they came. What they did is undone afterwards.
abstract contract Circling is Holding {
    address private constant NEWCOMER = address(0x9e3c03e4);

    /// @notice In and out in kind.
    function circleInKind(uint256 which, uint256 usd) external counted {
        uint256 k = which % ASSETS;
        (uint256 paid, uint256 snapshot) = _begin(k, usd);
        uint256 got;
        bool out;
        uint256 shares = _enter(k);
        if (shares > 0) {
            cheats.prank(NEWCOMER);
            try vault.exitInKind(shares, NEWCOMER, NEWCOMER, _zeros(), new address[](0), block.timestamp) returns (
                uint256[] memory amounts
            ) {
                (got, out) = (_worth(amounts), true);
            } catch {}
        }
        cheats.revertToState(snapshot);
        if (!out) return;
        _require(got <= paid + DUST, "in and out in kind gains", got, paid);
        _did("circleInKind");
    }

    /// @notice In, and out through the queue: new rounds, the same prices. What is not filled counts at mid.
    function circleByQueue(uint256 which, uint256 usd) external counted {
        uint256 k = which % ASSETS;
        (uint256 paid, uint256 snapshot) = _begin(k, usd);
        uint256 got;
        bool out;
        uint256 shares = _enter(k);
        if (shares > 0) {
            cheats.prank(NEWCOMER);
            vault.requestRedeem(shares, NEWCOMER, NEWCOMER);
            world.pass(1);
            if (_settle(true) && vault.maxRedeem(NEWCOMER) > 0) {
                View memory is_ = _look();
                got = (vault.pendingRedeemRequest(0, NEWCOMER) * _shareValue(is_)) / 1e36;
                uint256 filled = vault.maxRedeem(NEWCOMER);
                cheats.prank(NEWCOMER);
                got += _worth(USDC, vault.redeem(filled, NEWCOMER, NEWCOMER));
                out = is_.known;
            }
        }
        cheats.revertToState(snapshot);
        if (!out) return;
        // Funding of a second is not his doing.
        _require(got <= paid + paid / 1e5 + DUST, "in and out by the queue gains", got, paid);
        _did("circleByQueue");
    }

    function _begin(uint256 k, uint256 usd) private returns (uint256 paid, uint256 snapshot) {
        uint256 amount = _tokens(k, _bound(usd, 1e18, 6_000e18));
        paid = _worth(k, amount);
        snapshot = cheats.snapshotState();
        _fundAndApprove(NEWCOMER, k, amount);
    }

    function _enter(uint256 k) private returns (uint256 shares) {
        IToken token = _token(k);
        uint256 amount = token.balanceOf(NEWCOMER);
        cheats.prank(NEWCOMER);
        try vault.deposit(address(token), amount, 0, NEWCOMER, block.timestamp) returns (uint256 made) {
            shares = made;
        } catch {}
    }
}
