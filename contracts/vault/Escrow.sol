// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC20Upgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/ERC20Upgradeable.sol";
import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title The shares that wait in the queue, as a balance of the vault.
/// @dev The queue counts them already, so no balance is written for them: `balanceOf(vault)` is what was given to the vault, plus what waits (see
/// `HedgeVault.balanceOf`). Whoever takes shares into escrow adds them to the queue in the same call, and the other way round. To everybody
/// outside it is a transfer like any other.
library Escrow {
    /// @dev Where OpenZeppelin keeps a token's state: ERC-7201, "openzeppelin.storage.ERC20".
    bytes32 private constant ERC20_SLOT = 0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00;

    function take(address owner, uint256 shares) internal {
        ERC20Upgradeable.ERC20Storage storage token = _token();
        uint256 balance = token._balances[owner];
        require(shares <= balance, IERC20Errors.ERC20InsufficientBalance(owner, balance, shares));
        token._balances[owner] = balance - shares;
        emit IERC20.Transfer(owner, address(this), shares);
    }

    function giveBack(address receiver, uint256 shares) internal {
        require(receiver != address(0), IERC20Errors.ERC20InvalidReceiver(receiver));
        _token()._balances[receiver] += shares;
        emit IERC20.Transfer(address(this), receiver, shares);
    }

    function burn(uint256 shares) internal {
        _token()._totalSupply -= shares;
        emit IERC20.Transfer(address(this), address(0), shares);
    }

    function _token() private pure returns (ERC20Upgradeable.ERC20Storage storage token) {
        assembly ("memory-safe") {
            token.slot := ERC20_SLOT
        }
    }
}
