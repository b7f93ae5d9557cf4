// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {MarketMover} from "../../../../scripts/devnet/contracts/MarketMover.sol";
import {cheats} from "../Cheats.sol";
import {IFlux} from "./IVenues.sol";
import {System} from "./System.sol";

/// @title The real protocols on a chain of their own, with thirty days of prices, and one empty vault on them.
contract World is System {
    /// @dev Not the constructor: pools call back.
    function deploy() external {
        cheats.warp(GENESIS - 1 days);
        _deployTokens();
        _deployPool();
        _deployVenue();
        mover = MarketMover(
            payable(
                _own(
                    "scripts/devnet/contracts/MarketMover.sol:MarketMover",
                    abi.encode(tokens[ETH], tokens[USDC], house, perpVault)
                )
            )
        );
        cheats.deal(address(mover), 1e30);
        for (uint256 k; k < ASSETS; ++k) {
            if (k != ETH) tokens[k].setMinter(address(mover), true);
        }
        _deployFeeds();
        reportAll();
        _deployMarkets();
        cheats.warp(block.timestamp + 1_860);
        _supplyMarkets();
        _makeHistory();
        _deployOracles();
        poke();
        _deployVault();
    }

    /// @notice Time passes; every feed says again what it said, shortly before each grid time too.
    function pass(uint256 time) public {
        uint256 end = block.timestamp + time;
        for (uint256 grid = ((block.timestamp + 60) / GRID + 1) * GRID; grid <= end; grid += GRID) {
            cheats.warp(grid - 60);
            reportAll();
        }
        cheats.warp(end);
        reportAll();
    }

    /// @notice Let the covariance oracle fold every grid time that is past.
    /// @return folded How many there were
    function poke() public returns (uint256 folded) {
        uint256 cursor = covariance.grid().cursor;
        if (block.timestamp <= cursor) return 0;
        folded = (block.timestamp - 1 - cursor) / GRID;
        if (folded == 0) return 0;
        uint80[][] memory rounds = new uint80[][](folded);
        for (uint256 s; s < folded; ++s) rounds[s] = new uint80[](ASSETS);
        for (uint256 k; k < ASSETS; ++k) {
            // From the last grid time backwards, so that each round is looked at once.
            uint80 round = uint80((1 << 64) | IFlux(aggregators[k]).latestRound());
            for (uint256 s = folded; s > 0; --s) {
                round = _inForce(proxies[k], round, cursor + s * GRID);
                rounds[s - 1][k] = round;
            }
        }
        covariance.poke(rounds);
    }

    function _inForce(address proxy, uint80 from, uint256 time) private view returns (uint80 round) {
        round = from;
        while (true) {
            (, , , uint256 updatedAt, ) = IFlux(proxy).getRoundData(round);
            if (updatedAt <= time) return round;
            --round;
        }
    }

    /// @dev Correlated returns about the first prices, at each grid time; the last is back at them.
    function _makeHistory() private {
        int256[ASSETS] memory start = answers;
        for (uint256 s; s <= STEPS; ++s) {
            cheats.warp(GENESIS + s * GRID - 60);
            bool back = s == 0 || s == STEPS;
            int256 common = back ? int256(0) : _draw(s, 0, 350);
            int256[ASSETS] memory move;
            move[ALT] = (common * 12) / 10 + (back ? int256(0) : _draw(s, ALT, 200));
            move[ETH] = common;
            move[BTC] = (common * 8) / 10 + (back ? int256(0) : _draw(s, BTC, 100));
            for (uint256 k; k < ASSETS; ++k) answers[k] = (start[k] * (10_000 + move[k])) / 10_000;
            reportAll();
        }
        cheats.warp(GENESIS + STEPS * GRID + 60);
    }

    /// @return Uniform between −most and most, a ten-thousandth
    function _draw(uint256 step, uint256 k, int256 most) private pure returns (int256) {
        uint256 number = uint256(keccak256(abi.encode("history", step, k)));
        return int256(number % uint256(2 * most + 1)) - most;
    }
}
