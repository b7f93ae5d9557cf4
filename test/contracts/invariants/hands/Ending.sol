// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPerpBaseToken} from "../../../../contracts/interfaces/venues/IPerpV2.sol";
import {cheats} from "../Cheats.sol";
import {Hand} from "./Hand.sol";

/// @title The end of every run: what is broken is mended, and everybody leaves.
abstract contract Ending is Hand {
    /// @dev Worth of what may be left when nobody holds a share: what the virtual shares and roundings are worth. USD, 1e18.
    uint256 private constant LEFT = 1e18;

    function everybodyLeaves() external {
        _mend();
        for (uint256 i; i < holders.length; ++i) _claimAll(holders[i]);
        for (uint256 i; i < holders.length; ++i) _leaveWithAll(holders[i]);
        uint256 supply = vault.totalSupply();
        uint256 stuck = vault.balanceOf(address(vault));
        _require(supply == stuck, "somebody did not leave", supply, stuck);
        (uint256 waiting, ) = vault.waiting();
        _require(stuck <= 1e9 && waiting <= stuck, "shares are stuck", stuck, waiting);
        View memory seen = _look();
        _require(seen.known, "what is left is not known", 0, 1);
        _require(seen.held.nav <= int256(LEFT), "value is stuck", uint256(seen.held.nav), LEFT);
        uint256 reserved = vault.reserved();
        _require(reserved <= 1_000, "claims are stuck", reserved, 0);
        (, , uint128 held) = liquidity.position();
        _require(held <= 1e9, "liquidity is stuck", held, 0);
    }

    /// @dev The venue lets everybody trade, its markets stand at their index, and the account has margin.
    function _mend() private {
        // The venue takes no note of a second round in one second.
        cheats.warp(block.timestamp + 1);
        _clearUp();
        world.reportAll();
        for (uint256 m; m < 2; ++m) {
            if (IPerpBaseToken(world.bases(m)).isOpen()) world.walkPerp(m, 1e18);
        }
        world.pass(1_801);
        world.movePool(1e18);
        for (uint256 m; m < 2; ++m) world.quitMarket(m, address(perp));
        world.depositForPerp(address(perp), 1_000_000e6);
        cheats.prank(STRANGER);
        vault.sync();
    }

    function _claimAll(address holder) private {
        uint256 filled = vault.maxRedeem(holder);
        if (filled == 0) return;
        cheats.prank(holder);
        vault.redeem(filled, holder, holder);
    }

    function _leaveWithAll(address holder) private {
        // A market moves by so many ticks in a quarter of a minute at most.
        cheats.warp(block.timestamp + 16);
        vault.accrueFees();
        uint256 shares = vault.balanceOf(holder) + vault.pendingRedeemRequest(0, holder);
        if (shares == 0) return;
        cheats.prank(holder);
        vault.exitInKind(shares, holder, holder, _zeros(), new address[](0), block.timestamp);
    }
}
