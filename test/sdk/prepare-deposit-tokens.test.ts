import { type CrosshedgeVault, prepareDeposit } from "@crosshedge/sdk";
import { expect } from "chai";
import { Interface, toBeHex } from "ethers";
import { network } from "hardhat";
import { TestToken__factory } from "../../scripts/devnet/generated/own/index.js";
import { fund } from "../../scripts/devnet/world.js";
import { erc20 } from "../../sdk/src/abi/erc20.js";
import { findBalanceSlots } from "../../sdk/src/prepare/balanceSlots.js";
import { addPermitDomain } from "../../sdk/src/prepare/permit.js";
import { Batch } from "../../sdk/src/read/batch.js";
import { ethCall } from "../../sdk/src/read/ethCall.js";
import { connect } from "../support/connect.js";
import type { Fixture } from "../support/fixture.js";
import { usdc, wad } from "../support/orders.js";
import { approveAll, emptyBlock, execute, feeTakingVault, watchedNode } from "./preparing.js";
import { expectRejection } from "./support.js";

const ACCOUNT = "0x000000000000000000000000000000000000bEEF";

/** `balanceOf` alone, as solady has it: keccak256 of the address, eight bytes of zero and the seed. */
const SOLADY = "0x6387a211a2600c52600435600052 6020600c20 54 600052 60206000f3".replaceAll(" ", "");
/** The same for a Vyper HashMap in slot 5: keccak256(slot . address). */
const VYPER = "0x6005600052 600435602052 6040600020 54 600052 60206000f3".replaceAll(" ", "");
/** Twice what a Solidity mapping in slot 0 has, as a token that rebases. */
const TWICE = "0x600435600052 6000602052 6040600020 54 6002 02 600052 60206000f3".replaceAll(" ", "");

