// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {Mode} from "../types/Mode.sol";
import {Fixed} from "./Fixed.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The vault's own count of its idle tokens.
/// @dev Direct transfers are not in it, so nobody can move the share price by a gift. What is reserved for claims is not idle: it is in no NAV, and
/// no leg, exit or bounty is paid with it. What a token takes away from the balance behind the vault's back stays in the count until `writeDown`.
library Ledger {
    using Fixed for uint256[];
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    error NotEnoughIdle(address token, uint256 asked, uint256 held);

    /// @notice What every deposit asks first, in one slot.
    /// @param maxNav No deposit takes the NAV beyond it, USD, 1e18
    /// @param managementFee Share of the supply a year, 1e18 = 100%; zero where nobody receives it
    /// @param depositWindow Most that may come in of one asset within an hour, share of NAV, 1e18 = 100%
    /// @param mode What the vault still does
    /// @param held Assets of which anything is idle: bit k for the k-th
    /// @param basket Assets that may be deposited, in the same way
    /// @param legs How many legs there are
    struct Terms {
        uint112 maxNav;
        uint56 managementFee;
        uint56 depositWindow;
        Mode mode;
        uint8 held;
        uint8 basket;
        uint8 legs;
    }

    /// @notice One token, in one slot.
    /// @param idle Token units
    /// @param entered What came in of it and has not drained from its deposit window at `enteredAt`, USD, 1e18 (see `Intake`)
    /// @param enteredAt Unix seconds
    struct Holding {
        uint128 idle;
        uint96 entered;
        uint32 enteredAt;
    }

    struct State {
        Terms terms;
        mapping(address token => Holding) holdings;
        mapping(address token => uint256) reserved;
    }

    function idle(State storage self, address token) internal view returns (uint256) {
        return self.holdings[token].idle;
    }

    /// @notice Count tokens that have arrived.
    function credit(State storage self, address token, uint256 amount) internal {
        _setIdle(self, token, idle(self, token) + amount);
    }

    /// @notice Take tokens from a payer, for the caller to count. A token that charges on transfer is refused.
    function pull(address token, address payer, uint256 amount) internal {
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(payer, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        require(received == amount, VaultBase.WrongAmountReceived(token, amount, received));
    }

    /// @notice Discount tokens, then send them.
    function push(State storage self, address token, address to, uint256 amount) internal {
        uint256 held = idle(self, token);
        require(amount <= held, NotEnoughIdle(token, amount, held));
        _setIdle(self, token, held - amount);
        IERC20(token).safeTransfer(to, amount);
    }

    /// @notice Set idle tokens aside for claims.
    function reserve(State storage self, address token, uint256 amount) internal {
        _setIdle(self, token, idle(self, token) - amount);
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
        uint256 held = idle(self, token);
        if (left >= held) return;
        _setIdle(self, token, left);
        emit IHedgeVault.WrittenDown(token, held, left);
    }

    /// @dev The bit of the token changes where its count begins or ends.
    function _setIdle(State storage self, address token, uint256 amount) private {
        Holding storage holding = self.holdings[token];
        bool flips = (holding.idle == 0) != (amount == 0);
        holding.idle = amount.toUint128();
        if (flips) self.terms.held ^= bitOf(Fixed.load(), token);
    }

    /// @notice The bit that stands for an asset of the vault's.
    function bitOf(uint256[] memory made, address token) internal pure returns (uint8) {
        uint256 k = made.indexOf(token);
        require(k < made.count(), VaultBase.NotInBasket(token));
        return uint8(1 << k);
    }
}
