// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title The vault's own count of its idle tokens.
/// @dev Direct transfers are not in it, so nobody can move the share price by a gift. What is reserved for claims is not idle: it is in no NAV, and
/// no leg, exit or bounty is paid with it. What a token takes away from the balance behind the vault's back stays in the count until `writeDown`.
library Ledger {
    using SafeERC20 for IERC20;

    error NotEnoughIdle(address token, uint256 asked, uint256 held);
    error WrongAmountReceived(address token, uint256 expected, uint256 received);

    struct State {
        mapping(address token => uint256) idle;
        mapping(address token => uint256) reserved;
    }

    /// @notice Count tokens that have arrived.
    function credit(State storage self, address token, uint256 amount) internal {
        self.idle[token] += amount;
    }

    /// @notice Take tokens from a payer and count them. A token that charges on transfer is refused.
    function pull(State storage self, address token, address payer, uint256 amount) internal {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(payer, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        require(received == amount, WrongAmountReceived(token, amount, received));
        self.idle[token] += amount;
    }

    /// @notice Discount tokens, then send them.
    function push(State storage self, address token, address to, uint256 amount) internal {
        uint256 held = self.idle[token];
        require(amount <= held, NotEnoughIdle(token, amount, held));
        self.idle[token] = held - amount;
        IERC20(token).safeTransfer(to, amount);
    }

    /// @notice Set idle tokens aside for claims.
    function reserve(State storage self, address token, uint256 amount) internal {
        self.idle[token] -= amount;
        self.reserved[token] += amount;
    }

    /// @notice Discount tokens that were set aside, then send them.
    function pushReserved(State storage self, address token, address to, uint256 amount) internal {
        self.reserved[token] -= amount;
        IERC20(token).safeTransfer(to, amount);
    }

    /// @notice Count no more than there is: a token that shrinks balances, or charges for transfers to the vault, is everybody's loss at once and
    /// not the last leaver's. A token that does not answer is left alone.
    /// @dev Not in the middle of an operation: there balance and count differ for good reasons.
    function writeDown(State storage self, address token) internal {
        // solhint-disable-next-line avoid-low-level-calls
        (bool known, bytes memory answer) = token.staticcall(abi.encodeCall(IERC20.balanceOf, (address(this))));
        if (!known || answer.length < 32) return;
        uint256 balance = abi.decode(answer, (uint256));
        uint256 reserved = self.reserved[token];
        // Claims come first: they were priced before the loss.
        uint256 left = balance > reserved ? balance - reserved : 0;
        uint256 held = self.idle[token];
        if (left >= held) return;
        self.idle[token] = left;
        emit IHedgeVault.WrittenDown(token, held, left);
    }
}
