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
    /// @param sigma Covariance a year, upper triangle row by row, 1e18
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
        int256 sum;
        // sum += x_i·((Σ_ii·x_i + 2·Σ_{j>i} Σ_ij·x_j)/1e9), at 1e45. Inside the bounds a row is below 5e54, the sum below 2e76.
        assembly ("memory-safe") {
            let end := add(add(x, 32), shl(5, mload(x)))
            let entry := add(sigma, 32)
            for {
                let xi := add(x, 32)
            } lt(xi, end) {
                xi := add(xi, 32)
            } {
                let own := mload(xi)
                let next := add(entry, sub(end, xi))
                if own {
                    let row := 0
                    let ahead := sub(entry, xi)
                    for {
                        let xj := add(xi, 32)
                    } lt(xj, end) {
                        xj := add(xj, 32)
                    } {
                        row := add(row, mul(mload(add(xj, ahead)), mload(xj)))
                    }
                    row := add(mul(mload(entry), own), shl(1, row))
                    sum := add(sum, mul(own, sdiv(row, 1000000000)))
                }
                entry := next
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

    /// @notice Both halves of a triangle.
    /// @return Row-major n×n
    function square(int256[] memory sigma, uint256 n) internal pure returns (int256[] memory) {
        int256[] memory full = new int256[](n * n);
        for (uint256 k; k < n * n; ++k) full[k] = _entry(sigma, n, k / n, k % n);
        return full;
    }

    /// @dev u_a'Σu_b
    function _bilinear(int256[] memory sigma, uint256 n, Gamma memory a, Gamma memory b) private pure returns (int256) {
        unchecked {
            return
                _entry(sigma, n, a.i, b.i) -
                _entry(sigma, n, a.i, b.j) -
                _entry(sigma, n, a.j, b.i) +
                _entry(sigma, n, a.j, b.j);
        }
    }

    /// @dev Σ_ij, unchecked: both are known to be below n. Row i of the triangle begins where Σ_i,0 would stand at i·(2n − i − 1)/2.
    function _entry(int256[] memory sigma, uint256 n, uint256 i, uint256 j) private pure returns (int256 value) {
        assembly ("memory-safe") {
            let low := xor(i, mul(xor(i, j), lt(j, i)))
            let high := xor(xor(i, j), low)
            let k := add(shr(1, mul(low, sub(shl(1, n), add(low, 1)))), high)
            value := mload(add(add(sigma, 32), shl(5, k)))
        }
    }

    function _checkAmount(int256 amount) private pure {
        if (amount > int256(MAX_USD) || amount < -int256(MAX_USD)) revert AmountTooLarge(amount, MAX_USD);
    }
}
