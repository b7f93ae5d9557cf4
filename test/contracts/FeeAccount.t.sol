// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {VIRTUAL_SHARES} from "../../contracts/types/Virtual.sol";
import {FeeAccount} from "../../contracts/vault/FeeAccount.sol";
import {vm} from "./Vm.sol";

/// @dev The cheatcodes that tell what was emitted.
interface Logs {
    struct Log {
        bytes32[] topics;
        bytes data;
        address emitter;
    }

    function recordLogs() external;
    function getRecordedLogs() external returns (Log[] memory);
}

/// @notice The high-water mark after a flow.
contract FeeAccountTest {
    using FeeAccount for FeeAccount.State;

    Logs private constant LOGS = Logs(address(vm));

    FeeAccount.State private _fees;

    function setUp() external {
        _fees.highWaterMark = 3e18;
    }

    /// Two dollars a share, virtual ones included, to the wei.
    function test_aFlowThatLeavesAShareItsWorthMovesNothingAndSaysNothing() external {
        LOGS.recordLogs();
        _flow(2e18, 2e18, 1e18);
        _flow(2e18, 4e18, 2e18);
        require(LOGS.getRecordedLogs().length == 0, "says that it moved");
        require(_fees.highWaterMark == 3e18, "moved");
    }

    function test_theMarkRisesByWhatAShareGained() external {
        LOGS.recordLogs();
        _flow(2e18, 3e18, 1e18);
        require(LOGS.getRecordedLogs().length == 1, "says nothing");
        require(_fees.highWaterMark == 4e18, "mark");
    }

    /// @param before NAV before, with the virtual dollars, among 1e18 shares with the virtual ones
    /// @param after_ NAV after, with the virtual dollars, among `shares` with the virtual ones
    function _flow(uint256 before, uint256 after_, uint256 shares) private {
        _fees.noteFlow(
            int256(before - VIRTUAL_SHARES),
            1e18 - VIRTUAL_SHARES,
            int256(after_ - VIRTUAL_SHARES),
            shares - VIRTUAL_SHARES
        );
    }
}
