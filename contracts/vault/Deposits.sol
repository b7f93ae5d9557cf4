// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Mode} from "../types/Mode.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Intake} from "./Intake.sol";
import {Ledger} from "./Ledger.sol";
import {Nav} from "./Nav.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title How tokens come in.
/// @dev What comes in is valued at the low side of its band and pays for shares at the high side of the vault's, so that a feed that
/// lags within its threshold gives nobody a gain.
abstract contract Deposits is VaultBase {
    using Ledger for Ledger.State;
    using Nav for Nav.State;
    using Intake for Intake.State;

    Intake.State private _intake;

    function deposit(
        address token,
        uint256 amount,
        uint256 minShares,
        address receiver,
        uint256 deadline
    ) external lock before(deadline) returns (uint256) {
        address[] memory tokens = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (tokens[0], amounts[0]) = (token, amount);
        return _deposit(tokens, amounts, minShares, receiver);
    }

    function depositBasket(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 minShares,
        address receiver,
        uint256 deadline
    ) external lock before(deadline) returns (uint256) {
        return _deposit(tokens, amounts, minShares, receiver);
    }

    function depositBasketWithPermit(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 minShares,
        address receiver,
        uint256 deadline,
        Permit[] calldata permits
    ) external lock before(deadline) returns (uint256) {
        for (uint256 i; i < permits.length; ++i) {
            Permit calldata p = permits[i];
            // Somebody may have used the permit already; what counts is the allowance when the tokens are pulled.
            try IERC20Permit(p.token).permit(msg.sender, address(this), p.value, p.deadline, p.v, p.r, p.s) {} catch {}
        }
        return _deposit(tokens, amounts, minShares, receiver);
    }

    function previewDepositBasket(
        address[] calldata tokens,
        uint256[] calldata amounts
    ) external view settled returns (uint256 shares) {
        (shares, , ) = _sharesDown(tokens, amounts, _goodPrices());
    }

    function depositRoom(address asset) external view settled returns (uint256) {
        return _depositRoom(asset);
    }

    function _depositRoom(address asset) internal view returns (uint256) {
        if (mode != Mode.Normal || !inBasket[asset]) return 0;
        Prices memory prices = _snapshot();
        if (!prices.ok) return 0;
        Portfolio memory held = _nav.measure(_ledger, prices);
        uint256 supply = totalSupply();
        if (supply > 0 && held.half > Nav.widestHalfDown(held)) return 0;
        return _intake.room(_nav, _settings, prices, asset, held.nav, supply);
    }

    function _deposit(
        address[] memory tokens,
        uint256[] memory amounts,
        uint256 minShares,
        address receiver
    ) internal override returns (uint256 shares) {
        require(mode == Mode.Normal, DepositsStopped(mode));
        _accrueManagement();
        Prices memory prices = _goodPrices();
        Portfolio memory held;
        int256 navAfter;
        (shares, held, navAfter) = _sharesDown(tokens, amounts, prices);
        require(shares > 0, ZeroAmount());
        require(shares >= minShares, TooFewShares(shares, minShares));
        uint256 supply = totalSupply();
        if (supply > 0) Nav.requireNarrow(held);
        _intake.admit(_nav, _settings, prices, tokens, amounts, held.nav, navAfter, supply);
        for (uint256 i; i < tokens.length; ++i) {
            // Some tokens revert on a transfer of zero.
            if (amounts[i] > 0) _ledger.pull(tokens[i], msg.sender, amounts[i]);
        }
        _mint(receiver, shares);
        _noteFlow(held.nav, supply, navAfter, prices);
        emit BasketDeposit(msg.sender, receiver, tokens, amounts, shares, held.nav, held.half);
    }

    /// @dev What comes in at the low side of its band, against the vault at the high side of its own. The NAV after it is at mid.
    function _sharesDown(
        address[] memory tokens,
        uint256[] memory amounts,
        Prices memory prices
    ) private view returns (uint256 shares, Portfolio memory held, int256 navAfter) {
        held = _nav.measure(_ledger, prices);
        int256 high = held.nav + int256(held.half);
        require(high >= 0 && (held.nav > 0 || totalSupply() == 0), NoValue(held.nav));
        (uint256 low, uint256 mid) = Intake.value(_nav, inBasket, prices, tokens, amounts);
        shares = FixedPointMathLib.fullMulDiv(low, _supplyWithFees() + VIRTUAL, uint256(high) + VIRTUAL);
        navAfter = held.nav + int256(mid);
    }

    function _goodPrices() private view returns (Prices memory prices) {
        prices = _snapshot();
        require(prices.ok, BadPrice());
    }
}
