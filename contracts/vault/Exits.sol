// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ILeg} from "../interfaces/ILeg.sol";
import {Ledger} from "./Ledger.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title How a holder leaves with a part of everything: no oracle, no keeper, in every mode.
/// @dev A leg that cannot be left at the moment reverts with `LegUnreachable`, unless the leaver gives that leg's part up; so can a token be whose
/// transfer fails.
abstract contract Exits is VaultBase {
    using Ledger for Ledger.State;

    function exitInKind(
        uint256 shares,
        address receiver,
        address owner,
        uint256[] calldata minOut,
        address[] calldata forfeit,
        uint256 deadline
    ) external lock before(deadline) returns (uint256[] memory amounts) {
        require(shares > 0, ZeroAmount());
        require(receiver != address(0), ZeroAddress());
        require(minOut.length == _nav.assets.length, LengthMismatch(_nav.assets.length, minOut.length));
        uint256 denominator = _take(shares, owner, forfeit.length == 0);

        int256[] memory parts = _idlePartsDown(shares, denominator);
        _exitLegs(parts, shares, denominator, forfeit);
        amounts = _payOut(parts, minOut, receiver, forfeit);
        emit ExitInKind(msg.sender, receiver, owner, shares, amounts, forfeit);
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

    function _idlePartsDown(uint256 numerator, uint256 denominator) private view returns (int256[] memory parts) {
        parts = new int256[](_nav.assets.length);
        for (uint256 i; i < parts.length; ++i) {
            parts[i] = int256(FixedPointMathLib.fullMulDiv(_ledger.idle[_nav.assets[i]], numerator, denominator));
        }
    }

    function _payOut(
        int256[] memory parts,
        uint256[] calldata minOut,
        address receiver,
        address[] calldata forfeit
    ) private returns (uint256[] memory amounts) {
        amounts = new uint256[](parts.length);
        for (uint256 i; i < parts.length; ++i) {
            address asset = _nav.assets[i];
            require(parts[i] >= 0, ExitShortfall(asset, parts[i]));
            amounts[i] = _contains(forfeit, asset) ? 0 : uint256(parts[i]);
            require(amounts[i] >= minOut[i], TooLittleOut(asset, amounts[i], minOut[i]));
            if (amounts[i] > 0) _ledger.push(asset, receiver, amounts[i]);
        }
    }

    /// @dev Adds each leg's part to `parts`. What a leg paid is booked; where it lost more than it held, the leaver's other part of
    /// that token is less, and stays with the others.
    function _exitLegs(
        int256[] memory parts,
        uint256 numerator,
        uint256 denominator,
        address[] calldata forfeit
    ) private {
        uint256 n = parts.length;
        address[] memory all = _nav.legs;
        for (uint256 k; k < all.length; ++k) {
            if (_contains(forfeit, all[k])) continue;
            try ILeg(all[k]).exit(numerator, denominator) returns (int256[] memory amounts) {
                for (uint256 i; i < n; ++i) {
                    if (amounts[i] > 0) _ledger.credit(_nav.assets[i], uint256(amounts[i]));
                    parts[i] += amounts[i];
                }
            } catch (bytes memory reason) {
                revert LegUnreachable(all[k], reason);
            }
        }
    }
}
