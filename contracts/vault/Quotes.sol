// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRedeemQueue} from "../interfaces/IRedeemQueue.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {VIRTUAL_SHARES} from "../types/Virtual.sol";
import {Nav} from "./Nav.sol";
import {Routed} from "./Routed.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title What ERC-4626 asks about shares and settlement tokens.
/// @dev Conversions are at mid NAV, the management fee that is due counted. With a bad price they answer with the rate that was last noted at
/// good ones, and do not revert.
library Quotes {
    /// @notice Scale of a noted rate.
    uint256 internal constant ONE = 1e36;

    /// @param perShare Settlement-token units for a share unit, 1e36
    /// @param at When it was noted, unix seconds
    struct Note {
        uint192 perShare;
        uint64 at;
    }

    /// @notice Keep the rate of now for a time of bad prices.
    function note(Note storage self, Nav.State storage nav, int256 mid, Prices memory prices) external {
        (uint256 assets, uint256 shares) = _rateAt(nav, mid, prices);
        uint256 perShare = FixedPointMathLib.fullMulDiv(assets, ONE, shares);
        self.perShare = uint192(FixedPointMathLib.min(perShare, type(uint192).max));
        self.at = uint64(block.timestamp);
    }

    // ── Conversions: routed to as they are asked ─────────────────────────────────────────────────

    function convertToAssets(uint256 shares) public view returns (uint256) {
        (uint256 assets, uint256 per, ) = _rate();
        return FixedPointMathLib.fullMulDiv(shares, assets, per);
    }

    function convertToShares(uint256 assets) external view returns (uint256) {
        (uint256 per, uint256 shares, ) = _rate();
        return per == 0 ? 0 : FixedPointMathLib.fullMulDiv(assets, shares, per);
    }

    function totalAssets() external view returns (uint256) {
        return convertToAssets(IERC20(address(this)).totalSupply());
    }

    function navTimestamp() external view returns (uint256 at) {
        (, , at) = _rate();
    }

    // ── Deposits of settlement tokens: routed to as they are asked ───────────────────────────────

    function maxDeposit(address) public view returns (uint256) {
        address token = _vault().settlementToken();
        uint256 room = _vault().depositRoom(token);
        if (room == 0) return 0;
        Nav.State storage nav = Routed.nav();
        return FixedPointMathLib.fullMulDiv(room, nav.unit[token], _snapshot(nav).mid[_indexOf(nav, token)]);
    }

    function maxMint(address receiver) external view returns (uint256) {
        uint256 assets = maxDeposit(receiver);
        return assets == 0 ? 0 : previewDeposit(assets);
    }

    function previewDeposit(uint256 assets) public view returns (uint256) {
        address[] memory tokens = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (tokens[0], amounts[0]) = (_vault().settlementToken(), assets);
        return _vault().previewDepositBasket(tokens, amounts);
    }

    function previewMint(uint256 shares) external view returns (uint256) {
        return assetsUp(Routed.nav(), shares);
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    /// @notice The least amount for which `previewDeposit` gives as many shares: its inverse, rounded up.
    function assetsUp(Nav.State storage nav, uint256 shares) public view returns (uint256) {
        Prices memory prices = _snapshot(nav);
        require(prices.ok, VaultBase.BadPrice());
        Portfolio memory held = _vault().measure(prices);
        uint256 supply = _supply();
        int256 high = held.nav + int256(held.half);
        require(high >= 0 && (held.nav > 0 || supply == VIRTUAL_SHARES), VaultBase.NoValue(held.nav));
        address token = _vault().settlementToken();
        uint256 k = _indexOf(nav, token);
        uint256 low = FixedPointMathLib.fullMulDivUp(shares, uint256(high) + VIRTUAL_SHARES, supply);
        return FixedPointMathLib.fullMulDivUp(low, nav.unit[token], prices.mid[k] - prices.half[k]);
    }

    /// @dev `assets` token units are worth `shares` share units, at the mid of `at`.
    function _rate() private view returns (uint256 assets, uint256 shares, uint256 at) {
        Nav.State storage nav = Routed.nav();
        Prices memory prices = _snapshot(nav);
        if (!prices.ok) {
            Note storage noted;
            uint256 slot = Routed.word();
            assembly ("memory-safe") {
                noted.slot := slot
            }
            return (noted.perShare, ONE, noted.at);
        }
        (assets, shares) = _rateAt(nav, _vault().measure(prices).nav, prices);
        at = block.timestamp;
    }

    function _rateAt(
        Nav.State storage nav,
        int256 mid,
        Prices memory prices
    ) private view returns (uint256 assets, uint256 shares) {
        address token = _vault().settlementToken();
        uint256 value = mid + int256(VIRTUAL_SHARES) > 0 ? uint256(mid + int256(VIRTUAL_SHARES)) : 0;
        return (value * nav.unit[token], _supply() * prices.mid[_indexOf(nav, token)]);
    }

    function _supply() private view returns (uint256) {
        return IRedeemQueue(address(this)).supplyWithFees() + VIRTUAL_SHARES;
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
