// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice A token of the local world: any decimals, permits, minted at will by its owner and by whom the owner names.
contract TestToken is ERC20, ERC20Permit, Ownable {
    error NotMinter(address caller);

    uint8 private immutable DECIMALS;
    mapping(address account => bool allowed) public isMinter;

    constructor(
        string memory name_,
        string memory symbol_,
        uint8 decimals_
    ) ERC20(name_, symbol_) ERC20Permit(name_) Ownable(msg.sender) {
        DECIMALS = decimals_;
        isMinter[msg.sender] = true;
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }

    function setMinter(address account, bool allowed) external onlyOwner {
        isMinter[account] = allowed;
    }

    function mint(address to, uint256 amount) external {
        require(isMinter[msg.sender], NotMinter(msg.sender));
        _mint(to, amount);
    }
}
