// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IRedeemQueue} from "../interfaces/IRedeemQueue.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {VIRTUAL_SHARES} from "../types/Virtual.sol";
import {FeeAccount} from "./FeeAccount.sol";
import {Fixed} from "./Fixed.sol";
import {Ledger} from "./Ledger.sol";
import {Nav} from "./Nav.sol";
import {Routed} from "./Routed.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title What ERC-4626 asks about shares and settlement tokens.
/// @dev Conversions are at mid NAV, the management fee that is due counted. With a bad price they answer with the rate that was last noted at
/// good ones, and do not revert.
library Quotes {
    using Fixed for uint256[];

    /// @notice Keep the rate of now for a time of bad prices.
    function note(FeeAccount.State storage self, int256 mid, Prices memory prices) external {
        uint256[] memory made = Fixed.load();
        (self.rate, self.ratedAt) = (
            uint96(rateDown(mid, _supply(), prices.mid[made.settlement()])),
            uint32(block.timestamp)
        );
    }

    /// @notice Settlement tokens per share, 1e18, capped at what is kept.
    /// @param supply Virtual shares included
    /// @param price Of the settlement token, USD, 1e18
    function rateDown(int256 mid, uint256 supply, uint256 price) internal pure returns (uint256) {
        return FeeAccount.capped(FixedPointMathLib.fullMulDiv(_value(mid), 1e36, supply * price));
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
        uint256[] memory made = Fixed.load();
        uint256 k = made.settlement();
        uint256 room = _vault().depositRoom(made.asset(k));
        if (room == 0) return 0;
        return FixedPointMathLib.fullMulDiv(room, made.unit(k), _snapshot(Routed.ledger(), made).mid[k]);
    }

    function maxMint(address receiver) external view returns (uint256) {
        uint256 assets = maxDeposit(receiver);
        return assets == 0 ? 0 : previewDeposit(assets);
    }

    function previewDeposit(uint256 assets) public view returns (uint256) {
        address[] memory tokens = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (tokens[0], amounts[0]) = (Fixed.load().settlementToken(), assets);
        return _vault().previewDepositBasket(tokens, amounts);
    }

    function previewMint(uint256 shares) external view returns (uint256) {
        return assetsUp(Routed.ledger(), shares);
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    /// @notice The least amount for which `previewDeposit` gives as many shares: its inverse, rounded up.
    function assetsUp(Ledger.State storage ledger, uint256 shares) public view returns (uint256) {
        uint256[] memory made = Fixed.load();
        Prices memory prices = _snapshot(ledger, made);
        require(prices.ok, VaultBase.BadPrice());
        Portfolio memory held = _vault().measure(prices);
        uint256 supply = _supply();
        int256 high = held.nav + int256(held.half);
        require(high >= 0 && (held.nav > 0 || supply == VIRTUAL_SHARES), VaultBase.NoValue(held.nav));
        uint256 k = made.settlement();
        uint256 low = FixedPointMathLib.fullMulDivUp(shares, uint256(high) + VIRTUAL_SHARES, supply);
        return FixedPointMathLib.fullMulDivUp(low, made.unit(k), prices.mid[k] - prices.half[k]);
    }

    /// @dev `assets` token units are worth `shares` share units, at the mid of `at`.
    function _rate() private view returns (uint256 assets, uint256 shares, uint256 at) {
        uint256[] memory made = Fixed.load();
        uint256 k = made.settlement();
        Prices memory prices = _snapshot(Routed.ledger(), made);
        if (!prices.ok) {
            FeeAccount.State storage noted;
            uint256 slot = Routed.word();
            assembly ("memory-safe") {
                noted.slot := slot
            }
            return (noted.rate * made.unit(k), 1e36, noted.ratedAt);
        }
        assets = _value(_vault().measure(prices).nav) * made.unit(k);
        return (assets, _supply() * prices.mid[k], block.timestamp);
    }

    function _supply() private view returns (uint256) {
        return IRedeemQueue(address(this)).supplyWithFees() + VIRTUAL_SHARES;
    }

    /// @dev USD, 1e18, virtual dollars included; zero where the NAV is below zero.
    function _value(int256 mid) private pure returns (uint256) {
        return uint256(FixedPointMathLib.max(mid + int256(VIRTUAL_SHARES), 0));
    }

    /// @dev Of the prices that enter any figure.
    function _snapshot(Ledger.State storage ledger, uint256[] memory made) private view returns (Prices memory) {
        return made.snapshot(Nav.priced(ledger.terms, made));
    }

    /// @dev A library runs at the vault's address.
    function _vault() private view returns (IHedgeVault) {
        return IHedgeVault(address(this));
    }
}
