// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Intake} from "./Intake.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title How tokens come in: the entries; what they lead to is in Intake.
abstract contract Deposits is VaultBase {
    function deposit(
        address token,
        uint256 amount,
        uint256 minShares,
        address receiver,
        uint256 deadline
    ) external lock before(deadline) returns (uint256) {
        return _deposit(token, amount, minShares, receiver);
    }

    function depositBasket(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 minShares,
        address receiver,
        uint256 deadline
    ) external lock before(deadline) returns (uint256) {
        return _depositBasket(tokens, amounts, minShares, receiver);
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
        return _depositBasket(tokens, amounts, minShares, receiver);
    }

    function previewDepositBasket(
        address[] calldata tokens,
        uint256[] calldata amounts
    ) external view settled returns (uint256) {
        return Intake.preview(_books, Intake.Offer(tokens, amounts, 0, address(0), totalSupply()));
    }

    function depositRoom(address asset) external view settled returns (uint256) {
        return Intake.room(_books, asset, totalSupply());
    }

    function _deposit(
        address token,
        uint256 amount,
        uint256 minShares,
        address receiver
    ) internal override returns (uint256) {
        return _minted(receiver, Intake.enter(_books, totalSupply(), token, amount, minShares, receiver));
    }

    function _depositBasket(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 minShares,
        address receiver
    ) private returns (uint256) {
        Intake.Offer memory offer = Intake.Offer(tokens, amounts, minShares, receiver, totalSupply());
        return _minted(receiver, Intake.enterBasket(_books, offer));
    }

    function _minted(address receiver, uint256 shares) private returns (uint256) {
        _mint(receiver, shares);
        return shares;
    }
}
