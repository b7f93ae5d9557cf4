// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {Bucket} from "../types/Bucket.sol";
import {Prices} from "../types/Prices.sol";
import {Agreement} from "./Agreement.sol";
import {Nav} from "./Nav.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title What deposits are worth, and which of them have to wait.
/// @dev The band pays for feeds that lag within their threshold. Against jumps, which a feed reports late, two guards stand: pools must agree with
/// the oracle, and of each asset only so much comes in within an hour, which bounds what a jump can take from those who are in.
library Intake {
    using Bucket for Bucket.State;

    struct State {
        mapping(address asset => Bucket.State) windows;
    }

    /// @notice Time in which a deposit window refills, seconds.
    uint256 internal constant WINDOW_TIME = 1 hours;

    /// @notice A smaller vault has the window of one of this NAV, USD, 1e18: or the first to come, with a cent, would lock out everybody else.
    uint256 internal constant WINDOW_NAV_FLOOR = 100_000e18;

    /// @notice What tokens are worth, USD, 1e18.
    /// @return low At the low side of their bands, rounded down
    /// @return mid At mid, rounded up
    function value(
        Nav.State storage nav,
        mapping(address => bool) storage inBasket,
        Prices memory prices,
        address[] memory tokens,
        uint256[] memory amounts
    ) external view returns (uint256 low, uint256 mid) {
        require(tokens.length == amounts.length, VaultBase.LengthMismatch(tokens.length, amounts.length));
        for (uint256 i; i < tokens.length; ++i) {
            require(inBasket[tokens[i]], VaultBase.NotInBasket(tokens[i]));
            uint256 k = _indexOf(nav, tokens[i]);
            low += Nav.valueDown(amounts[i], prices.mid[k] - prices.half[k], nav.unit[tokens[i]]);
            mid += _valueUp(nav, prices, tokens[i], amounts[i]);
        }
    }

    /// @notice Let a deposit in, or revert with the guard that stops it.
    /// @param navBefore USD, 1e18
    /// @param navAfter USD, 1e18
    /// @param supply Shares before the deposit. While there are none there is nobody to take from, and no window
    function admit(
        State storage self,
        Nav.State storage nav,
        IHedgeVault.Settings storage settings,
        Prices memory prices,
        address[] memory tokens,
        uint256[] memory amounts,
        int256 navBefore,
        int256 navAfter,
        uint256 supply
    ) external {
        Agreement.requireWithin(nav, prices, settings.depositBand);
        require(navAfter <= int256(uint256(settings.maxNav)), VaultBase.NavCapped(navAfter, settings.maxNav));
        if (supply == 0) return;
        uint256 capacity = _capacity(settings, navBefore);
        for (uint256 i; i < tokens.length; ++i) {
            uint256 usd = _valueUp(nav, prices, tokens[i], amounts[i]);
            Bucket.State storage window = self.windows[tokens[i]];
            uint256 left = window.left(capacity, WINDOW_TIME);
            require(usd <= left, VaultBase.DepositWindowSpent(tokens[i], usd, left));
            window.spend(usd, capacity, WINDOW_TIME);
        }
    }

    /// @notice What may come in of one asset now, USD, 1e18.
    function room(
        State storage self,
        Nav.State storage nav,
        IHedgeVault.Settings storage settings,
        Prices memory prices,
        address asset,
        int256 navNow,
        uint256 supply
    ) external view returns (uint256 usd) {
        (, uint256 disagreement) = Agreement.worst(nav, prices);
        if (disagreement > settings.depositBand) return 0;
        usd = uint256(FixedPointMathLib.max(int256(uint256(settings.maxNav)) - navNow, 0));
        if (supply == 0) return usd;
        if (navNow <= 0) return 0;
        usd = FixedPointMathLib.min(usd, self.windows[asset].left(_capacity(settings, navNow), WINDOW_TIME));
    }

    function _capacity(IHedgeVault.Settings storage settings, int256 nav) private view returns (uint256) {
        uint256 base = FixedPointMathLib.max(uint256(nav), WINDOW_NAV_FLOOR);
        return FixedPointMathLib.fullMulDiv(base, settings.depositWindow, 1e18);
    }

    function _valueUp(
        Nav.State storage nav,
        Prices memory prices,
        address token,
        uint256 amount
    ) private view returns (uint256) {
        return FixedPointMathLib.fullMulDivUp(amount, prices.mid[_indexOf(nav, token)], nav.unit[token]);
    }

    function _indexOf(Nav.State storage nav, address asset) private view returns (uint256 k) {
        while (nav.assets[k] != asset) ++k;
    }
}
