// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {cheats} from "../Cheats.sol";
import {IFlux} from "./IVenues.sol";
import {Feeds} from "./Feeds.sol";

/// @title Feeds that fail: what their proxies answer is replaced; the aggregators behind them go on.
abstract contract Faults is Feeds {
    enum Fault {
        None,
        Reverts,
        Zero,
        Old,
        Early
    }

    Fault[ASSETS] public faults;

    /// @notice What a feed has, until `healFeeds`.
    function breakFeed(uint256 k, Fault fault) public {
        faults[k] = fault;
        bytes memory question = abi.encodeCall(IFlux.latestRoundData, ());
        (uint80 round, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredIn) = IFlux(aggregators[k])
            .latestRoundData();
        if (fault == Fault.Reverts) return cheats.mockCallRevert(proxies[k], question, "No data present");
        if (fault == Fault.Zero) answer = 0;
        if (fault == Fault.Old) updatedAt = block.timestamp - heartbeats[k] - 1;
        if (fault == Fault.Early) updatedAt = block.timestamp + 1 days;
        cheats.mockCall(proxies[k], question, abi.encode(round, answer, startedAt, updatedAt, answeredIn));
    }

    function isBroken() external view returns (bool) {
        for (uint256 k; k < ASSETS; ++k) if (faults[k] != Fault.None) return true;
        return false;
    }

    /// @notice Every feed works again, and says what it said last.
    function healFeeds() public {
        cheats.clearMockedCalls();
        delete faults;
        reportAll();
    }

    /// @notice No feed answers at all, until `lighten`.
    function darken() external {
        for (uint256 k; k < ASSETS; ++k) {
            cheats.mockCallRevert(proxies[k], abi.encodeCall(IFlux.latestRoundData, ()), "No data present");
        }
    }

    /// @notice Back to the faults of before.
    function lighten() external {
        cheats.clearMockedCalls();
        for (uint256 k; k < ASSETS; ++k) {
            if (faults[k] != Fault.None) breakFeed(k, faults[k]);
        }
    }
}
