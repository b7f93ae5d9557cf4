// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AggregatorV3Interface} from "@chainlink/contracts/src/v0.8/shared/interfaces/AggregatorV3Interface.sol";
import {ICovarianceOracle} from "../../contracts/interfaces/ICovarianceOracle.sol";
import {IRebalancer} from "../../contracts/interfaces/IRebalancer.sol";
import {Risk} from "../../contracts/rebalance/Risk.sol";
import {Run} from "../../contracts/rebalance/Run.sol";
import {Gamma, Portfolio} from "../../contracts/types/Portfolio.sol";

/// @notice Measures a plan's gate as the Rebalancer runs it, and reads feeds as plainly as possible.
contract GateMeter {
    /// @param asked True if the oracle is asked whether it is usable beforehand, as any plan does
    /// @return used Gas of `Risk.measure`: what it builds, the call with its encoding, and what it returns
    function gate(
        ICovarianceOracle covariance,
        int256[] calldata exposureBefore,
        int256[] calldata exposureAfter,
        int256[] calldata hedge,
        Gamma[] calldata gammas,
        bool asked
    ) external view returns (uint256 used, IRebalancer.Outcome memory outcome) {
        Run memory run;
        run.covariance = covariance;
        run.limits.horizon = 1 days;
        _fill(run.held, exposureBefore, hedge, gammas);
        _fill(run.left, exposureAfter, hedge, gammas);
        if (asked) require(covariance.usable(), "not usable");
        used = gasleft();
        Risk.measure(run, outcome);
        used -= gasleft();
    }

    /// @return used Gas of one evaluation
    function one(
        ICovarianceOracle covariance,
        int256[] calldata exposure,
        Gamma[] calldata gammas
    ) external view returns (uint256 used) {
        int256[] memory x = exposure;
        Gamma[] memory g = gammas;
        used = gasleft();
        covariance.variance(x, g, 1 days);
        used -= gasleft();
    }

    /// @notice The reads of a poke at the latest rounds, without the oracle.
    function read(AggregatorV3Interface[] calldata feeds) external view {
        for (uint256 i; i < feeds.length; ++i) {
            (, int256 answer, , , ) = feeds[i].latestRoundData();
            require(answer > 0, "no answer");
        }
    }

    function _fill(Portfolio memory p, int256[] memory x, int256[] memory hedge, Gamma[] memory gammas) private pure {
        (p.nav, p.exposure, p.hedgeExposure, p.gammas) = (1e24, x, hedge, gammas);
    }
}
