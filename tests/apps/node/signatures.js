// Signatures: the official validator on a batch of requests, read as JSON; what it says of each.
"use strict";
const twilio = require("twilio");

const batch = JSON.parse(require("fs").readFileSync(0, "utf8"));
const said = batch.map(({ token, signature, url, form }) => twilio.validateRequest(token, signature, url, form));
console.log(JSON.stringify(said));
