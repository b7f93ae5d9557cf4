// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Campaign} from "./Campaign.sol";
import {Hands} from "./hands/Hands.sol";

/// @notice Broken feeds, stopped venues, liquidations: exits, claims, `sync` and modes.
contract StormsInvariants is Campaign {
    function invariant_storms() external {
        _check();
    }

    function _name() internal pure override returns (string memory) {
        return "storms";
    }

    function _selectors() internal pure override returns (bytes4[] memory s) {
        Hands h;
        s = new bytes4[](28);
        s[0] = h.breakFeed.selector;
        s[1] = h.healFeeds.selector;
        s[2] = h.stopVenue.selector;
        s[3] = h.closeMarket.selector;
        s[4] = h.quitMarket.selector;
        s[5] = h.liquidate.selector;
        s[6] = h.squeeze.selector;
        s[7] = h.sync.selector;
        s[8] = h.syncInAnyOrder.selector;
        s[9] = h.exit.selector;
        s[10] = h.exitBlind.selector;
        s[11] = h.requestRedeem.selector;
        s[12] = h.cancel.selector;
        s[13] = h.claim.selector;
        s[14] = h.settle.selector;
        s[15] = h.deleverage.selector;
        s[16] = h.reduce.selector;
        s[17] = h.fundMargin.selector;
        s[18] = h.thin.selector;
        s[19] = h.tighten.selector;
        s[20] = h.loosen.selector;
        s[21] = h.intrude.selector;
        s[22] = h.silence.selector;
        s[23] = h.jump.selector;
        s[24] = h.tend.selector;
        s[25] = h.wait.selector;
        s[26] = h.arbitrage.selector;
        s[27] = h.tradePerp.selector;
    }

    function _deeds() internal pure override returns (bytes32[] memory d) {
        d = new bytes32[](20);
        d[0] = "breakFeed";
        d[1] = "stopVenue";
        d[2] = "closeMarket";
        d[3] = "liquidate";
        d[4] = "squeeze";
        d[5] = "sync";
        d[6] = "syncInAnyOrder";
        d[7] = "exit";
        d[8] = "exitBlind";
        d[9] = "exitForfeiting";
        d[10] = "requestRedeem";
        d[11] = "cancel";
        d[12] = "claim";
        d[13] = "settle";
        d[14] = "deleverage";
        d[15] = "reduce";
        d[16] = "thin";
        d[17] = "tighten";
        d[18] = "loosen";
        d[19] = "intrude";
    }
}
