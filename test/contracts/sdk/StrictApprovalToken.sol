// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token without permits that, as USDT, refuses to change an allowance that is not zero.
contract StrictApprovalToken is ERC20 {
    error AllowanceNotZero();

    constructor() ERC20("Strict", "STR") {
        _mint(msg.sender, 1_000_000e18);
    }

    function approve(address spender, uint256 value) public override returns (bool) {
        require(value == 0 || allowance(msg.sender, spender) == 0, AllowanceNotZero());
        return super.approve(spender, value);
    }
}
