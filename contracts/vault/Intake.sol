// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {Bucket} from "../types/Bucket.sol";
import {Mode} from "../types/Mode.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {VIRTUAL_SHARES} from "../types/Virtual.sol";
import {Agreement} from "./Agreement.sol";
import {Books} from "./Books.sol";
import {FeeAccount} from "./FeeAccount.sol";
import {FeeMath} from "./FeeMath.sol";
import {Fixed} from "./Fixed.sol";
import {Ledger} from "./Ledger.sol";
import {Nav} from "./Nav.sol";
import {Quotes} from "./Quotes.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title How tokens come in: what they are worth, which of them have to wait, and what is written down.
///
/// @dev VALUE. What comes in is valued at the low side of its band and pays for shares at the high side of the vault's, so that a feed that
/// lags within its threshold gives nobody a gain.
///
/// PRICES. One snapshot, all good, of the prices that enter any figure: of what is held or comes in, and of the settlement token; of every asset where
/// there are legs. An asset that the vault could hold, but does not, stops nobody.
///
/// GUARDS. The band pays for feeds that lag within their threshold. Against jumps, which a feed reports late, two guards stand: pools must agree with
/// the oracle, and of each asset only so much comes in within an hour, which bounds what a jump can take from those who are in.
///
/// The vault calls this once for a deposit and mints what it answers: each further library would cost every depositor a cold account. For the same
/// reason each slot is written once.
library Intake {
    using Fixed for uint256[];
    using Nav for Nav.State;
    using FeeAccount for FeeAccount.State;
    using SafeCast for uint256;

    /// @param supply Shares before it, the management fee that is due not counted
    struct Offer {
        address[] tokens;
        uint256[] amounts;
        uint256 minShares;
        address receiver;
        uint256 supply;
    }

    /// @dev What an offer is worth.
    /// @param made What the vault was made with
    /// @param held The vault before the offer
    /// @param fee The management fee that is due, shares
    /// @param shares What is minted for the offer
    /// @param low USD, 1e18, at the low side of the tokens' bands, rounded down
    /// @param indices Of each token, in the asset set
    /// @param mids Of each token, USD, 1e18, at mid, rounded up
    /// @param navAfter At mid, USD, 1e18
    struct Quote {
        uint256[] made;
        Prices prices;
        Portfolio held;
        uint256 fee;
        uint256 shares;
        uint256 low;
        uint256[] indices;
        uint256[] mids;
        int256 navAfter;
    }

    /// @notice Time in which a deposit window refills, seconds.
    uint256 internal constant WINDOW_TIME = 1 hours;

    /// @notice A smaller vault has the window of one of this NAV, USD, 1e18: or the first to come, with a cent, would lock out everybody else.
    uint256 internal constant WINDOW_NAV_FLOOR = 100_000e18;

    // ── Deposits: under the vault's lock ─────────────────────────────────────────────────────────

    /// @notice One token.
    /// @return shares To mint for the receiver
    function enter(
        Books storage books,
        uint256 supply,
        address token,
        uint256 amount,
        uint256 minShares,
        address receiver
    ) external returns (uint256 shares) {
        Offer memory offer = Offer({
            tokens: new address[](1),
            amounts: new uint256[](1),
            minShares: minShares,
            receiver: receiver,
            supply: supply
        });
        (offer.tokens[0], offer.amounts[0]) = (token, amount);
        return _enter(books, offer);
    }

    /// @notice Several tokens.
    function enterBasket(Books storage books, Offer memory offer) external returns (uint256 shares) {
        return _enter(books, offer);
    }

    function _enter(Books storage books, Offer memory offer) private returns (uint256 shares) {
        Ledger.Terms memory terms = books.ledger.terms;
        require(terms.mode == Mode.Normal, VaultBase.DepositsStopped(terms.mode));
        Quote memory quote = _quote(books, terms, offer);
        shares = quote.shares;
        require(shares > 0, VaultBase.ZeroAmount());
        require(shares >= offer.minShares, VaultBase.TooFewShares(shares, offer.minShares));
        if (offer.supply > 0) Nav.requireNarrow(quote.held);
        if (terms.legs > 0) Agreement.requireWithin(books.nav, quote.prices, books.settings.depositBand);
        require(quote.navAfter <= int256(uint256(terms.maxNav)), VaultBase.NavCapped(quote.navAfter, terms.maxNav));
        _takeIn(books.ledger, terms, quote, offer);
        _note(books, quote, offer.supply);
        emit IHedgeVault.BasketDeposit(
            msg.sender,
            offer.receiver,
            offer.tokens,
            offer.amounts,
            shares,
            quote.held.nav,
            quote.held.half
        );
    }

    /// @dev Lets each token in, or reverts with the window that stops it. While there are no shares there is nobody to take from, and no window.
    function _takeIn(
        Ledger.State storage ledger,
        Ledger.Terms memory terms,
        Quote memory quote,
        Offer memory offer
    ) private {
        uint256 capacity = offer.supply == 0 ? 0 : _capacity(terms, quote.held.nav);
        uint256 came;
        for (uint256 i; i < offer.tokens.length; ++i) {
            (address token, uint256 amount) = (offer.tokens[i], offer.amounts[i]);
            // Some tokens revert on a transfer of zero.
            if (amount == 0) continue;
            Ledger.Holding storage holding = ledger.holdings[token];
            (uint256 entered, uint256 enteredAt) = (holding.entered, holding.enteredAt);
            if (offer.supply > 0) {
                entered = Bucket.undrained(entered, enteredAt, capacity, WINDOW_TIME);
                uint256 left = FixedPointMathLib.zeroFloorSub(capacity, entered);
                require(quote.mids[i] <= left, VaultBase.DepositWindowSpent(token, quote.mids[i], left));
                (entered, enteredAt) = (entered + quote.mids[i], block.timestamp);
            }
            Ledger.pull(token, msg.sender, amount);
            // Safe: what entered is at most the capacity, and the time fits until 2106.
            (holding.idle, holding.entered, holding.enteredAt) = (
                (holding.idle + amount).toUint128(),
                uint96(entered),
                uint32(enteredAt)
            );
            came |= 1 << quote.indices[i];
        }
        uint256 held = ledger.terms.held;
        if (held | came != held) ledger.terms.held = uint8(held | came);
    }

    /// @dev The mark rises with what the depositor paid as spread; the rate is kept for a time of bad prices; the management fee stays due.
    function _note(Books storage books, Quote memory quote, uint256 minted) private {
        uint32 until = books.fees.carriedUntil(minted, minted + quote.shares);
        uint256 supply = minted + quote.fee;
        uint256 supplyAfter = supply + quote.shares;
        uint256 mark = books.fees.highWaterMark;
        uint256 newMark = FeeAccount.capped(
            FeeMath.markAfterFlowUp(mark, quote.held.nav, supply, quote.navAfter, supplyAfter)
        );
        uint256 price = quote.prices.mid[quote.made.settlement()];
        uint256 rate = Quotes.rateDown(quote.navAfter, supplyAfter + VIRTUAL_SHARES, price);
        FeeAccount.State storage fees = books.fees;
        (fees.highWaterMark, fees.rate, fees.managementUntil, fees.ratedAt) = (
            uint96(newMark),
            uint96(rate),
            until,
            uint32(block.timestamp)
        );
        if (newMark != mark) emit IHedgeVault.HighWaterMarkMoved(newMark);
    }

    // ── Views ────────────────────────────────────────────────────────────────────────────────────

    /// @notice Shares that such a deposit would mint now.
    function preview(Books storage books, Offer memory offer) external view returns (uint256 shares) {
        return _quote(books, books.ledger.terms, offer).shares;
    }

    /// @notice What may come in of one asset now, USD, 1e18; zero while deposits wait.
    function room(Books storage books, address asset, uint256 supply) external view returns (uint256 usd) {
        Ledger.Terms memory terms = books.ledger.terms;
        uint256[] memory made = Fixed.load();
        uint256 k = made.indexOf(asset);
        if (terms.mode != Mode.Normal || (terms.basket >> k) & 1 == 0) return 0;
        Prices memory prices = made.snapshot(Nav.priced(terms, made) | (1 << k));
        if (!prices.ok) return 0;
        Portfolio memory held = books.nav.sum(books.ledger, made, prices);
        if (supply > 0 && held.half > Nav.widestHalfDown(held)) return 0;
        (, uint256 disagreement) = Agreement.worst(books.nav, prices);
        if (disagreement > books.settings.depositBand) return 0;
        usd = uint256(FixedPointMathLib.max(int256(uint256(terms.maxNav)) - held.nav, 0));
        if (supply == 0) return usd;
        if (held.nav <= 0) return 0;
        uint256 capacity = _capacity(terms, held.nav);
        Ledger.Holding storage holding = books.ledger.holdings[asset];
        uint256 entered = Bucket.undrained(holding.entered, holding.enteredAt, capacity, WINDOW_TIME);
        usd = FixedPointMathLib.min(usd, FixedPointMathLib.zeroFloorSub(capacity, entered));
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    /// @dev What comes in at the low side of its band, against the vault at the high side of its own. The NAV after it is at mid.
    function _quote(
        Books storage books,
        Ledger.Terms memory terms,
        Offer memory offer
    ) private view returns (Quote memory quote) {
        uint256[] memory made = quote.made = Fixed.load();
        quote.indices = _accepted(made, terms, offer);
        uint256 which = Nav.priced(terms, made);
        for (uint256 i; i < quote.indices.length; ++i) {
            which |= 1 << quote.indices[i];
        }
        quote.prices = made.snapshot(which);
        require(quote.prices.ok, VaultBase.BadPrice());
        quote.held = books.nav.sum(books.ledger, made, quote.prices);
        int256 high = quote.held.nav + int256(quote.held.half);
        require(high >= 0 && (quote.held.nav > 0 || offer.supply == 0), VaultBase.NoValue(quote.held.nav));
        _addValue(quote, offer);
        quote.fee = books.fees.managementDue(terms, offer.supply);
        quote.shares = FixedPointMathLib.fullMulDiv(
            quote.low,
            offer.supply + quote.fee + VIRTUAL_SHARES,
            uint256(high) + VIRTUAL_SHARES
        );
    }

    /// @dev The tokens of an offer by their indices, if all of them may be deposited.
    function _accepted(
        uint256[] memory made,
        Ledger.Terms memory terms,
        Offer memory offer
    ) private pure returns (uint256[] memory indices) {
        uint256 n = offer.tokens.length;
        require(n == offer.amounts.length, VaultBase.LengthMismatch(n, offer.amounts.length));
        indices = new uint256[](n);
        for (uint256 i; i < n; ++i) {
            uint256 k = made.indexOf(offer.tokens[i]);
            require((terms.basket >> k) & 1 != 0, VaultBase.NotInBasket(offer.tokens[i]));
            indices[i] = k;
        }
    }

    /// @dev Sets `low`, `mids` and `navAfter`.
    function _addValue(Quote memory quote, Offer memory offer) private pure {
        quote.navAfter = quote.held.nav;
        quote.mids = new uint256[](offer.tokens.length);
        for (uint256 i; i < offer.tokens.length; ++i) {
            (uint256 k, uint256 amount) = (quote.indices[i], offer.amounts[i]);
            (uint256 price, uint256 unit) = (quote.prices.mid[k], quote.made.unit(k));
            uint256 mid = FixedPointMathLib.fullMulDivUp(amount, price, unit);
            quote.low += Nav.valueDown(amount, price - quote.prices.half[k], unit);
            quote.mids[i] = mid;
            quote.navAfter += int256(mid);
        }
    }

    /// @dev USD, 1e18, at most what `Ledger.Holding` can count.
    function _capacity(Ledger.Terms memory terms, int256 nav) private pure returns (uint256) {
        uint256 base = FixedPointMathLib.max(uint256(nav), WINDOW_NAV_FLOOR);
        return FixedPointMathLib.min(FixedPointMathLib.fullMulDiv(base, terms.depositWindow, 1e18), type(uint96).max);
    }
}
