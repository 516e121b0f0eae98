// Dialer: a browser's outgoing call, whose page says by a parameter whom it wants; logs in with an API key.
"use strict";
const { app, NUMBER, serve, signed, twilio, VoiceResponse, xml } = require("./door");

const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_API_KEY, TWILIO_API_SECRET, TWILIO_API_URL } = process.env;
const client = twilio(TWILIO_API_KEY, TWILIO_API_SECRET, { accountSid });
client.api.baseUrl = TWILIO_API_URL;

app.post("/voice", signed, async (request, response) => {
  const room = `for ${request.body.CallSid}`;
  const document = new VoiceResponse();
  document
    .dial({ action: "/over" })
    .conference({ endConferenceOnExit: true, statusCallback: "/events", statusCallbackEvent: "start end" }, room);
  const to = /^\+/.test(request.body.whom) ? request.body.whom : `client:${request.body.whom}`;
  await client.conferences(room).participants.create({ from: NUMBER, to, endConferenceOnExit: true });
  xml(response, document);
});

app.post("/over", signed, (request, response) => {
  const document = new VoiceResponse();
  document.say("They have hung up.");
  xml(response, document);
});

app.post("/events", signed, (request, response) => response.sendStatus(204));

serve();
