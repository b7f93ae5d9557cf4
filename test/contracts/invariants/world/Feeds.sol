// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {MarketMover} from "../../../../scripts/devnet/contracts/MarketMover.sol";
import {Prices} from "../../../../contracts/types/Prices.sol";
import {Tokens} from "./Tokens.sol";
import {IFlux} from "./IVenues.sol";

/// @title One Chainlink feed an asset: a FluxAggregator behind a proxy. The market's contract is their only oracle.
abstract contract Feeds is Tokens {
    uint256 internal constant HOUR = 3_600;

    MarketMover public mover;
    address[ASSETS] public aggregators;
    address[ASSETS] public proxies;

    /// @notice What each feed said last, or would say if it were not broken: USD, 8 decimals.
    int256[ASSETS] public answers = [int256(1e8), 10e8, 2_000e8, 30_000e8];

    // As in scripts/deploy/parameters.ts.
    uint256[ASSETS] public deviations = [uint256(0.0025e18), 0.01e18, 0.005e18, 0.005e18];
    uint32[ASSETS] public heartbeats = [uint32(95_040), 95_040, 3_960, 3_960];

    function _deployFeeds() internal {
        address[] memory none;
        address[] memory oracle = new address[](1);
        oracle[0] = address(mover);
        for (uint256 k; k < ASSETS; ++k) {
            aggregators[k] = _publish(
                "@chainlink/abi/v0.6/FluxAggregator.json",
                abi.encode(link, uint128(0), uint32(0), address(0), int256(1), int256(1e18), uint8(8), "X / USD")
            );
            IFlux(aggregators[k]).changeOracles(none, oracle, oracle, 1, 1, 0);
            proxies[k] = _publish(
                "@chainlink/abi/v0.6/EACAggregatorProxy.json",
                abi.encode(aggregators[k], address(0))
            );
        }
    }

    /// @notice What a feed says from its next round on.
    function setAnswer(uint256 k, int256 answer) external {
        answers[k] = answer;
    }

    /// @notice A new round of one feed.
    function report(uint256 k, int256 answer) public {
        answers[k] = answer;
        MarketMover.Round[] memory rounds = new MarketMover.Round[](1);
        rounds[0] = MarketMover.Round(aggregators[k], answer);
        _step(rounds, new MarketMover.Spot[](0), new MarketMover.Perp[](0));
    }

    /// @notice Every feed says again what it said last.
    function reportAll() public {
        MarketMover.Round[] memory rounds = new MarketMover.Round[](ASSETS);
        for (uint256 k; k < ASSETS; ++k) rounds[k] = MarketMover.Round(aggregators[k], answers[k]);
        _step(rounds, new MarketMover.Spot[](0), new MarketMover.Perp[](0));
    }

    /// @notice The prices that the feeds stand for, broken or not, as the price oracle would give them.
    function prices() public view returns (Prices memory p) {
        (p.mid, p.half, p.ok) = (new uint256[](ASSETS), new uint256[](ASSETS), true);
        for (uint256 k; k < ASSETS; ++k) {
            p.mid[k] = uint256(answers[k]) * 1e10;
            p.half[k] = (p.mid[k] * deviations[k] + 1e18 - 1) / 1e18;
        }
    }

    function _step(
        MarketMover.Round[] memory rounds,
        MarketMover.Spot[] memory spots,
        MarketMover.Perp[] memory perps
    ) internal {
        mover.step(0, rounds, new MarketMover.Noise[](0), spots, perps);
    }
}
