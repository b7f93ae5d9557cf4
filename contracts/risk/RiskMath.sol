// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Gamma} from "../types/Portfolio.sol";

/// @notice The variance of a portfolio of exposures and rank-one gammas under one covariance matrix.
/// @dev Fixed point, 1e18. Bounds within which nothing overflows: |exposure| and |c| up to 1e12 USD and 64 gammas (checked here), 8
/// assets and |Σ_ij| up to 2e5 a year (the covariance oracle caps returns so that they hold). The relative error on figures above
/// one USD is below 1e-15 of Σ|x_i Σ_ij x_j|.
library RiskMath {
    /// @notice Largest exposure or gamma, USD, 1e18.
    uint256 internal constant MAX_USD = 1e12 * 1e18;
    /// @notice Most rank-one terms of one portfolio.
    uint256 internal constant MAX_GAMMAS = 64;
    uint256 internal constant YEAR = 365 days;

    error AmountTooLarge(int256 amount, uint256 ceiling);
    error TooManyGammas(uint256 gammas, uint256 ceiling);
    error IndexOutOfRange(uint256 index, uint256 assets);

    /// @notice Reverts unless a portfolio is inside the bounds. The functions below rely on it.
    function check(int256[] memory x, Gamma[] memory gammas) internal pure {
        uint256 n = x.length;
        uint256 count = gammas.length;
        if (count > MAX_GAMMAS) revert TooManyGammas(count, MAX_GAMMAS);
        unchecked {
            for (uint256 i; i < n; ++i) _checkAmount(x[i]);
            for (uint256 p; p < count; ++p) {
                Gamma memory g = gammas[p];
                if (g.i >= n) revert IndexOutOfRange(g.i, n);
                if (g.j >= n) revert IndexOutOfRange(g.j, n);
                _checkAmount(g.c);
            }
        }
    }

    /// @notice x'Σx + ½·h·tr((ΓΣ)²) of a checked portfolio.
    /// @param sigma Covariance a year, row-major n×n, symmetric, 1e18
    /// @param x Exposure, USD, 1e18, length n
    /// @param gammas Rank-one terms c·uu', u = e_i − e_j
    /// @param horizon h, seconds
    /// @return total USD² a year, 1e18
    /// @return gammaPart The second term alone, USD² a year, 1e18
    function variance(
        int256[] memory sigma,
        int256[] memory x,
        Gamma[] memory gammas,
        uint256 horizon
    ) internal pure returns (uint256 total, uint256 gammaPart) {
        gammaPart = gammaVariance(sigma, x.length, gammas, horizon);
        total = quadraticForm(sigma, x) + gammaPart;
    }

    /// @notice x'Σx, USD², 1e18. Zero where rounding would make it negative.
    function quadraticForm(int256[] memory sigma, int256[] memory x) internal pure returns (uint256) {
        uint256 n = x.length;
        int256 sum;
        // sum += x_i·((Σ_ii·x_i + 2·Σ_{j>i} Σ_ij·x_j)/1e9), at 1e45. Inside the bounds a row is below 5e54, the sum below 2e76.
        assembly ("memory-safe") {
            let first := add(x, 32)
            let end := add(first, shl(5, n))
            let diagonal := add(sigma, 32)
            for {
                let xi := first
            } lt(xi, end) {
                xi := add(xi, 32)
            } {
                let own := mload(xi)
                if own {
                    let off := 0
                    let entry := diagonal
                    for {
                        let xj := add(xi, 32)
                    } lt(xj, end) {
                        xj := add(xj, 32)
                    } {
                        entry := add(entry, 32)
                        off := add(off, mul(mload(entry), mload(xj)))
                    }
                    let row := add(mul(mload(diagonal), own), shl(1, off))
                    sum := add(sum, mul(own, sdiv(row, 1000000000)))
                }
                diagonal := add(diagonal, shl(5, add(n, 1)))
            }
        }
        return sum > 0 ? uint256(sum) / 1e27 : 0;
    }

    /// @notice ½·h·tr((ΓΣ)²) = ½·h·Σ_pΣ_q c_p·c_q·(u_p'Σu_q)², USD² a year, 1e18.
    function gammaVariance(
        int256[] memory sigma,
        uint256 n,
        Gamma[] memory gammas,
        uint256 horizon
    ) internal pure returns (uint256) {
        uint256 count = gammas.length;
        int256 sum;
        // Inside the bounds |m| is below 1e24, a term below 1e72, the sum of all below 4e75.
        unchecked {
            for (uint256 p; p < count; ++p) {
                Gamma memory a = gammas[p];
                for (uint256 q; q <= p; ++q) {
                    Gamma memory b = gammas[q];
                    int256 m = _bilinear(sigma, n, a, b);
                    int256 term = ((a.c * m) / 1e18) * ((b.c * m) / 1e18);
                    sum += q == p ? term : 2 * term;
                }
            }
        }
        // 1e36 / 1e9 = 1e27
        return sum > 0 ? ((uint256(sum) / 1e9) * horizon) / (2 * YEAR * 1e9) : 0;
    }

    /// @dev u_a'Σu_b
    function _bilinear(int256[] memory sigma, uint256 n, Gamma memory a, Gamma memory b) private pure returns (int256) {
        unchecked {
            uint256 rowI = uint256(a.i) * n;
            uint256 rowJ = uint256(a.j) * n;
            return
                _get(sigma, rowI + b.i) - _get(sigma, rowI + b.j) - _get(sigma, rowJ + b.i) + _get(sigma, rowJ + b.j);
        }
    }

    /// @dev Unchecked read: the index is known to be inside.
    function _get(int256[] memory array, uint256 k) private pure returns (int256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(array, 32), shl(5, k)))
        }
    }

    function _checkAmount(int256 amount) private pure {
        if (amount > int256(MAX_USD) || amount < -int256(MAX_USD)) revert AmountTooLarge(amount, MAX_USD);
    }
}
