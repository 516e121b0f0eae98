// Parking: calls wait in a queue; a page lists them, takes one out by REST, and records who talks to whom.
"use strict";
const { app, client, NUMBER, serve, signed, VoiceResponse, xml } = require("./door");

const here = (request) => `${request.protocol}://${request.get("host")}`;

app.post("/voice", signed, (request, response) => {
  const document = new VoiceResponse();
  document.enqueue({ waitUrl: "/wait", action: "/out" }, "parked");
  xml(response, document);
});

app.post("/wait", signed, (request, response) => {
  const document = new VoiceResponse();
  document.say(`Parked for ${request.body.QueueTime} seconds.`);
  document.pause({ length: 10 });
  xml(response, document);
});

app.post("/out", signed, (request, response) => xml(response, new VoiceResponse()));

// The page: not asked by the carrier.
app.post("/take", async (request, response) => {
  const [queue] = await client().queues.list();
  const members = await client().queues(queue.sid).members.list();
  const taken = await client()
    .queues(queue.sid)
    .members("Front")
    .update({ url: `${here(request)}/talk`, method: "POST" });
  response.json({ size: members.length, waited: taken.waitTime });
});

app.post("/talk", signed, async (request, response) => {
  await client().calls(request.body.CallSid).recordings.create({ recordingChannels: "dual" });
  const document = new VoiceResponse();
  document.say("Somebody takes you now.");
  document.dial({ callerId: NUMBER, action: "/talked", timeout: 10 }).client("desk");
  xml(response, document);
});

app.post("/talked", signed, async (request, response) => {
  await client().calls(request.body.CallSid).recordings("Twilio.CURRENT").update({ status: "stopped" });
  const document = new VoiceResponse();
  document.say(`You talked for ${request.body.DialCallDuration} seconds.`);
  xml(response, document);
});

serve();
