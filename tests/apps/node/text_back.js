// Text back: outside the opening hours the call is refused, and whoever called gets a text - once a call.
"use strict";
const { app, client, NUMBER, serve, signed, VoiceResponse, xml } = require("./door");

const told = new Set();

app.post("/voice", signed, async (request, response) => {
  const { CallSid, From } = request.body;
  if (!told.has(CallSid) && From.startsWith("+")) {
    told.add(CallSid);
    const calls = await client().calls.list({ from: From, limit: 20 });
    const body = calls.length > 1 ? "You called again: we open at nine." : "Sorry we missed you. We open at nine.";
    await client().messages.create({ to: From, from: NUMBER, body });
  }
  const document = new VoiceResponse();
  document.reject({ reason: "busy" });
  xml(response, document);
});

serve();
