// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Campaign} from "./Campaign.sol";
import {Hands} from "./hands/Hands.sol";

/// @notice All of them together.
contract EverythingInvariants is Campaign {
    function invariant_everything() external {
        _check();
    }

    function _name() internal pure override returns (string memory) {
        return "everything";
    }

    function _selectors() internal pure override returns (bytes4[] memory s) {
        Hands h;
        s = new bytes4[](52);
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
        s[23] = h.steal.selector;
        s[24] = h.drain.selector;
        s[25] = h.thin.selector;
        s[26] = h.shift.selector;
        s[27] = h.fundMargin.selector;
        s[28] = h.reduce.selector;
        s[29] = h.heartbeat.selector;
        s[30] = h.raiseAlarm.selector;
        s[31] = h.clearAlarm.selector;
        s[32] = h.hedge.selector;
        s[33] = h.deleverage.selector;
        s[34] = h.jump.selector;
        s[35] = h.tradePerp.selector;
        s[36] = h.breakFeed.selector;
        s[37] = h.changeLimits.selector;
        s[38] = h.healFeeds.selector;
        s[39] = h.stopVenue.selector;
        s[40] = h.closeMarket.selector;
        s[41] = h.quitMarket.selector;
        s[42] = h.liquidate.selector;
        s[43] = h.squeeze.selector;
        s[44] = h.sync.selector;
        s[45] = h.syncInAnyOrder.selector;
        s[46] = h.tighten.selector;
        s[47] = h.loosen.selector;
        s[48] = h.intrude.selector;
        s[49] = h.silence.selector;
        s[50] = h.depeg.selector;
        s[51] = h.changeSettings.selector;
    }

    function _deeds() internal pure override returns (bytes32[] memory d) {
        d = new bytes32[](14);
        d[0] = "deposit";
        d[1] = "requestRedeem";
        d[2] = "claim";
        d[3] = "settle";
        d[4] = "exit";
        d[5] = "exitBlind";
        d[6] = "steal";
        d[7] = "tend";
        d[8] = "shift";
        d[9] = "deleverage";
        d[10] = "sync";
        d[11] = "loosen";
        d[12] = "changeSettings";
        d[13] = "depeg";
    }
}
