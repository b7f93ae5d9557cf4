// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Campaign} from "./Campaign.sol";
import {Hands} from "./hands/Hands.sol";

/// @notice Those who come and go, at good prices: shares, claims, and what in and out costs.
contract HoldersInvariants is Campaign {
    function invariant_holders() external {
        _check();
    }

    function _name() internal pure override returns (string memory) {
        return "holders";
    }

    function _selectors() internal pure override returns (bytes4[] memory s) {
        Hands h;
        s = new bytes4[](23);
        s[0] = h.deposit.selector;
        s[1] = h.depositBasket.selector;
        s[2] = h.pass.selector;
        s[3] = h.requestRedeem.selector;
        s[4] = h.cancel.selector;
        s[5] = h.claim.selector;
        s[6] = h.settle.selector;
        s[7] = h.settleInPublic.selector;
        s[8] = h.exit.selector;
        s[9] = h.exitBlind.selector;
        s[10] = h.circleInKind.selector;
        s[11] = h.circleByQueue.selector;
        s[12] = h.drift.selector;
        s[13] = h.tradePool.selector;
        s[14] = h.tradeThrough.selector;
        s[15] = h.wait.selector;
        s[16] = h.arbitrage.selector;
        s[17] = h.giveTokens.selector;
        s[18] = h.giveLiquidity.selector;
        s[19] = h.giveMargin.selector;
        s[20] = h.tend.selector;
        s[21] = h.accrueFees.selector;
        s[22] = h.poke.selector;
    }

    function _deeds() internal pure override returns (bytes32[] memory d) {
        d = new bytes32[](18);
        d[0] = "deposit";
        d[1] = "depositBasket";
        d[2] = "transfer";
        d[3] = "requestRedeem";
        d[4] = "cancel";
        d[5] = "claim";
        d[6] = "settle";
        d[7] = "settleInPublic";
        d[8] = "exit";
        d[9] = "exitBlind";
        d[10] = "circleInKind";
        d[11] = "circleByQueue";
        d[12] = "giveTokens";
        d[13] = "giveLiquidity";
        d[14] = "giveMargin";
        d[15] = "tend";
        d[16] = "accrueFees";
        d[17] = "poke";
    }
}
