// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {PriceOracle} from "../../contracts/oracle/PriceOracle.sol";
import {IPriceOracle} from "../../contracts/interfaces/IPriceOracle.sol";
import {vm, bound} from "./Vm.sol";

/// @notice Scaling and rounding at every number of decimals, and total behaviour on arbitrary answers.
contract PriceOracleFuzzTest {
    address private constant FEED = address(0xFEED);
    address private constant ASSET = address(0xA55E7);

    function setUp() public {
        vm.warp(1_700_000_000);
        vm.etch(FEED, hex"00");
    }

    /// forge-config: default.fuzz.runs = 512
    function testFuzz_scalesFromAnyDecimals(uint256 decimals, uint256 answer, uint256 deviation) public {
        decimals = bound(decimals, 0, 24);
        answer = bound(answer, 1, type(uint128).max);
        deviation = bound(deviation, 1, 0.05e9) * 1e9;
        PriceOracle oracle = _oracle(uint8(decimals), uint64(deviation));
        _answer(int256(answer), 1_700_000_000);
        (uint256 mid, uint256 half, bool ok) = oracle.price(ASSET);
        uint256 expected = decimals > 18 ? answer / 10 ** (decimals - 18) : answer * 10 ** (18 - decimals);
        require(mid == expected, "mid");
        require(ok == (expected != 0), "ok");
        require(half * 1e18 >= mid * deviation && half * 1e18 < mid * deviation + 1e18, "half is not rounded up");
    }

    function testFuzz_neverReverts(
        int256 answer,
        uint256 updatedAt,
        uint80 roundId,
        uint80 answeredIn,
        uint256 decimals
    ) public {
        PriceOracle oracle = _oracle(uint8(bound(decimals, 0, 24)), 0.005e18);
        vm.mockCall(
            FEED,
            abi.encodeWithSignature("latestRoundData()"),
            abi.encode(roundId, answer, updatedAt, updatedAt, answeredIn)
        );
        (uint256 mid, , bool ok) = oracle.price(ASSET);
        if (!ok) return;
        require(mid > 0 && answer > 0 && answeredIn >= roundId, "good without reason");
        require(
            updatedAt > 0 && updatedAt <= block.timestamp && block.timestamp - updatedAt <= 3600,
            "good though stale"
        );
    }

    function testFuzz_garbageIsABadPrice(bytes calldata garbage) public {
        PriceOracle oracle = _oracle(8, 0.005e18);
        vm.mockCall(FEED, abi.encodeWithSignature("latestRoundData()"), garbage.length < 160 ? garbage : garbage[:159]);
        (uint256 mid, uint256 half, bool ok) = oracle.price(ASSET);
        require(mid == 0 && half == 0 && !ok, "short data passed");
        vm.mockCallRevert(FEED, abi.encodeWithSignature("latestRoundData()"), garbage);
        (mid, half, ok) = oracle.price(ASSET);
        require(mid == 0 && half == 0 && !ok, "revert passed");
    }

    function _oracle(uint8 decimals, uint64 deviation) private returns (PriceOracle) {
        vm.mockCall(FEED, abi.encodeWithSignature("decimals()"), abi.encode(decimals));
        address[] memory assets = new address[](1);
        IPriceOracle.Feed[] memory feeds = new IPriceOracle.Feed[](1);
        assets[0] = ASSET;
        feeds[0] = IPriceOracle.Feed({feed: FEED, heartbeat: 3600, deviation: deviation, stableBand: 0});
        return new PriceOracle(address(this), PriceOracle.Sequencer(address(0), 0), assets, feeds);
    }

    function _answer(int256 answer, uint256 updatedAt) private {
        vm.mockCall(FEED, abi.encodeWithSignature("latestRoundData()"), abi.encode(1, answer, updatedAt, updatedAt, 1));
    }
}
