// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {ILeg} from "../interfaces/ILeg.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {Fixed} from "../vault/Fixed.sol";

/// @title Makes vaults: a vault, its Rebalancer and its legs as clones, at addresses known beforehand, in one transaction.
///
/// @dev WHO IS TRUSTED WITH WHAT. Anyone may make a vault. `isVault` says that its code is this factory's, and that its first legs run
/// implementations that the factory's authority approved; it says nothing about the oracles, limits and authority that its maker chose.
/// Clones cannot be upgraded: approving another implementation changes no vault that exists.
contract VaultFactory is AccessManaged {
    using Clones for address;

    error NoCode(address implementation);
    error NotApproved(address legImplementation);
    error NotAVault(address vault);

    /// @notice One leg of a vault to be made.
    /// @param implementation An approved one
    /// @param config ABI encoding that this implementation expects
    struct LegConfig {
        address implementation;
        bytes config;
    }

    /// @notice Everything that makes a vault.
    struct VaultConfig {
        IHedgeVault.Parameters parameters;
        IHedgeVault.Settings settings;
        IRebalancer.Limits limits;
        IRebalancer.PublicLimits publicLimits;
        LegConfig[] legs;
    }

    /// @param assets The asset set, in the order of every vector; all of it is in the basket at first
    event VaultCreated(
        address indexed vault,
        address indexed creator,
        address rebalancer,
        address[] legs,
        address[] assets,
        IHedgeVault.Parameters parameters
    );
    event LegCreated(address indexed leg, address indexed vault, address implementation);
    event LegImplementationSet(address indexed implementation, bool approved);

    address public immutable vaultImplementation;
    address public immutable rebalancerImplementation;

    /// @notice True for a vault that this factory made.
    mapping(address vault => bool) public isVault;

    /// @notice True for an implementation that legs may be clones of.
    mapping(address implementation => bool) public isLegImplementation;

    constructor(
        address authority_,
        address vault_,
        address rebalancer_,
        address[] memory legs
    ) AccessManaged(authority_) {
        require(vault_.code.length > 0, NoCode(vault_));
        require(rebalancer_.code.length > 0, NoCode(rebalancer_));
        vaultImplementation = vault_;
        rebalancerImplementation = rebalancer_;
        for (uint256 k; k < legs.length; ++k) {
            _setLegImplementation(legs[k], true);
        }
    }

    /// @notice Make a vault. The same caller can use a salt once.
    function createVault(
        bytes32 salt,
        VaultConfig calldata config
    ) external returns (address vault, address rebalancer, address[] memory legs) {
        bytes32 own = _ownSalt(msg.sender, salt);
        vault = vaultImplementation.cloneDeterministicWithImmutableArgs(Fixed.encode(config.parameters), own);
        rebalancer = rebalancerImplementation.cloneDeterministic(own);
        legs = new address[](config.legs.length);
        for (uint256 k; k < legs.length; ++k) {
            address implementation = config.legs[k].implementation;
            require(isLegImplementation[implementation], NotApproved(implementation));
            legs[k] = implementation.cloneDeterministic(keccak256(abi.encode(own, k)));
        }
        IHedgeVault(vault).initialize(config.parameters, config.settings, rebalancer, legs);
        IRebalancer(rebalancer).initialize(vault, config.parameters.authority, config.limits, config.publicLimits);
        for (uint256 k; k < legs.length; ++k) {
            ILeg(legs[k]).initialize(vault, config.legs[k].config);
        }
        // Last: while a venue or a token of the maker's is being asked, nothing calls this a vault.
        isVault[vault] = true;
        emit VaultCreated(vault, msg.sender, rebalancer, legs, IHedgeVault(vault).assets(), config.parameters);
    }

    /// @notice Make one more leg for a vault of this factory. The vault's authority adds it.
    function createLeg(address vault, LegConfig calldata legConfig, bytes32 salt) external returns (address leg) {
        require(isVault[vault], NotAVault(vault));
        require(isLegImplementation[legConfig.implementation], NotApproved(legConfig.implementation));
        leg = legConfig.implementation.cloneDeterministic(_ownSalt(msg.sender, keccak256(abi.encode(vault, salt))));
        ILeg(leg).initialize(vault, legConfig.config);
        emit LegCreated(leg, vault, legConfig.implementation);
    }

    /// @notice Where a vault of this creator, salt and parameters is, or would be. Of the parameters, oracles and settlement token count.
    function predictVault(
        address creator,
        bytes32 salt,
        IHedgeVault.Parameters calldata parameters
    ) external view returns (address) {
        return
            vaultImplementation.predictDeterministicAddressWithImmutableArgs(
                Fixed.encode(parameters),
                _ownSalt(creator, salt)
            );
    }

    /// @notice Approve a leg implementation, or take that back.
    function setLegImplementation(address implementation, bool approved) external restricted {
        _setLegImplementation(implementation, approved);
    }

    function _setLegImplementation(address implementation, bool approved) private {
        require(implementation.code.length > 0, NoCode(implementation));
        isLegImplementation[implementation] = approved;
        emit LegImplementationSet(implementation, approved);
    }

    function _ownSalt(address creator, bytes32 salt) private pure returns (bytes32) {
        return keccak256(abi.encode(creator, salt));
    }
}
