// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {CovarianceMath} from "../../contracts/risk/CovarianceMath.sol";
import {RiskMath} from "../../contracts/risk/RiskMath.sol";
import {Gamma} from "../../contracts/types/Portfolio.sol";

/// @notice The arithmetic of covariance and variance, to be asked from outside.
contract RiskHost {
    function logPrice(int256 answer) external pure returns (int64) {
        return CovarianceMath.logPrice(answer);
    }

    function keep(uint256 elapsed, uint256 halfLife) external pure returns (uint256) {
        return CovarianceMath.keep(elapsed, halfLife);
    }

    function fold(
        int256[] memory cells,
        int256[] memory r,
        uint256 elapsed,
        uint256 step,
        uint256 keepFast,
        uint256 keepSlow
    ) external pure returns (int256[] memory) {
        CovarianceMath.fold(cells, r, elapsed, step, keepFast, keepSlow);
        return cells;
    }

    function annualise(
        int256[] memory cells,
        uint256 seenFast,
        uint256 seenSlow,
        uint256 step,
        uint256[] memory floors
    ) external pure returns (int256[] memory) {
        CovarianceMath.annualise(cells, seenFast, seenSlow, step, floors);
        return cells;
    }

    function forms(
        int256[] memory sigma,
        int256[] calldata before,
        int256[] calldata left,
        int256[] calldata hedge
    ) external pure returns (uint256[6] memory) {
        return RiskMath.quadraticForms(sigma, RiskMath.sideBySide(before, left, hedge));
    }

    function gammaVariances(
        int256[] memory sigma,
        uint256 n,
        Gamma[] memory gammas,
        uint256 horizon
    ) external pure returns (uint256 fast, uint256 slow) {
        return RiskMath.gammaVariances(sigma, n, gammas, horizon);
    }
}
