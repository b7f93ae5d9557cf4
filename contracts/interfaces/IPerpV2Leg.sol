// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IHedgeLeg} from "./IHedgeLeg.sol";

/// @notice What a Perp v2 leg shows beyond every hedge leg.
interface IPerpV2Leg is IHedgeLeg {
    /// @notice Why the account at the venue differs from the one last seen, in rising order of harm.
    /// @param Fill An order or an exit of the vault, funding included
    /// @param Margin An order of the vault moved margin; where it came out, funding was settled too
    /// @param Funding Funding was settled, and nothing else
    /// @param Gift Somebody deposited for the leg
    /// @param Settlement A closed market was settled at its closed price, by whomever
    /// @param Liquidation A position was taken over by a liquidator
    /// @param BadDebt The venue's insurance took over what the account owed
    enum Cause {
        Fill,
        Margin,
        Funding,
        Gift,
        Settlement,
        Liquidation,
        BadDebt
    }

    /// @notice What the venue books in one market.
    /// @param size Base tokens, 1e18, short negative
    /// @param openNotional Settlement tokens, 1e18, signed
    /// @param fundingGrowth The market's funding growth when the account's funding was last settled, USD·s, X96
    struct Booked {
        int256 size;
        int256 openNotional;
        int256 fundingGrowth;
    }

    /// @notice What the venue books for the leg.
    /// @param balance Settlement-token units, signed
    /// @param owed Realised profit and loss that is not in the balance yet, 1e18, signed
    /// @param booked By market, in the order of `markets`
    struct Account {
        int256 balance;
        int256 owed;
        Booked[] booked;
    }

    /// @notice The account changed from `before` to `after_`; where several things happened, the cause is the worst of them.
    event AccountChanged(Cause indexed cause, Account before, Account after_);

    /// @notice The venue's free collateral did not cover a leaver's part: the rest stays with the others. Settlement-token units.
    event PaidInPart(uint256 owed, uint256 paid);

    function clearingHouse() external view returns (address);

    /// @notice The account as it was last seen.
    function lastSeen() external view returns (Account memory);
}
