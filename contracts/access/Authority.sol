// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";

/// @title Who may change what: an AccessManager whose administrators cannot act at once.
///
/// @dev ROLES. Admin (OpenZeppelin's role 0) changes limits, fees, legs and roles, each change announced `MIN_ADMIN_DELAY` or longer before it
/// lands. Keeper sends plans and heartbeats. Guardian makes a vault stricter, never looser. What is for everybody is not restricted at all,
/// so no setting of this contract can stop it.
///
/// WHAT NO ANNOUNCEMENT CAN DO. Keeper and guardian act at once, so what they may call is fixed here: no administrator can give them, or
/// everybody, a function that only administrators have, and so rid himself of his delay. `updateAuthority` is the way out, announced
/// like everything else: whoever does not trust the next authority leaves before.
///
/// SETTING UP. The account that deploys it is an administrator without delay until it renounces; every administrator that it or anybody
/// else names waits. A vault is in the hands of its deployer until then: check `hasRole(0, account)` for whom it was.
contract Authority is AccessManager {
    /// @notice Shortest time between announcing and doing, for an administrator. Longer than it takes to leave in kind.
    uint32 public constant MIN_ADMIN_DELAY = 2 days;

    uint64 public constant KEEPER_ROLE = 1;
    uint64 public constant GUARDIAN_ROLE = 2;

    error AdminDelayTooShort(uint32 delay, uint32 least);
    error NotItsRole(bytes4 selector, uint64 roleId);

    constructor(address deployer) AccessManager(deployer) {
        _labelRoles();
    }

    function _labelRoles() private {
        emit RoleLabel(KEEPER_ROLE, "keeper");
        emit RoleLabel(GUARDIAN_ROLE, "guardian");
    }

    /// @dev The constructor's own grant is the only one without a delay.
    function _grantRole(
        uint64 roleId,
        address account,
        uint32 grantDelay,
        uint32 executionDelay
    ) internal override returns (bool) {
        bool constructing = address(this).code.length == 0;
        require(
            roleId != ADMIN_ROLE || constructing || executionDelay >= MIN_ADMIN_DELAY,
            AdminDelayTooShort(executionDelay, MIN_ADMIN_DELAY)
        );
        return super._grantRole(roleId, account, grantDelay, executionDelay);
    }

    /// @notice The role that a function may be given to, beside the administrators.
    function roleOf(bytes4 selector) public pure returns (uint64) {
        if (selector == IRebalancer.rebalance.selector || selector == IRebalancer.heartbeat.selector)
            return KEEPER_ROLE;
        return selector == IHedgeVault.tighten.selector ? GUARDIAN_ROLE : ADMIN_ROLE;
    }

    function _setTargetFunctionRole(address target, bytes4 selector, uint64 roleId) internal override {
        require(roleId == ADMIN_ROLE || roleId == roleOf(selector), NotItsRole(selector, roleId));
        super._setTargetFunctionRole(target, selector, roleId);
    }
}
