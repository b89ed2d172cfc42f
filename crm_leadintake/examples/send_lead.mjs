const address = `${process.env.LEADINTAKE_URL}/leadintake/v1/leads`;
const headers = {
    Authorization: `Bearer ${process.env.LEADINTAKE_KEY}`,
    "Content-Type": "application/json",
};

// Calls until there is an answer. The same external_id never makes a second lead, so that this is safe.
async function call(address, options = {}) {
    for (let wait of [1, 2, 4, 8, 16, 32, 60]) {
        try {
            const answer = await fetch(address, { headers, signal: AbortSignal.timeout(30_000), ...options });
            const text = await answer.text();
            if (answer.status !== 429 && answer.status < 500) {
                return { ok: answer.ok, status: answer.status, text };
            }
            wait = Math.max(wait, Number(answer.headers.get("Retry-After")) || 0);
        } catch (error) {
            console.error(`No answer: ${error.message}`);
        }
        await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    }
    throw new Error("Perhaps not taken. Keep the lead, and send it later with the same external_id.");
}

const lead = {
    external_id: "order-form-4711",
    contact_name: "Jane Doe",
    company: "Konex",
    email: "jane@example.com",
};
const sent = await call(address, { method: "POST", body: JSON.stringify(lead) });
if (!sent.ok) {
    throw new Error(`Not taken: ${sent.status} ${sent.text}`);
}
console.log(JSON.parse(sent.text).status); // created
const found = await call(`${address}/${encodeURIComponent(lead.external_id)}`);
console.log(JSON.parse(found.text).state); // open
