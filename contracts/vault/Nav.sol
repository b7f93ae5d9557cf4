// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {ILeg} from "../interfaces/ILeg.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Gamma, LegValue, Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Ledger} from "./Ledger.sol";
import {Routed} from "./Routed.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The only place that sums legs.
/// @dev mid = Σ idle·P + Σ equity. half = Σ_i δ_i·|x_i| + Σ legs (venue gap + close-out cost): what the feeds may lag behind, on the
/// exposure that is left after netting inside each asset, plus what leaving the legs would cost.
library Nav {
    using Ledger for Ledger.State;

    /// @notice Where the band is wider, shares are neither sold nor settled, share of NAV, 1e18 = 100%. Gap and impact are those of the
    /// venues' markets at this moment: whoever pushes one widens the band, and what leavers or newcomers lose by it is the others'.
    uint256 internal constant WIDEST_BAND = 0.03e18;

    struct State {
        address[] assets;
        mapping(address token => uint256) unit;
        address[] legs;
    }

    /// @notice Put an asset at the end of the set.
    function addAsset(State storage self, address asset, uint256 mostDecimals) external {
        uint256 decimals = IERC20Metadata(asset).decimals();
        require(decimals <= mostDecimals, IHedgeVault.TooManyDecimals(asset, decimals, mostDecimals));
        self.assets.push(asset);
        self.unit[asset] = 10 ** decimals;
    }

    function measure(
        State storage self,
        Ledger.State storage ledger,
        Prices memory prices
    ) public view returns (Portfolio memory total) {
        LegValue[] memory values = new LegValue[](self.legs.length);
        for (uint256 k; k < values.length; ++k) values[k] = ILeg(self.legs[k]).measure(prices);
        total = _sum(self, ledger, prices.mid, values);
        for (uint256 k; k < values.length; ++k) total.half += values[k].closeOutCost + values[k].venueGap;
        for (uint256 i; i < total.exposure.length; ++i) {
            if (total.exposure[i] == 0 || prices.mid[i] == 0) continue;
            uint256 size = FixedPointMathLib.abs(total.exposure[i]);
            total.half += FixedPointMathLib.fullMulDivUp(size, prices.half[i], prices.mid[i]);
        }
    }

    /// @dev Idle tokens and legs, without the band.
    function _sum(
        State storage self,
        Ledger.State storage ledger,
        uint256[] memory mid,
        LegValue[] memory values
    ) private view returns (Portfolio memory total) {
        uint256 n = mid.length;
        (int256[] memory exposure, int256[] memory hedge) = (new int256[](n), new int256[](n));
        (total.exposure, total.hedgeExposure) = (exposure, hedge);
        int256 nav_;
        for (uint256 i; i < n; ++i) {
            address asset = self.assets[i];
            uint256 idle = ledger.idle[asset];
            if (idle == 0) continue;
            exposure[i] = int256(valueDown(idle, mid[i], self.unit[asset]));
            nav_ += exposure[i];
        }
        total.nav = nav_;
        total.gammas = _addLegs(values, total);
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
        total = _sum(self, Routed.ledger(), mid, values);
        if (first) return total;
        (total.overdue, total.thin) = (new int256[](values.length), new bool[](values.length));
        for (uint256 k; k < values.length; ++k) (total.overdue[k], total.thin[k]) = (values[k].overdue, values[k].thin);
    }

    function _snapshot() private view returns (Prices memory) {
        return IPriceOracle(IHedgeVault(address(this)).priceOracle()).snapshot(Routed.nav().assets);
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
    function writeDown(State storage self, Ledger.State storage ledger) external {
        for (uint256 i; i < self.assets.length; ++i) ledger.writeDown(self.assets[i]);
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
