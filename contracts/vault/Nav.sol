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
        (uint256 n, uint256 held, bool hasLegs) = (made.count(), ledger.terms.held, ledger.terms.legs > 0);
        (total.exposure, total.hedgeExposure) = (new int256[](n), new int256[](n));
        for (uint256 i; held >> i != 0; ++i) {
            if ((held >> i) & 1 == 0) continue;
            int256 usd = int256(valueDown(ledger.idle(made.asset(i)), prices.mid[i], made.unit(i)));
            total.exposure[i] = usd;
            total.nav += usd;
            if (!hasLegs) total.half += _halfUp(usd, prices, i);
        }
        if (!hasLegs) return total;
        total.gammas = _addLegs(self, prices, total);
        for (uint256 i; i < n; ++i) {
            total.half += _halfUp(total.exposure[i], prices, i);
        }
    }

    /// @dev What the feed may lag behind on an exposure, USD, 1e18.
    function _halfUp(int256 exposure, Prices memory prices, uint256 i) private pure returns (uint256) {
        if (exposure == 0 || prices.mid[i] == 0) return 0;
        return FixedPointMathLib.fullMulDivUp(FixedPointMathLib.abs(exposure), prices.half[i], prices.mid[i]);
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

    function _snapshot() private view returns (Prices memory) {
        uint256[] memory made = Fixed.load();
        return made.snapshot(type(uint256).max);
    }

    /// @dev Adds every leg to `total`, and returns the gammas of all of them.
    function _addLegs(
        State storage self,
        Prices memory prices,
        Portfolio memory total
    ) private view returns (Gamma[] memory gammas) {
        LegValue[] memory values = new LegValue[](self.legs.length);
        total.equity = new int256[](values.length);
        uint256 count;
        for (uint256 k; k < values.length; ++k) {
            ILeg leg = ILeg(self.legs[k]);
            values[k] = leg.measure(prices);
            total.equity[k] = values[k].equity;
            total.nav += values[k].equity;
            total.half += values[k].closeOutCost + values[k].venueGap;
            count += values[k].gammas.length;
            bool hedge = leg.isHedge();
            for (uint256 i; i < total.exposure.length; ++i) {
                total.exposure[i] += values[k].exposure[i];
                if (hedge) total.hedgeExposure[i] += values[k].exposure[i];
            }
        }
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
