// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Leaving} from "./Leaving.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title How a holder leaves with a part of everything: no oracle, no keeper, in every mode.
/// @dev A leg that cannot be left at the moment reverts with `LegUnreachable`, unless the leaver gives that leg's part up; so can a token be whose
/// transfer fails.
abstract contract Exits is VaultBase {
    function exitInKind(
        uint256 shares,
        address receiver,
        address owner,
        uint256[] calldata,
        address[] calldata forfeit,
        uint256 deadline
    ) external before(deadline) returns (uint256[] memory) {
        _lock();
        require(shares > 0, ZeroAmount());
        require(receiver != address(0), ZeroAddress());
        uint256 denominator = _take(shares, owner, forfeit.length == 0);
        _routeAndUnlock(address(Leaving), msg.sig, denominator);
    }

    /// @dev Burns the leaver's shares, and gives what they are a part of. What the owner has waiting in the queue counts as his; nobody else may
    /// call it back.
    function _take(uint256 shares, address owner, bool takesAll) private returns (uint256 denominator) {
        _accrueManagement();
        uint256 balance = balanceOf(owner);
        if (shares > balance && msg.sender == owner) _takeBack(owner, shares - balance);
        // The last holder takes everything; the virtual shares are nobody's.
        denominator = totalSupply();
        if (shares < denominator)
            denominator += VIRTUAL;
            // What he left behind would be the next depositor's.
        else require(takesAll, LastHolderForfeits());
        if (msg.sender != owner) _spendAllowance(owner, msg.sender, shares);
        _burn(owner, shares);
    }
}
