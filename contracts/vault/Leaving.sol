// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {ILeg} from "../interfaces/ILeg.sol";
import {Fixed} from "./Fixed.sol";
import {Ledger} from "./Ledger.sol";
import {Routed} from "./Routed.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title What a leaver is paid: a part of every idle token and of every leg.
library Leaving {
    using Fixed for uint256[];
    using Ledger for Ledger.State;

    /// @dev Routed to as it comes (see VaultBase), after the shares are burned. Its word is the denominator: the supply that they are a part of.
    function exitInKind(
        uint256 shares,
        address receiver,
        address owner,
        uint256[] calldata minOut,
        address[] calldata forfeit,
        uint256
    ) external returns (uint256[] memory amounts) {
        amounts = _payOut(_parts(shares, forfeit), minOut, receiver, forfeit);
        emit IHedgeVault.ExitInKind(msg.sender, receiver, owner, shares, amounts, forfeit);
    }

    /// @dev What is idle, and what each leg pays, by asset. What a leg paid is booked; where it lost more than it held, the leaver's other part of
    /// that token is less, and stays with the others.
    function _parts(uint256 shares, address[] calldata forfeit) private returns (int256[] memory parts) {
        uint256[] memory made = Fixed.load();
        uint256 denominator = Routed.word();
        parts = new int256[](made.count());
        for (uint256 i; i < parts.length; ++i) {
            uint256 idle = Routed.ledger().idle(made.asset(i));
            parts[i] = int256(FixedPointMathLib.fullMulDiv(idle, shares, denominator));
        }
        address[] memory legs = Routed.nav().legs;
        for (uint256 k; k < legs.length; ++k) {
            if (_contains(forfeit, legs[k])) continue;
            try ILeg(legs[k]).exit(shares, denominator) returns (int256[] memory amounts) {
                _add(made, parts, amounts);
            } catch (bytes memory reason) {
                revert VaultBase.LegUnreachable(legs[k], reason);
            }
        }
    }

    function _add(uint256[] memory made, int256[] memory parts, int256[] memory amounts) private {
        for (uint256 i; i < parts.length; ++i) {
            if (amounts[i] > 0) Routed.ledger().credit(made.asset(i), uint256(amounts[i]));
            parts[i] += amounts[i];
        }
    }

    function _payOut(
        int256[] memory parts,
        uint256[] calldata minOut,
        address receiver,
        address[] calldata forfeit
    ) private returns (uint256[] memory amounts) {
        uint256[] memory made = Fixed.load();
        amounts = new uint256[](parts.length);
        require(minOut.length == parts.length, VaultBase.LengthMismatch(parts.length, minOut.length));
        for (uint256 i; i < parts.length; ++i) {
            address asset = made.asset(i);
            require(parts[i] >= 0, VaultBase.ExitShortfall(asset, parts[i]));
            amounts[i] = _contains(forfeit, asset) ? 0 : uint256(parts[i]);
            require(amounts[i] >= minOut[i], VaultBase.TooLittleOut(asset, amounts[i], minOut[i]));
            if (amounts[i] > 0) Routed.ledger().push(asset, receiver, amounts[i]);
        }
    }

    function _contains(address[] calldata list, address item) private pure returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == item) return true;
        }
        return false;
    }
}
