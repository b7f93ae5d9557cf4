// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

// What the world calls on tokens, feeds and venues beyond what the contracts under test do.

interface IToken is IERC20 {
    function mint(address to, uint256 amount) external;
    function setMinter(address account, bool allowed) external;
    function deposit() external payable;
}

interface IFlux {
    function changeOracles(
        address[] calldata removed,
        address[] calldata added,
        address[] calldata admins,
        uint32 min,
        uint32 max,
        uint32 restartDelay
    ) external;
    function latestRound() external view returns (uint256);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
    function getRoundData(uint80 round) external view returns (uint80, int256, uint256, uint256, uint80);
}

/// @dev Functions of several contracts of the venue under one name.
interface IPerpOwner {
    struct AddLiquidity {
        address baseToken;
        uint256 base;
        uint256 quote;
        int24 lowerTick;
        int24 upperTick;
        uint256 minBase;
        uint256 minQuote;
        bool useTakerBalance;
        uint256 deadline;
    }

    function initialize() external;
    function initialize(string calldata name, string calldata symbol) external;
    function initialize(string calldata name, string calldata symbol, address feed) external;
    function initialize(address a) external;
    function initialize(address a, address b) external;
    function initialize(address a, address b, address c) external;
    function initialize(address a, address b, address c, address d) external;
    function initialize(address a, address b, address c, address d, address e, address f, address g) external;
    function initialize(
        address config,
        address vault,
        uint8 most,
        uint24 debtRatio,
        uint24 liquidationRatio,
        uint24 buffer,
        uint24 fee,
        uint256 threshold,
        uint256 dust
    ) external;
    function setExchange(address exchange) external;

    function getAllPendingFundingPayment(address trader) external view returns (int256);
    function setAccountBalance(address accountBalance) external;
    function setCollateralManager(address manager) external;
    function setWETH9(address weth) external;
    function setVault(address vault) external;
    function setClearingHouse(address clearingHouse) external;
    function setDelegateApproval(address delegateApproval) external;
    function setSettlementTokenBalanceCap(uint256 cap) external;
    function mintMaximumTo(address account) external;
    function addWhitelist(address account) external;
    function addPool(address base, uint24 fee) external;
    function setFeeRatio(address base, uint24 ratio) external;
    function setInsuranceFundFeeRatio(address base, uint24 ratio) external;
    function setMaxTickCrossedWithinBlock(address base, uint24 ticks) external;
    function getMaxTickCrossedWithinBlock(address base) external view returns (uint24);
    function addLiquidity(AddLiquidity calldata params) external returns (uint256, uint256, uint256, uint256);
    function deposit(address token, uint256 amount) external;
    function depositFor(address trader, address token, uint256 amount) external;
    function pause() external;
    function unpause() external;
    function paused() external view returns (bool);
    function close(uint256 price) external;
    function liquidate(address trader, address base) external;
    function isLiquidatable(address trader) external view returns (bool);
    function getIndexPrice(uint256 interval) external view returns (uint256);
    function getSqrtMarketTwapX96(address base, uint32 interval) external view returns (uint160);
    function getAccountValue(address trader) external view returns (int256);
    function getFreeCollateral(address trader) external view returns (uint256);
    function getMarginRequirementForLiquidation(address trader) external view returns (int256);
}
