// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token with ERC-2612 permits but without ERC-5267, as USDC: its domain must be found by name and version.
contract OldPermitToken is ERC20 {
    bytes32 public constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    // solhint-disable-next-line immutable-vars-naming
    bytes32 public immutable DOMAIN_SEPARATOR;
    string public version;
    mapping(address owner => uint256 next) public nonces;

    error BadSignature();

    /// @param hidden Part of the domain that no view tells; empty for a token whose domain can be found
    constructor(string memory version_, string memory hidden) ERC20("Old", "OLD") {
        version = version_;
        DOMAIN_SEPARATOR = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(string.concat("Old", hidden))),
                keccak256(bytes(version_)),
                block.chainid,
                address(this)
            )
        );
        _mint(msg.sender, 1_000_000e18);
    }

    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        bytes32 message = keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, nonces[owner]++, deadline));
        require(
            ecrecover(keccak256(abi.encodePacked("\x19\x01", DOMAIN_SEPARATOR, message)), v, r, s) == owner,
            BadSignature()
        );
        _approve(owner, spender, value);
    }
}
