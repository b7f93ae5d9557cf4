// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {SafeCastLib} from "solady/src/utils/SafeCastLib.sol";
import {IRedeemQueue} from "../../contracts/interfaces/IRedeemQueue.sol";
import {vm, bound} from "./Vm.sol";
import {MockStrangeToken} from "./MockStrangeToken.sol";
import {QueueHost} from "./QueueHost.sol";

/// @notice The queue against a model that keeps a number for each controller and walks through all of them at each fill.
/// @dev What must hold, whatever happens: no controller loses a share that was neither filled nor returned; all claims together are covered by what is
/// reserved, all waiting shares by what is in escrow; the same shares, due for the same time, get the same.
contract QueueTest {
    uint256 private constant USERS = 6;
    uint256 private constant STEPS = 48;

    /// @dev Which batch the shares of a model user are in: `open` of the open one, `waits` of the sealed one.
    struct User {
        uint256 due;
        uint256 waits;
        uint256 open;
        uint256 claimable;
        uint256 requested;
        uint256 gone;
    }

    QueueHost private _host;
    User[USERS] private _users;
    uint256 private _random;
    uint256 private _openAt;
    uint256 private _sealedAt;
    uint256 private _largest;

    function setUp() public {
        MockStrangeToken token = new MockStrangeToken("Money", "USD", 6);
        // No oracles; the token is the first asset, and settles.
        bytes memory made = abi.encode(0, 0, uint256(uint160(address(token))) | ((10 ** 6) << 160));
        _host = QueueHost(Clones.cloneWithImmutableArgs(address(new QueueHost()), made));
        token.setMinter(address(_host), true);
        _host.begin();
        vm.warp(1_700_000_000);
    }

    /// forge-config: default.fuzz.runs = 96
    function testFuzz_followsTheNaiveModel(uint256 seed) public {
        _random = seed;
        for (uint256 step = 1; step <= STEPS; ++step) {
            vm.warp(block.timestamp + _draw(3) * 100);
            uint256 what = _draw(10);
            uint256 who = _draw(USERS);
            if (what < 4) _request(who, _size());
            else if (what < 5) _cancel(who);
            else if (what < 6) _claim(who);
            else _settle();
            _compare(step);
        }
    }

    /// @dev Products fall through scale after scale, and what comes later is filled as exactly as what came first.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_noSequenceOfFillsUsesTheIndexUp(uint256 seed) public {
        _random = seed;
        _host.request(1e24, _user(0));
        for (uint256 i; i < 60; ++i) {
            vm.warp(block.timestamp + 100);
            _host.advance(block.timestamp);
            (uint256 due, , ) = _host.figures();
            // All but a part in 1e3 to 1e17, so that the product falls by as much.
            uint256 left = due / 10 ** (3 + _draw(15));
            _host.fill(due - left, (due - left) / 1e12);
            (uint256 product, ) = _host.index();
            require(product >= 1e27 && product <= 1e36, "product");
            _host.request(1e24, _user(1 + (i % 5)));
        }
        address late = address(0xbeef);
        vm.warp(block.timestamp + 100);
        _host.advance(block.timestamp);
        _host.request(7e20, late);
        vm.warp(block.timestamp + 100);
        _host.advance(block.timestamp);
        (uint256 all, , ) = _host.figures();
        _host.fill(all / 2, all / 2e12);
        _near(_queue().pendingRedeemRequest(0, late), 3.5e20, 1e3, "late shares");
        _near(_queue().maxWithdraw(late), 3.5e8, 2, "late assets");
        (all, , ) = _host.figures();
        _host.fill(all, all / 1e12);
        require(_queue().pendingRedeemRequest(0, late) == 0, "full");
        _near(_queue().maxWithdraw(late), 7e8, 3, "all late assets");
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_equalSharesGetEqualAssets(uint256 seed) public {
        _random = seed;
        uint256 shares = _size() + 1e12;
        _host.request(shares, _user(0));
        _host.request(shares, _user(1));
        _host.request(_size(), _user(2));
        vm.warp(block.timestamp + 1);
        _host.advance(block.timestamp);
        for (uint256 i; i < 12; ++i) {
            (uint256 due, , ) = _host.figures();
            if (due == 0) break;
            uint256 filled = _part(due);
            _host.fill(filled, filled / (1 + _draw(1e12)));
            // One of them is touched by a stranger each time, the other never.
            _host.request(1, _user(0));
            uint256 touches = i + 1;
            _near(_queue().maxWithdraw(_user(0)), _queue().maxWithdraw(_user(1)), touches, "assets");
            _near(
                _queue().pendingRedeemRequest(0, _user(0)),
                _queue().pendingRedeemRequest(0, _user(1)),
                2 * touches,
                "shares"
            );
        }
    }

    /// @dev Dust in every block, in anybody's name, and a price every hundred seconds.
    function test_dustCannotPutAnybodyOff() public {
        _host.request(1, address(0xbad));
        vm.warp(block.timestamp + 12);
        _host.request(5e18, _user(0));
        uint256 rounds;
        while (_queue().claimableRedeemRequest(0, _user(0)) == 0) {
            for (uint256 second; second < 96; second += 12) {
                vm.warp(block.timestamp + 12);
                _host.request(1, address(0xbad));
                _host.request(1, _user(0));
            }
            // The price comes first in its block, the settlement last, with dust between them.
            uint256 pricedAt = block.timestamp;
            _host.advance(pricedAt);
            (uint256 due, , ) = _host.figures();
            if (due > 0) _host.fill(due, due / 1e12);
            require(++rounds <= 2, "put off");
        }
        require(_queue().claimableRedeemRequest(0, _user(0)) >= 5e18, "filled");
    }

    function test_sinceIsMovedByNoRequestAndByNoCrumb() public {
        uint256 start = block.timestamp;
        _host.request(100e18, _user(0));
        vm.warp(start + 1_000);
        _host.request(1, address(0xbad));
        _since(start);
        _host.advance(block.timestamp);
        vm.warp(start + 2_000);
        _host.fill(49e18, 49e6);
        _since(start);
        _host.fill(26e18, 26e6);
        _since(start + 2_000);
        vm.warp(start + 3_000);
        _host.cancel(25e18, _user(0));
        _since(start + 2_000);
        _host.cancel(1, address(0xbad));
        _since(0);
    }

    function test_sinceIsMovedByNoRequestWhileOthersAreDue() public {
        uint256 start = block.timestamp;
        _host.request(100e18, _user(0));
        vm.warp(start + 1_000);
        _host.advance(block.timestamp);
        _host.request(1, address(0xbad));
        _since(start);
    }

    /// @dev What two great fills leave is 1e-18 of the beginning, and counts.
    function test_whatIsLeftCountsForTwoScales() public {
        _host.request(1e27, _user(0));
        vm.warp(block.timestamp + 1);
        _host.advance(block.timestamp);
        _host.fill(1e27 - 1e17, 1e15);
        _host.fill(1e17 - 1e8, 1e6);
        (, uint256 scale) = _host.index();
        require(scale == 2, "scale");
        require(_queue().pendingRedeemRequest(0, _user(0)) == 1e8, "pending");
        _host.fill(1e8, 1e12);
        require(_queue().pendingRedeemRequest(0, _user(0)) == 0, "filled");
        _near(_queue().maxWithdraw(_user(0)), 1e15 + 1e12 + 1e6, 3, "assets");
    }

    /// @dev The index has 36 digits, and shares here 38: a unit of it stands for a hundred shares.
    function test_claimsAreNeverMoreThanWhatIsUnfilled() public {
        _host.request(1e38, _user(0));
        vm.warp(block.timestamp + 1);
        _host.advance(block.timestamp);
        _host.fill(uint256(1e38) / 3, 1e6);
        (uint256 due, , ) = _host.figures();
        uint256 pending = _queue().pendingRedeemRequest(0, _user(0));
        require(pending <= due && due - pending < 100, "pending");
    }

    /// @dev Shares of a position, and of a batch, are uint128.
    function test_moreSharesThanAWordHoldsAreRefused() public {
        uint256 most = type(uint128).max;
        vm.expectPartialRevert(SafeCastLib.Overflow.selector);
        _host.request(most + 1, _user(0));
        _host.request(1, _user(0));
        _host.request(most, _user(1));
        vm.expectPartialRevert(SafeCastLib.Overflow.selector);
        _host.request(1, _user(1));
        vm.expectPartialRevert(SafeCastLib.Overflow.selector);
        _host.request(1, _user(2));
        require(_queue().pendingRedeemRequest(0, _user(1)) == most, "pending");
        (, uint256 total, ) = _host.figures();
        require(total == most + 1, "total");
    }

    /// @dev What was paid for a share of the beginning, 1e36, is uint248; what is left to be claimed uint128.
    function test_moreAssetsThanAWordHoldsAreRefused() public {
        _host.request(1, _user(0));
        vm.warp(block.timestamp + 1);
        _host.advance(block.timestamp);
        uint256 most = uint256(type(uint248).max) / 1e36;
        vm.expectPartialRevert(SafeCastLib.Overflow.selector);
        _host.fill(1, most + 1);
        _host.fill(1, most);
        uint256 tooMany = most - type(uint128).max - 1;
        vm.expectRevert(abi.encodeWithSignature("Error(string)", "the library reverted"));
        _queue().withdraw(tooMany, _user(0), _user(0));
        require(_queue().redeem(1, _user(0), _user(0)) == most, "all at once");
    }

    // ------------------------------------------------------------------------------------------------ steps

    function _request(uint256 who, uint256 shares) private {
        _host.request(shares, _user(who));
        _users[who].open += shares;
        _users[who].requested += shares;
        if (shares > _largest) _largest = shares;
        _openAt = block.timestamp;
        _modelSeal();
    }

    function _cancel(uint256 who) private {
        uint256 pending = _queue().pendingRedeemRequest(0, _user(who));
        uint256 shares = _part(pending);
        if (shares == 0) return;
        _host.cancel(shares, _user(who));
        User storage user = _users[who];
        user.gone += shares;
        for (uint256 left = shares; left > 0;) {
            uint256 taken = left;
            if (user.open > 0) user.open -= (taken = left < user.open ? left : user.open);
            else if (user.waits > 0) user.waits -= (taken = left < user.waits ? left : user.waits);
            else user.due = user.due > left ? user.due - left : 0;
            left -= taken;
        }
    }

    function _claim(uint256 who) private {
        address user = _user(who);
        (uint256 shares, uint256 assets) = (_queue().maxRedeem(user), _queue().maxWithdraw(user));
        if (shares == 0 || assets == 0) return;
        if (_draw(2) == 0) {
            shares = _part(shares);
            if (shares == 0) return;
            assets = _queue().redeem(shares, user, user);
        } else {
            assets = _part(assets);
            if (assets == 0) return;
            shares = _queue().withdraw(assets, user, user);
        }
        _users[who].gone += shares;
        // The model owes to the unit what the queue paid out.
        _users[who].claimable = _users[who].claimable > assets ? _users[who].claimable - assets : 0;
    }

    function _settle() private {
        uint256 pricedAt = block.timestamp - _draw(3) * 100;
        _host.advance(pricedAt);
        _modelAdvance(pricedAt);
        (uint256 due, , ) = _host.figures();
        if (due == 0) return;
        uint256 shares = _part(due);
        if (shares == 0) return;
        uint256 assets = shares / (1 + _draw(1e12));
        _host.fill(shares, assets);
        for (uint256 i; i < USERS; ++i) {
            User storage user = _users[i];
            user.claimable += (user.due * assets) / due;
            user.due = (user.due * (due - shares)) / due;
        }
    }

    function _modelAdvance(uint256 pricedAt) private {
        _modelSeal();
        for (uint256 round; round < 2; ++round) {
            if (_modelWaits() == 0 || pricedAt <= _sealedAt) return;
            for (uint256 i; i < USERS; ++i) {
                _users[i].due += _users[i].waits;
                _users[i].waits = 0;
            }
            _modelSeal();
        }
    }

    function _modelSeal() private {
        if (_modelWaits() > 0) return;
        for (uint256 i; i < USERS; ++i) {
            _users[i].waits = _users[i].open;
            _users[i].open = 0;
        }
        _sealedAt = _openAt;
    }

    function _modelWaits() private view returns (uint256 sum) {
        for (uint256 i; i < USERS; ++i) sum += _users[i].waits;
    }

    // ------------------------------------------------------------------------------------------------ comparison

    function _compare(uint256 step) private view {
        (uint256 sumPending, uint256 sumAssets) = (0, 0);
        // A unit a step by rounding on either side, and what is beyond the index's span.
        uint256 slack = 2 * step + (step * _largest) / 1e18;
        for (uint256 i; i < USERS; ++i) {
            User memory user = _users[i];
            uint256 pending = _queue().pendingRedeemRequest(0, _user(i));
            uint256 assets = _queue().maxWithdraw(_user(i));
            require(pending + _queue().maxRedeem(_user(i)) + user.gone == user.requested, "a share is lost");
            _near(pending, user.due + user.waits + user.open, slack, "pending");
            _near(assets, user.claimable, slack, "assets");
            sumPending += pending;
            sumAssets += assets;
        }
        (, uint256 total, uint256 reserved) = _host.figures();
        require(sumPending <= total, "more pending than in escrow");
        require(sumAssets <= reserved, "more claimable than reserved");
    }

    function _since(uint256 expected) private view {
        (, uint256 since) = _queue().waiting();
        require(since == expected, "since");
    }

    function _queue() private view returns (IRedeemQueue) {
        return IRedeemQueue(address(_host));
    }

    function _near(uint256 a, uint256 b, uint256 within, string memory what) private pure {
        require((a > b ? a - b : b - a) <= within, what);
    }

    function _user(uint256 i) private pure returns (address) {
        return address(uint160(0x1000 + i));
    }

    /// @dev Nothing to everything, with the ends often.
    function _part(uint256 whole) private returns (uint256) {
        uint256 kind = _draw(6);
        if (kind == 0) return whole;
        if (kind == 1 && whole > 0) return whole - 1;
        if (kind == 2) return whole / 1e12;
        return bound(_next(), 0, whole);
    }

    /// @dev Dust to a hundred million shares.
    function _size() private returns (uint256) {
        return bound(_next(), 1, 10 ** _draw(27));
    }

    function _draw(uint256 below) private returns (uint256) {
        return _next() % below;
    }

    function _next() private returns (uint256) {
        return _random = uint256(keccak256(abi.encode(_random)));
    }
}
