import { expect } from "chai";
import { dealOut } from "../../scripts/build/deal-out.js";

describe("deal out", () => {
  it("gives every thing to one hand, in its order, the weights as even as the largest allows", () => {
    const weights = [3, 1, 9, 4, 4, 2, 8];
    const dealt = dealOut([0, 1, 2, 3, 4, 5, 6], 2, (index) => weights[index]!);
    expect(dealt.flat().sort()).to.deep.equal([0, 1, 2, 3, 4, 5, 6]);
    for (const hand of dealt) expect(hand).to.deep.equal([...hand].sort((a, b) => a - b));
    const [first, second] = dealt.map((hand) => hand.reduce((sum, index) => sum + weights[index]!, 0));
    expect(Math.abs(first! - second!)).to.be.at.most(1);
  });

  it("leaves hands empty that have nothing to get, and one hand gets all", () => {
    expect(dealOut(["a"], 2, () => 1)).to.deep.equal([["a"], []]);
    expect(dealOut(["a", "b"], 1, () => 1)).to.deep.equal([["a", "b"]]);
  });
});
