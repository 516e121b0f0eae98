// Speech: the caller says (or keys) what they want, and is understood, asked again, or passed on.
"use strict";
const { app, serve, signed, VoiceResponse, xml } = require("./door");

app.post("/voice", signed, (request, response) => {
  const document = new VoiceResponse();
  const gather = document.gather({
    input: "dtmf speech",
    action: "/said",
    hints: "sales, support, opening hours",
    speechTimeout: "auto",
    numDigits: 1,
    partialResultCallback: "/partly",
  });
  gather.say({ voice: "Polly.Joanna" }, "How can we help? Say sales, support, or opening hours.");
  document.say("We did not hear you.");
  document.redirect("/voice");
  xml(response, document);
});

app.post("/said", signed, (request, response) => {
  const document = new VoiceResponse();
  const words = (request.body.SpeechResult || { 1: "sales" }[request.body.Digits] || "").toLowerCase();
  if (words.includes("sales")) {
    document.say("Sales is calling you back.");
  } else if (words.includes("hours")) {
    const say = document.say("We are open from ");
    say.sayAs({ "interpret-as": "time", format: "hms12" }, "9am");
    say.break({ strength: "weak", time: "100ms" });
    say.addText(" to five.");
  } else {
    document.say(`I understood ${words || "nothing"}.`);
    document.redirect("/voice");
  }
  xml(response, document);
});

app.post("/partly", signed, (request, response) => response.sendStatus(204));

serve();
