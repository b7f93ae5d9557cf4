// A page for any wallet that announces itself (EIP-6963): connect, deposit, see the report.
import {
  CrosshedgeVault,
  decodeError,
  deploymentOf,
  formatReport,
  formatToken,
  parseDeployment,
  parseToken,
  prepareDeposit,
  readReport,
  send,
  vaultOf,
} from "@crosshedge/sdk";
import { BrowserProvider } from "ethers";

const element = (id) => document.getElementById(id);
const wallets = [];
window.addEventListener("eip6963:announceProvider", ({ detail }) => wallets.push(detail));
window.dispatchEvent(new Event("eip6963:requestProvider"));

let vault;
let signer;

async function connect() {
  if (wallets.length === 0) {
    element("status").value = "No wallet has announced itself. Install one, or unlock it, and load the page again.";
    return;
  }
  const provider = new BrowserProvider(wallets[0].provider);
  signer = await provider.getSigner();
  const own = [parseDeployment(await (await fetch("31337.json")).text())];
  const deployment = deploymentOf((await provider.getNetwork()).chainId, own);
  const { multicall } = deployment;
  vault = await CrosshedgeVault.connect({ address: vaultOf(deployment).vault, multicall, provider });
  element("account").value = `${signer.address} with ${wallets[0].info.name}`;
  element("report").textContent = formatReport(await readReport(vault));
  element("deposit").disabled = false;
}

async function deposit() {
  const usdc = vault.assets.find(({ symbol }) => symbol === "USDC");
  const amount = parseToken(element("amount").value, usdc.decimals);
  const prepared = await prepareDeposit(vault, { account: signer.address, token: usdc.address, amount });
  const { shares } = await send(prepared, signer, {
    onStage: ({ stage }) => {
      element("status").value = stage;
    },
  });
  element("status").value = `${formatToken(shares, 18, 4)} shares`;
  element("report").textContent = formatReport(await readReport(vault));
}

/** What went wrong, where the user looks. */
function shown(action) {
  return async () => {
    try {
      await action();
    } catch (error) {
      const { shortMessage, nextStep } = decodeError(error);
      element("status").value = `${shortMessage} ${nextStep}`;
    }
  };
}

element("connect").addEventListener("click", shown(connect));
element("deposit").addEventListener("click", shown(deposit));
