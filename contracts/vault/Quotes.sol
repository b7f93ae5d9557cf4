// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Mode} from "../types/Mode.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Nav} from "./Nav.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title What ERC-4626 asks about shares and settlement tokens.
/// @dev Conversions are at mid NAV. With a bad price they answer with the rate that was last noted at good ones, and do not revert.
library Quotes {
    /// @notice See `VaultBase.VIRTUAL`.
    uint256 internal constant VIRTUAL = 1e12;

    /// @notice Scale of a noted rate.
    uint256 internal constant ONE = 1e36;

    /// @param perShare Settlement-token units for a share unit, 1e36
    /// @param at When it was noted, unix seconds
    struct Note {
        uint192 perShare;
        uint64 at;
    }

    /// @notice Keep the rate of now for a time of bad prices.
    function note(Note storage self, Nav.State storage nav, int256 mid, Prices calldata prices) external {
        (uint256 assets, uint256 shares) = _rate(nav, mid, prices);
        uint256 perShare = FixedPointMathLib.fullMulDiv(assets, ONE, shares);
        if (perShare > type(uint192).max) return;
        (self.perShare, self.at) = (uint192(perShare), uint64(block.timestamp));
    }

    /// @notice `assets` units of the settlement token are worth `shares` share units, at mid NAV, of `at`.
    function rate(
        Note storage self,
        Nav.State storage nav
    ) external view returns (uint256 assets, uint256 shares, uint256 at) {
        Prices memory prices = _snapshot(nav);
        if (!prices.ok) return (self.perShare, ONE, self.at);
        (assets, shares) = _rate(nav, _vault().measure(prices).nav, prices);
        at = block.timestamp;
    }

    /// @notice Settlement tokens that may come in now.
    /// @param room What may come in, USD, 1e18, by the vault's other limits
    function maxDeposit(Nav.State storage nav, uint256 room) public view returns (uint256) {
        address token = _vault().settlementToken();
        Prices memory prices = _snapshot(nav);
        if (_vault().mode() != Mode.Normal || !VaultBase(address(this)).inBasket(token) || !prices.ok) return 0;
        if (_vault().measure(prices).nav <= 0 && _supply() > VIRTUAL) return 0;
        if (room == type(uint256).max) return room;
        return FixedPointMathLib.fullMulDiv(room, nav.unit[token], prices.mid[_indexOf(nav, token)]);
    }

    function maxMint(Nav.State storage nav, uint256 room) external view returns (uint256) {
        uint256 assets = maxDeposit(nav, room);
        return assets == 0 || assets == type(uint256).max ? assets : previewDeposit(assets);
    }

    function previewDeposit(uint256 assets) public view returns (uint256) {
        (address[] memory tokens, uint256[] memory amounts) = asBasket(assets);
        return _vault().previewDepositBasket(tokens, amounts);
    }

    /// @notice The least amount for which `previewDeposit` gives `shares`.
    function previewMint(Nav.State storage nav, uint256 shares) external view returns (uint256) {
        Prices memory prices = _snapshot(nav);
        require(prices.ok, VaultBase.BadPrice());
        Portfolio memory held = _vault().measure(prices);
        int256 high = held.nav + int256(held.half);
        require(high >= 0 && (held.nav > 0 || _supply() == VIRTUAL), VaultBase.NoValue(held.nav));
        address token = _vault().settlementToken();
        uint256 k = _indexOf(nav, token);
        uint256 low = FixedPointMathLib.fullMulDivUp(shares, uint256(high) + VIRTUAL, _supply());
        return FixedPointMathLib.fullMulDivUp(low, nav.unit[token], prices.mid[k] - prices.half[k]);
    }

    /// @notice A basket of settlement tokens alone.
    function asBasket(uint256 assets) public view returns (address[] memory tokens, uint256[] memory amounts) {
        (tokens, amounts) = (new address[](1), new uint256[](1));
        (tokens[0], amounts[0]) = (_vault().settlementToken(), assets);
    }

    function _rate(
        Nav.State storage nav,
        int256 mid,
        Prices memory prices
    ) private view returns (uint256 assets, uint256 shares) {
        address token = _vault().settlementToken();
        uint256 value = mid > 0 ? uint256(mid) + VIRTUAL : 0;
        return (value * nav.unit[token], _supply() * prices.mid[_indexOf(nav, token)]);
    }

    function _supply() private view returns (uint256) {
        return IERC20(address(this)).totalSupply() + VIRTUAL;
    }

    function _snapshot(Nav.State storage nav) private view returns (Prices memory) {
        return IPriceOracle(_vault().priceOracle()).snapshot(nav.assets);
    }

    function _indexOf(Nav.State storage nav, address token) private view returns (uint256 k) {
        while (nav.assets[k] != token) ++k;
    }

    /// @dev A library runs at the vault's address.
    function _vault() private view returns (IHedgeVault) {
        return IHedgeVault(address(this));
    }
}