describe("sdk: tokens of a prepared deposit", () => {
  let f: Fixture;
  let bob: Fixture["world"]["signers"]["bob"];

  beforeEach(async () => {
    f = await feeTakingVault();
    bob = f.world.signers.bob;
  });

  /** Whether a balance can be given, asked of the token itself. */
  async function canGive(token: string, account = ACCOUNT): Promise<boolean> {
    const at = { provider: f.world.ethers.provider, blockNumber: await f.world.ethers.provider.getBlockNumber() };
    const slot = (await findBalanceSlots({ ...at, multicall: f.world.deployment.multicall }, [token], account)).get(
      token,
    );
    if (slot === undefined) return false;
    const { data, decode } = erc20.balanceOf(token, account);
    const overrides = { [token]: { stateDiff: { [slot(account)]: toBeHex(987n, 32) } } };
    expect(decode(await ethCall(at, { to: token, data }, overrides))).to.equal(987n);
    return true;
  }

  it("can be given a balance: plain, WETH9, upgradeable of two generations, solady, Vyper", async () => {
    const { tokens, deployment, networkHelpers } = f.world;
    for (const token of [tokens.USDC, tokens.ALT, tokens.WETH, tokens.WBTC]) {
      expect(await canGive(await token.getAddress())).to.equal(true);
    }
    expect(await canGive(await tokens.USDC.getAddress(), f.world.signers.alice.address)).to.equal(true);
    expect(await canGive(deployment.perp.markets.ETH.base)).to.equal(true);
    expect(await canGive(f.deployment.vault)).to.equal(true);
    for (const [code, can] of [
      [SOLADY, true],
      [VYPER, true],
      [TWICE, false],
    ] as const) {
      const token = toBeHex(BigInt(code) & 0xffffffffffn, 20);
      await networkHelpers.setCode(token, code);
      expect(await canGive(token), code).to.equal(can);
    }
    expect(await canGive(ACCOUNT)).to.equal(false);
  });

  it("that refuse to change an allowance are set to zero first", async () => {
    const strict = await f.world.ethers.deployContract("StrictApprovalToken");
    const alt = await f.world.tokens.ALT.getAddress();
    await fund(f.world, bob.address, { ALT: wad(100) });
    // The same layout of storage, and as many decimals.
    await f.world.networkHelpers.setCode(alt, await f.world.ethers.provider.getCode(strict));
    const vault = await connect(f);
    const prepare = () => prepareDeposit(vault, { account: bob.address, token: alt, amount: wad(100) });
    const fresh = await prepare();
    expect(fresh.requirements).to.have.nested.property("[0].transactions.length", 1);
    await f.world.tokens.ALT.connect(bob).approve(f.vault, 5n);

    const block = await emptyBlock(f);
    const prepared = await prepare();
    const [requirement] = prepared.requirements;
    if (requirement?.kind !== "approve") throw new Error("no approval");
    const sets = requirement.transactions.map(
      ({ data }) =>
        new Interface(["function approve(address, uint256)"]).decodeFunctionData("approve", data)[1] as bigint,
    );
    expect(sets).to.deep.equal([0n, wad(100)]);
    await block.back();
    await approveAll(bob, prepared.requirements);
    await block.next();
    expect((await execute(bob, prepared)).result.shares).to.equal(prepared.preview.shares);
  });

  describe("where state cannot be overridden", () => {
    let vault: CrosshedgeVault;
    let token: string;
    const deposit = () => prepareDeposit(vault, { account: bob.address, token, amount: usdc(1_000) });

    for (const [name, refuses] of [
      ["by a node that refuses", true],
      ["by a node that ignores it", false],
      ["without Multicall3", null],
    ] as const) {
      it(`${name}: nothing is needed where everything is in place, and an error says what is missing`, async () => {
        const { provider } = watchedNode(f, {
          eth_call: ([call, at, overrides], ask) => {
            if (overrides !== undefined && refuses) {
              throw Object.assign(new Error("too many arguments, want at most 2"), { code: -32602 });
            }
            return ask([call, at]);
          },
        });
        token = await f.world.tokens.USDC.getAddress();
        vault = await connect(f, refuses === null ? { multicall: undefined } : { provider });
        await expectRejection(deposit(), "INSUFFICIENT_BALANCE", /holds 0.000000 USDC, but 1,000.000000 are needed/);
        await fund(f.world, bob.address, { USDC: usdc(1_000) });
        const { nextStep } = await expectRejection(deposit(), "UNSUPPORTED", /before its allowances are given/);
        expect(nextStep).to.match(refuses === null ? /Multicall3, or approve/ : /state overrides, or approve/);
        await f.world.tokens.USDC.connect(bob).approve(f.vault, usdc(1_000));
        const { preview, block } = await deposit();
        const whole = await prepareDeposit(await connect(f), {
          account: bob.address,
          token,
          amount: usdc(1_000),
          block,
        });
        expect(preview).to.deep.equal(whole.preview);
      });
    }
  });

  it("have a domain for permits by ERC-5267, and without it by name and version", async () => {
    const { ethers } = await network.create("world");
    const [owner] = await ethers.getSigners();
    if (owner === undefined) throw new Error("no signer");
    const find = async (deployed: { getAddress(): Promise<string> }) => {
      const batch = new Batch({ provider: ethers.provider, blockNumber: await ethers.provider.getBlockNumber() });
      const read = addPermitDomain(batch, await deployed.getAddress(), owner.address);
      await batch.send();
      return read(31337n);
    };
    expect(await find(await new TestToken__factory(owner).deploy("Modern", "MOD", 6))).to.have.nested.property(
      "domain.name",
      "Modern",
    );
    expect(await find(await ethers.deployContract("OldPermitToken", ["2", ""]))).to.have.nested.property(
      "domain.version",
      "2",
    );
    expect(await find(await ethers.deployContract("OldPermitToken", ["1", "?"]))).to.equal(null);
    expect(await find(await ethers.deployContract("StrictApprovalToken"))).to.equal(null);
  });
});
