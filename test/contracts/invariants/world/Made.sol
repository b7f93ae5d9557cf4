// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {cheats} from "../Cheats.sol";

/// @title Makes contracts from artifacts, so that no test is compiled again when a contract changes.
/// @dev Third parties' are the published ones. Ours are those on disk: whoever overwrites an artifact tests what he wrote. Their libraries are
/// linked by Hardhat, from the artifacts too.
abstract contract Made {
    error NotMade(string what, bytes reason);
    error CallFailed(address target, bytes data, bytes reason);

    /// @param path Below node_modules
    function _published(string memory path) internal view returns (bytes memory) {
        return cheats.parseJsonBytes(cheats.readFile(string.concat("node_modules/", path)), ".bytecode");
    }

    function _publish(string memory path, bytes memory arguments) internal returns (address) {
        return _create(path, bytes.concat(_published(path), arguments));
    }

    /// @param name Such as contracts/vault/HedgeVault.sol:HedgeVault
    function _own(string memory name, bytes memory arguments) internal returns (address) {
        return _create(name, bytes.concat(cheats.getCode(name), arguments));
    }

    function _create(string memory what, bytes memory initCode) private returns (address made) {
        assembly ("memory-safe") {
            made := create(0, add(initCode, 32), mload(initCode))
        }
        if (made == address(0)) revert NotMade(what, _reason());
    }

    /// @dev At the first free address that lies in [low, high).
    function _publishBetween(string memory path, uint160 low, uint160 high) internal returns (address made) {
        bytes memory initCode = _published(path);
        bytes32 hash = keccak256(initCode);
        for (uint256 salt; ; ++salt) {
            uint160 at = uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, hash))));
            if (at < low || at >= high || address(at).code.length > 0) continue;
            assembly ("memory-safe") {
                made := create2(0, add(initCode, 32), mload(initCode), salt)
            }
            if (made == address(0)) revert NotMade(path, _reason());
            return made;
        }
    }

    function _call(address target, bytes memory data) internal {
        (bool ok, bytes memory reason) = target.call(data);
        if (!ok) revert CallFailed(target, data, reason);
    }

    function _reason() private pure returns (bytes memory data) {
        assembly ("memory-safe") {
            data := mload(0x40)
            mstore(data, returndatasize())
            returndatacopy(add(data, 32), 0, returndatasize())
            mstore(0x40, add(add(data, 32), and(add(returndatasize(), 31), not(31))))
        }
    }
}
