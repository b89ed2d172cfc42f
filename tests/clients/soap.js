// Hands in leads with npm's soap, from the WSDL: `node soap.js` reads {url, port, key, leads, ids}, and prints answers.
"use strict";

const soap = require("soap");

async function main({ url, port, key, leads, ids }) {
    const client = await soap.createClientAsync(url, { forceSoap12Headers: port.endsWith("12") });
    const calls = client.LeadIntake[port];
    const call = (name, content) =>
        new Promise((resolve, reject) => {
            calls[name](content, (error, answer) => (error ? reject(error) : resolve(answer)));
        });
    try {
        const answer = await call("SubmitLeads", { key, lead: leads });
        const status = await call("GetStatus", { key, external_id: ids });
        return { results: answer.result, leads: status.lead };
    } catch (error) {
        return { fault: error.root?.Envelope.Body.Fault ?? String(error) };
    }
}

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", async () => console.log(JSON.stringify(await main(JSON.parse(input)))));
