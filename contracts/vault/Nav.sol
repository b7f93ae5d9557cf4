// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ILeg} from "../interfaces/ILeg.sol";
import {Gamma, LegValue, Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Fixed} from "./Fixed.sol";
import {Ledger} from "./Ledger.sol";
import {Routed} from "./Routed.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The only place that sums legs.
/// @dev mid = Σ idle·P + Σ equity. half = Σ_i δ_i·|x_i| + Σ legs (venue gap + close-out cost): what the feeds may lag behind, on the
/// exposure that is left after netting inside each asset, plus what leaving the legs would cost.
library Nav {
    using Fixed for uint256[];
    using Ledger for Ledger.State;

    /// @notice Where the band is wider, shares are neither sold nor settled, share of NAV, 1e18 = 100%. Gap and impact are those of the
    /// venues' markets at this moment: whoever pushes one widens the band, and what leavers or newcomers lose by it is the others'.
    uint256 internal constant WIDEST_BAND = 0.03e18;

    struct State {
        address[] legs;
    }

    // ── Measuring ────────────────────────────────────────────────────────────────────────────────

    function measure(
        State storage self,
        Ledger.State storage ledger,
        Prices memory prices
    ) public view returns (Portfolio memory) {
        return sum(self, ledger, Fixed.load(), prices);
    }

    /// @notice `measure`, for a library that has read what the vault was made with.
    /// @param prices Of everything that is held, or of all assets where there are legs
    function sum(
        State storage self,
        Ledger.State storage ledger,
        uint256[] memory made,
        Prices memory prices
    ) internal view returns (Portfolio memory total) {
        total = _idle(ledger, made, prices.mid);
        if (ledger.terms.legs > 0) {
            LegValue[] memory values = new LegValue[](self.legs.length);
            for (uint256 k; k < values.length; ++k) {
                values[k] = ILeg(self.legs[k]).measure(prices);
                total.half += values[k].closeOutCost + values[k].venueGap;
            }
            total.gammas = _addLegs(values, total);
        }
        for (uint256 i; i < total.exposure.length; ++i) {
            if (total.exposure[i] == 0 || prices.mid[i] == 0) continue;
            uint256 size = FixedPointMathLib.abs(total.exposure[i]);
            total.half += FixedPointMathLib.fullMulDivUp(size, prices.half[i], prices.mid[i]);
        }
    }

    /// @dev What lies idle.
    function _idle(
        Ledger.State storage ledger,
        uint256[] memory made,
        uint256[] memory mid
    ) private view returns (Portfolio memory total) {
        (uint256 n, uint256 held) = (made.count(), ledger.terms.held);
        (total.exposure, total.hedgeExposure) = (new int256[](n), new int256[](n));
        for (uint256 i; held >> i != 0; ++i) {
            if ((held >> i) & 1 == 0) continue;
            int256 usd = int256(valueDown(ledger.idle(made.asset(i)), mid[i], made.unit(i)));
            total.exposure[i] = usd;
            total.nav += usd;
        }
    }

    /// @notice The assets whose prices enter any figure: what is held, and the settlement token, in which shares are quoted; with legs, which may see
    /// each of them, all.
    /// @return which Bit k for the k-th asset
    function priced(Ledger.Terms memory terms, uint256[] memory made) internal pure returns (uint256 which) {
        return terms.legs > 0 ? type(uint256).max : terms.held | (1 << made.settlement());
    }

    // ── What the vault answers with: routed to as it is asked (see VaultBase) ────────────────────

    function nav() external view returns (int256 mid, uint256 half, bool ok) {
        Prices memory prices = _snapshot();
        for (uint256 i; i < prices.mid.length; ++i) {
            if (prices.mid[i] == 0) return (0, 0, false);
        }
        Portfolio memory held = measure(Routed.nav(), Routed.ledger(), prices);
        return (held.nav, held.half, prices.ok);
    }

    function portfolio() external view returns (Portfolio memory held, Prices memory prices) {
        prices = _snapshot();
        if (prices.ok) held = measure(Routed.nav(), Routed.ledger(), prices);
    }

    function measureAt(Prices memory prices) external view returns (Portfolio memory) {
        return measure(Routed.nav(), Routed.ledger(), prices);
    }

    /// @dev See `ILeg.appraise`.
    function appraiseAt(
        uint256[] calldata mid,
        bool first,
        uint256 leastMargin
    ) external returns (Portfolio memory total) {
        Nav.State storage self = Routed.nav();
        LegValue[] memory values = new LegValue[](self.legs.length);
        for (uint256 k; k < values.length; ++k) values[k] = ILeg(self.legs[k]).appraise(mid, first, leastMargin);
        total = _idle(Routed.ledger(), Fixed.load(), mid);
        total.gammas = _addLegs(values, total);
        if (first) return total;
        (total.overdue, total.thin) = (new int256[](values.length), new bool[](values.length));
        for (uint256 k; k < values.length; ++k) (total.overdue[k], total.thin[k]) = (values[k].overdue, values[k].thin);
    }

    function _snapshot() private view returns (Prices memory) {
        uint256[] memory made = Fixed.load();
        return made.snapshot(type(uint256).max);
    }

    /// @dev Adds every leg to `total`, and returns the gammas of all of them.
    function _addLegs(LegValue[] memory values, Portfolio memory total) private pure returns (Gamma[] memory gammas) {
        int256[] memory equity = new int256[](values.length);
        (int256[] memory exposure, int256[] memory hedge) = (total.exposure, total.hedgeExposure);
        (int256 nav_, uint256 count) = (total.nav, 0);
        for (uint256 k; k < values.length; ++k) {
            LegValue memory value = values[k];
            equity[k] = value.equity;
            nav_ += value.equity;
            count += value.gammas.length;
            int256[] memory own = value.exposure;
            for (uint256 i; i < own.length; ++i) {
                if (own[i] == 0) continue;
                exposure[i] += own[i];
                if (value.hedge) hedge[i] += own[i];
            }
        }
        (total.nav, total.equity) = (nav_, equity);
        gammas = new Gamma[](count);
        for (uint256 k = values.length; k > 0; --k) {
            Gamma[] memory own = values[k - 1].gammas;
            for (uint256 g; g < own.length; ++g) {
                gammas[--count] = own[g];
            }
        }
    }

    /// @notice `Ledger.writeDown` of every asset.
    function writeDown(Ledger.State storage ledger) external {
        uint256[] memory made = Fixed.load();
        for (uint256 i; i < made.count(); ++i) ledger.writeDown(made.asset(i));
    }

    /// @notice Reverts where the band is too wide to price shares.
    function requireNarrow(Portfolio memory held) internal pure {
        uint256 most = widestHalfDown(held);
        require(held.half <= most, VaultBase.BandTooWide(held.half, most));
    }

    /// @notice Widest half-width of the band at which shares are priced, USD, 1e18, rounded down.
    function widestHalfDown(Portfolio memory held) internal pure returns (uint256) {
        return held.nav <= 0 ? 0 : FixedPointMathLib.fullMulDiv(uint256(held.nav), WIDEST_BAND, 1e18);
    }

    /// @notice Tokens in USD, 1e18, rounded down.
    /// @param unit 10^decimals of the token
    function valueDown(uint256 amount, uint256 price, uint256 unit) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDiv(amount, price, unit);
    }
}
