// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {FeeAccount} from "./FeeAccount.sol";
import {Nav} from "./Nav.sol";
import {Quotes} from "./Quotes.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title What the vault's maker earns, minted as shares: a part of the supply by time, and a part of every gain above the high-water mark.
/// @dev WHO IS TRUSTED WITH WHAT. The authority sets rates and recipient, below constant ceilings, and what is due by the old ones is minted first.
/// Anybody may accrue: it changes when a fee is minted, never how much a gain may cost. The price oracle is believed for the gain, at the
/// low side of the band; with a bad price no gain is charged. The management fee needs no price.
///
/// ONE MARK. The mark is the vault's, not each holder's: who comes in above it pays on a gain that he did not make, who comes in below it gets the way
/// back to it free. A fee once a day keeps the first small.
abstract contract Fees is VaultBase {
    using FeeAccount for FeeAccount.State;
    using Nav for Nav.State;

    function accrueFees() external lock {
        _accrueManagement();
        if (block.timestamp >= _books.fees.performanceAt + FeeAccount.PERFORMANCE_INTERVAL) _accruePerformance();
    }

    function highWaterMark() external view returns (uint256) {
        return _books.fees.highWaterMark;
    }

    /// @dev For rebalances: measuring costs gas, so once a day is enough for them.
    function _accrueDaily() internal {
        _accrueManagement();
        if (block.timestamp >= _books.fees.lookedAt + FeeAccount.PERFORMANCE_INTERVAL) _accruePerformance();
    }

    function _accrueManagement() internal override {
        _mintFee(_books.fees.takeManagement(_books.ledger.terms, _books.settings, totalSupply()));
    }

    /// @return priced False if a price is bad, so that nothing could be charged
    function _accruePerformance() internal returns (bool priced) {
        Prices memory prices = _snapshot();
        if (!prices.ok) return false;
        Portfolio memory held = _books.nav.measure(_books.ledger, prices);
        _mintFee(_books.fees.takePerformance(_books.ledger.terms, _books.settings, held.nav, held.half, totalSupply()));
        return true;
    }

    function _supplyWithFees() internal view override returns (uint256 supply) {
        supply = totalSupply();
        supply += _books.fees.managementDue(_books.ledger.terms, supply);
    }

    function _noteFlow(
        int256 navBefore,
        uint256 supplyBefore,
        int256 navAfter,
        Prices memory prices
    ) internal override {
        _books.fees.noteFlow(navBefore, supplyBefore, navAfter, totalSupply());
        _noteNav(navAfter, prices);
    }

    function _noteNav(int256 nav, Prices memory prices) internal override {
        Quotes.note(_books.fees, nav, prices);
    }

    function _mintFee(uint256 shares) internal override {
        if (shares > 0) _mint(_books.settings.feeRecipient, shares);
    }
}
