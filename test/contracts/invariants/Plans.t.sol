// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Campaign} from "./Campaign.sol";
import {Hands} from "./hands/Hands.sol";

/// @notice Plans by a keeper, a thief with his key, and strangers: the gate, the caps, the budgets, the supply.
contract PlansInvariants is Campaign {
    function invariant_plans() external {
        _check();
    }

    function _name() internal pure override returns (string memory) {
        return "plans";
    }

    function _selectors() internal pure override returns (bytes4[] memory s) {
        Hands h;
        s = new bytes4[](22);
        s[0] = h.steal.selector;
        s[1] = h.drain.selector;
        s[2] = h.thin.selector;
        s[3] = h.tend.selector;
        s[4] = h.shift.selector;
        s[5] = h.fundMargin.selector;
        s[6] = h.reduce.selector;
        s[7] = h.heartbeat.selector;
        s[8] = h.raiseAlarm.selector;
        s[9] = h.clearAlarm.selector;
        s[10] = h.hedge.selector;
        s[11] = h.deleverage.selector;
        s[12] = h.drift.selector;
        s[13] = h.jump.selector;
        s[14] = h.arbitrage.selector;
        s[15] = h.tradePool.selector;
        s[16] = h.tradePerp.selector;
        s[17] = h.wait.selector;
        s[18] = h.poke.selector;
        s[19] = h.breakFeed.selector;
        s[20] = h.changeLimits.selector;
        s[21] = h.deposit.selector;
    }

    function _deeds() internal pure override returns (bytes32[] memory d) {
        d = new bytes32[](11);
        d[0] = "steal";
        d[1] = "drain";
        d[2] = "thin";
        d[3] = "tend";
        d[4] = "shift";
        d[5] = "fundMargin";
        d[6] = "reduce";
        d[7] = "raiseAlarm";
        d[8] = "hedge";
        d[9] = "deleverage";
        d[10] = "changeLimits";
    }
}
