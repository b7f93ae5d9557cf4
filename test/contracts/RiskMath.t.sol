// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {RiskMath} from "../../contracts/risk/RiskMath.sol";
import {Gamma} from "../../contracts/types/Portfolio.sol";
import {vm, bound} from "./Vm.sol";

/// @notice The quadratic form and the gamma term against a reference that multiplies with 512 bits and rounds each term once.
contract RiskMathTest {
    uint256 private constant N = 5;

    /// forge-config: default.fuzz.runs = 512
    function testFuzz_quadraticFormMatchesReference(uint256 seed, uint256 magnitude) public pure {
        uint256 scale = 10 ** bound(magnitude, 18, 30);
        int256[] memory sigma = _factorMatrix(seed);
        int256[] memory x = _amounts(seed, N, scale);
        (int256 signed, uint256 size) = _referenceForm(sigma, x);
        uint256 expected = signed > 0 ? uint256(signed) : 0;
        _near(_form(sigma, x), expected, size / 1e14 + 100);
    }

    /// forge-config: default.fuzz.runs = 512
    function testFuzz_gammaMatchesReference(uint256 seed, uint256 magnitude, uint256 horizon) public pure {
        uint256 scale = 10 ** bound(magnitude, 19, 30);
        horizon = bound(horizon, 60, 30 days);
        int256[] memory sigma = _factorMatrix(seed);
        Gamma[] memory gammas = _gammas(seed, scale);
        (uint256 expected, uint256 size) = _referenceGamma(sigma, gammas, horizon);
        _near(_gamma(sigma, gammas, horizon), expected, size / 1e13 + 100);
    }

    function testFuzz_entriesAreThoseOfTheSquare(uint256 seed, uint256 size) public pure {
        uint256 n = bound(size, 1, 8);
        int256[] memory square = new int256[](n * n);
        for (uint256 i; i < n; ++i) {
            for (uint256 j; j <= i; ++j) {
                square[i * n + j] = square[j * n + i] = int256(_random(seed, i * n + j)) / 2;
            }
        }
        int256[] memory both = _pair(square);
        for (uint256 i; i < n; ++i) {
            for (uint256 j; j < n; ++j) {
                require(RiskMath.entryOf(both, 0, n, i, j) == square[i * n + j], "fast");
                require(RiskMath.entryOf(both, 1, n, i, j) == square[i * n + j] >> 1, "slow");
            }
        }
    }

    /// @dev Everything at its bound, all terms of one sign: the arithmetic is unchecked, so the result must be the exact one.
    function test_nothingOverflowsAtTheBounds() public pure {
        int256[] memory sigma = new int256[](64);
        int256[] memory x = new int256[](8);
        Gamma[] memory gammas = new Gamma[](64);
        for (uint256 i; i < 64; ++i) sigma[i] = (i / 8) % 2 == (i % 8) % 2 ? int256(2e23) : -int256(2e23);
        for (uint256 i; i < 8; ++i) x[i] = i % 2 == 0 ? int256(1e30) : -int256(1e30);
        // 64 terms of 1e12² · 2e5
        require(_form(sigma, x) == 64 * 2e29 * 1e18, "form");
        for (uint256 i; i < 64; ++i) gammas[i] = Gamma({c: -1e30, i: 0, j: 1});
        // u'Σu = 8e5, tr = 64² · (1e12 · 8e5)², times ½ year
        require(_gamma(sigma, gammas, 365 days) == (4096 * 64e34 * 1e18) / 2, "gamma");
    }

    function testFuzz_gammaGrowsWithHorizonAndSize(uint256 seed, uint256 horizon) public pure {
        horizon = bound(horizon, 1 hours, 30 days);
        int256[] memory sigma = _factorMatrix(seed);
        Gamma[] memory one = new Gamma[](1);
        one[0] = Gamma({c: -1_000e18, i: 0, j: 1});
        uint256 base = _gamma(sigma, one, horizon);
        require(_gamma(sigma, one, horizon * 2) >= base, "horizon");
        one[0].c = -2_000e18;
        _near(_gamma(sigma, one, horizon), 4 * base, base / 1e12 + 100);
    }

    function test_hedgedPairHasTheTextbookVariance() public pure {
        int256[] memory sigma = new int256[](4);
        (sigma[0], sigma[1], sigma[2], sigma[3]) = (0.64e18, 0.48e18, 0.48e18, 0.49e18);
        int256[] memory x = new int256[](2);
        (x[0], x[1]) = (100_000e18, -90_000e18);
        // 1e10·0.64 − 2·9e9·0.48 + 8.1e9·0.49
        require(_form(sigma, x) == 1_729_000_000e18, "form");
        Gamma[] memory g = new Gamma[](1);
        g[0] = Gamma({c: -50_000e18, i: 0, j: 1});
        // ½·(1/365)·(50,000·0.17)²
        _near(_gamma(sigma, g, 1 days), uint256(72_250_000e18) / 730, 1);
    }

    /// @dev A matrix whose last digit was rounded may be a hair indefinite.
    function test_aNegativeFormIsZero() public pure {
        int256[] memory sigma = new int256[](4);
        (sigma[0], sigma[1], sigma[2], sigma[3]) = (1e18, 1e18 + 1, 1e18 + 1, 1e18);
        int256[] memory x = new int256[](2);
        (x[0], x[1]) = (1e30, -1e30);
        require(_form(sigma, x) == 0, "form");
    }

    function test_putsPortfoliosSideBySide() public view {
        int256[] memory three = this.sideBySide(_two(1, -2), _two(10, -20), _two(4, 5));
        int256[6] memory expected = [int256(1), 10, 6, -2, -20, -25];
        require(three.length == 6, "length");
        for (uint256 k; k < 6; ++k) require(three[k] == expected[k], "order");
    }

    /// @dev Wherever it stands, and where only the difference is too large, or would wrap.
    function test_refusesExposuresOutOfBounds() public {
        int256[] memory zero = _two(0, 0);
        this.sideBySide(_two(1e30, -1e30), _two(-1e30, 1e30), zero);
        this.sideBySide(zero, _two(-1e30, 1e30), _two(-2e30, 2e30));
        int256[4] memory wrong = [int256(1e30 + 1), -1e30 - 1, type(int256).min, type(int256).max];
        for (uint256 k; k < 4; ++k) {
            bytes memory refusal = abi.encodeWithSelector(RiskMath.AmountTooLarge.selector, wrong[k], 1e30);
            vm.expectRevert(refusal);
            this.sideBySide(_two(0, wrong[k]), zero, zero);
            vm.expectRevert(refusal);
            this.sideBySide(zero, _two(wrong[k], 0), zero);
            vm.expectPartialRevert(RiskMath.AmountTooLarge.selector);
            this.sideBySide(zero, _two(0, wrong[k] > 0 ? -1e30 : int256(1e30)), _two(0, wrong[k]));
        }
    }

    function test_refusesGammasOutOfBounds() public {
        Gamma[] memory g = new Gamma[](1);
        g[0] = Gamma({c: 1, i: 0, j: 2});
        vm.expectRevert(abi.encodeWithSelector(RiskMath.IndexOutOfRange.selector, 2, 2));
        this.refuseGammas(g);
        g[0] = Gamma({c: 1, i: 9, j: 0});
        vm.expectRevert(abi.encodeWithSelector(RiskMath.IndexOutOfRange.selector, 9, 2));
        this.refuseGammas(g);
        vm.expectRevert(abi.encodeWithSelector(RiskMath.TooManyGammas.selector, 65, 64));
        this.refuseGammas(new Gamma[](65));
        g[0] = Gamma({c: -1e30 - 1, i: 0, j: 1});
        vm.expectRevert(abi.encodeWithSelector(RiskMath.AmountTooLarge.selector, g[0].c, 1e30));
        this.refuseGammas(g);
        g[0].c = -1e30;
        this.refuseGammas(g);
    }

    function sideBySide(
        int256[] calldata before,
        int256[] calldata left,
        int256[] calldata hedge
    ) external pure returns (int256[] memory) {
        return RiskMath.sideBySide(before, left, hedge);
    }

    function refuseGammas(Gamma[] memory g) external pure {
        RiskMath.gammaVariances(new int256[](6), 2, g, 1 days);
    }

    function _two(int256 a, int256 b) private pure returns (int256[] memory x) {
        x = new int256[](2);
        (x[0], x[1]) = (a, b);
    }

    // ------------------------------------------------------------------------------------------------ reference

    function _referenceForm(int256[] memory sigma, int256[] memory x) private pure returns (int256 sum, uint256 size) {
        for (uint256 i; i < N; ++i) {
            for (uint256 j; j < N; ++j) {
                int256 term = _mul(_mul(x[i], x[j], 1e18), sigma[i * N + j], 1e18);
                sum += term;
                size += FixedPointMathLib.abs(term);
            }
        }
    }

    /// @dev Builds ΓΣ as a matrix and takes the trace of its square, in USD: no rank-one shortcut.
    function _referenceGamma(
        int256[] memory sigma,
        Gamma[] memory g,
        uint256 horizon
    ) private pure returns (uint256 expected, uint256 size) {
        int256[] memory big = new int256[](N * N);
        for (uint256 p; p < g.length; ++p) {
            big[uint256(g[p].i) * N + g[p].i] += g[p].c;
            big[uint256(g[p].j) * N + g[p].j] += g[p].c;
            big[uint256(g[p].i) * N + g[p].j] -= g[p].c;
            big[uint256(g[p].j) * N + g[p].i] -= g[p].c;
        }
        int256[] memory product = new int256[](N * N);
        for (uint256 i; i < N; ++i) {
            for (uint256 j; j < N; ++j) {
                for (uint256 k; k < N; ++k) product[i * N + j] += _mul(big[i * N + k], sigma[k * N + j], 1e18);
            }
        }
        int256 trace;
        for (uint256 i; i < N; ++i) {
            for (uint256 k; k < N; ++k) {
                int256 term = _mul(product[i * N + k], product[k * N + i], 1e18);
                trace += term;
                size += FixedPointMathLib.abs(term);
            }
        }
        expected = trace > 0 ? FixedPointMathLib.fullMulDiv(uint256(trace), horizon, 2 * 365 days) : 0;
    }

    /// @dev A square as the fast matrix, and half of it as the slow one.
    function _pair(int256[] memory square) private pure returns (int256[] memory both) {
        uint256 n = FixedPointMathLib.sqrt(square.length);
        both = new int256[](n * (n + 1));
        uint256 k;
        for (uint256 i; i < n; ++i) {
            for (uint256 j = i; j < n; ++j) {
                int256 entry = i == j ? square[i * n + j] : 2 * square[i * n + j];
                (both[k], both[k + 1]) = (entry, entry >> 1);
                k += 2;
            }
        }
    }

    /// @dev Under the fast matrix; half as much, up to rounding, under the slow one. The same of all three portfolios, if one of them is the
    /// other way round.
    function _form(int256[] memory square, int256[] memory x) private pure returns (uint256) {
        uint256 n = x.length;
        int256[] memory three = new int256[](3 * n);
        uint256 gross;
        for (uint256 i; i < n; ++i) {
            (three[3 * i], three[3 * i + 1], three[3 * i + 2]) = (x[i], -x[i], x[i] / 2);
            gross += FixedPointMathLib.abs(x[i]);
        }
        uint256[6] memory forms = RiskMath.quadraticForms(_pair(square), three);
        uint256 error_ = FixedPointMathLib.fullMulDiv(gross, gross, 1e36) + 2;
        _near(forms[1], forms[0] / 2, error_);
        _near(forms[2], forms[0], error_);
        _near(forms[3], forms[0] / 2, error_);
        _near(forms[4], forms[0] / 4, FixedPointMathLib.fullMulDiv(gross, 10, 1) + error_);
        _near(forms[5], forms[4] / 2, error_);
        return forms[0];
    }

    /// @dev Under the fast matrix; a quarter of it, up to rounding, under the slow one.
    function _gamma(
        int256[] memory square,
        Gamma[] memory gammas,
        uint256 horizon
    ) private pure returns (uint256 fast) {
        uint256 slow;
        uint256 n = FixedPointMathLib.sqrt(square.length);
        (fast, slow) = RiskMath.gammaVariances(_pair(square), n, gammas, horizon);
        _near(slow, fast / 4, fast / 1e12 + 100);
    }

    function _mul(int256 a, int256 b, uint256 d) private pure returns (int256) {
        uint256 z = FixedPointMathLib.fullMulDiv(FixedPointMathLib.abs(a), FixedPointMathLib.abs(b), d);
        return (a < 0) == (b < 0) ? int256(z) : -int256(z);
    }

    // ------------------------------------------------------------------------------------------------ inputs

    /// @dev Loadings on one market factor plus own variance: what the matrices in use look like.
    function _factorMatrix(uint256 seed) private pure returns (int256[] memory sigma) {
        sigma = new int256[](N * N);
        for (uint256 i; i < N; ++i) {
            for (uint256 j; j < N; ++j) {
                int256 li = int256(_random(seed, 10 + i) % 1.5e18);
                int256 lj = int256(_random(seed, 10 + j) % 1.5e18);
                sigma[i * N + j] = (li * lj) / 1e18;
            }
            sigma[i * N + i] += int256(1e13 + (_random(seed, 20 + i) % 0.5e18));
        }
    }

    function _amounts(uint256 seed, uint256 n, uint256 scale) private pure returns (int256[] memory x) {
        x = new int256[](n);
        for (uint256 i; i < n; ++i) x[i] = _sign(seed, i) * int256(_random(seed, 30 + i) % (scale + 1));
    }

    function _gammas(uint256 seed, uint256 scale) private pure returns (Gamma[] memory g) {
        g = new Gamma[](3);
        for (uint256 p; p < 3; ++p) {
            uint8 i = uint8(_random(seed, 40 + p) % N);
            g[p] = Gamma({
                c: _sign(seed, 50 + p) * int256(_random(seed, 60 + p) % (scale + 1)),
                i: i,
                j: uint8((i + 1 + (_random(seed, 70 + p) % (N - 1))) % N)
            });
        }
    }

    function _random(uint256 seed, uint256 salt) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, salt)));
    }

    function _sign(uint256 seed, uint256 salt) private pure returns (int256) {
        return _random(seed, salt + 1000) % 2 == 0 ? int256(1) : int256(-1);
    }

    function _near(uint256 actual, uint256 expected, uint256 tolerance) private pure {
        require(FixedPointMathLib.dist(actual, expected) <= tolerance, "differs from the reference");
    }
}
