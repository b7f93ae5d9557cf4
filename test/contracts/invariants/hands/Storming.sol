// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IPerpBaseToken} from "../../../../contracts/interfaces/venues/IPerpV2.sol";
import {Mode} from "../../../../contracts/types/Mode.sol";
import {cheats} from "../Cheats.sol";
import {Faults} from "../world/Faults.sol";
import {Circling} from "./Circling.sol";
import {Trading} from "./Trading.sol";

/// @title What goes wrong: feeds, venues, accounts. And those who look: `sync`, in any order with what else anybody may call.
abstract contract Storming is Circling, Trading {
    function breakFeed(uint256 k, uint256 fault) external counted {
        world.breakFeed(k % ASSETS, Faults.Fault(1 + (fault % 4)));
        _did("breakFeed");
    }

    function healFeeds() external counted {
        world.healFeeds();
        _did("healFeeds");
    }

    /// @notice The venue's owner stops something, or lets it go on.
    function stopVenue(uint256 what, bool yes) external counted {
        if (what % 4 < 2) world.tradable(what % 4, !yes);
        else if (what % 4 == 2) world.pauseHouse(yes);
        else world.pausePerpVault(yes);
        _did(yes ? bytes32("stopVenue") : bytes32("letVenueGoOn"));
    }

    /// @notice Seldom: it is for good.
    function closeMarket(uint256 m, uint256 tilt, uint256 dice) external counted {
        m = m % 2;
        if (dice % 4 != 0 || !IPerpBaseToken(world.bases(m)).isOpen() || world.perpIndex(m) == 0) return;
        uint256 price = (world.perpIndex(m) * _bound(tilt, 0.9e18, 1.1e18)) / 1e18;
        if (world.closeMarket(m, price)) _did("closeMarket");
    }

    function quitMarket(uint256 m) external counted {
        if (world.quitMarket(m % 2, address(perp))) _did("quitMarket");
    }

    function liquidate(uint256 m) external counted {
        if (world.liquidate(m % 2, address(perp))) _did("liquidate");
    }

    /// @notice A rise that the venue follows, until the account can be liquidated; and it is.
    function squeeze(uint256 m, uint256 rise) external counted {
        m = m % 2;
        if (!IPerpBaseToken(world.bases(m)).isOpen()) return;
        cheats.warp(block.timestamp + 1);
        int256 price = (world.answers(ETH + m) * int256(100 + _bound(rise, 5, 60))) / 100;
        world.report(ETH + m, price > 100_000e8 ? int256(100_000e8) : price);
        world.walkPerp(m, 1e18);
        // The venue's mark is an average of half an hour.
        world.pass(1_801);
        _did("squeeze");
        if (world.liquidate(m, address(perp))) _did("liquidate");
    }

    /// @notice Whoever looks finds the same the second time.
    function sync() external counted {
        View memory was = _look();
        if (!_trySync()) return;
        View memory is_ = _look();
        _requireNoDilution("sync dilutes", was, is_);
        bytes32 first = _state();
        _require(_trySync(), "a second sync is refused", 0, 1);
        _require(_state() == first, "a second sync changes something", 0, 0);
        _did("sync");
    }

    /// @notice Mode and value are the same in the end, in whichever order strangers and the keeper call.
    function syncInAnyOrder(uint256 seed) external counted {
        uint256 snapshot = cheats.snapshotState();
        (Mode mode, uint256 value, uint256 reserved) = _inOrder(0);
        cheats.revertToState(snapshot);
        snapshot = cheats.snapshotState();
        (Mode otherMode, uint256 otherValue, uint256 otherReserved) = _inOrder(1 + (seed % 5));
        cheats.revertToState(snapshot);
        _require(mode == otherMode, "the order decides the mode", uint256(mode), uint256(otherMode));
        _require(_alike(value, otherValue), "the order decides the value of a share", value, otherValue);
        _require(_alike(reserved, otherReserved), "the order decides what is settled", reserved, otherReserved);
        _did("syncInAnyOrder");
    }

    /// @dev One of the six orders of three calls, and all three again: one may wait for another.
    function _inOrder(uint256 which) private returns (Mode, uint256 value, uint256 reserved) {
        uint8[3][6] memory orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        for (uint256 i; i < 6; ++i) {
            uint8 step = orders[which][i % 3];
            if (step == 0) _trySync();
            else if (step == 1) _tryPoke();
            else _settle(true);
        }
        View memory is_ = _look();
        return (vault.mode(), is_.known ? _shareValue(is_) : 0, vault.reserved());
    }

    /// @dev But for a billionth, and ten units of USDC.
    function _alike(uint256 a, uint256 b) private pure returns (bool) {
        return FixedPointMathLib.dist(a, b) <= a / 1e9 + 10;
    }

    function _trySync() private returns (bool ok) {
        cheats.prank(STRANGER);
        try vault.sync() returns (Mode) {
            ok = true;
        } catch {}
    }

    function _tryPoke() private {
        try world.poke() returns (uint256) {} catch {}
    }

    /// @dev Mode, value, supply and what is owed to whom.
    function _state() private view returns (bytes32) {
        View memory seen = _look();
        (uint256 waiting, uint256 since) = vault.waiting();
        bytes memory rest = abi.encode(vault.reserved(), waiting, since, perp.lastSeen(), vault.totalSupply());
        return keccak256(abi.encode(vault.mode(), seen.known, seen.held.nav, seen.supply, rest));
    }
}
