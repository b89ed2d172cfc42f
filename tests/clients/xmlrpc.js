// Hands in leads with npm's xmlrpc: `node xmlrpc.js` reads {url, key, leads, ids} and prints the answers.
"use strict";

const xmlrpc = require("xmlrpc");

async function main({ url, key, leads, ids }) {
    const client = xmlrpc.createClient({ url });
    const call = (name, ...parameters) =>
        new Promise((resolve, reject) => {
            client.methodCall(name, parameters, (error, answer) => (error ? reject(error) : resolve(answer)));
        });
    try {
        return {
            results: await call("leads.submit", key, leads),
            leads: await call("leads.status", key, ids),
            methods: await call("system.listMethods"),
        };
    } catch (error) {
        return { fault: { code: error.faultCode, message: error.message } };
    }
}

let input = "";
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", async () => console.log(JSON.stringify(await main(JSON.parse(input)))));
