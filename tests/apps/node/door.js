// Door: what the Node apps here share - express with forms, signed webhooks only, the official client.
"use strict";
const express = require("express");
const twilio = require("twilio");

const NUMBER = process.env.TWILIO_NUMBER;
const app = express();
app.use(express.urlencoded({ extended: false }));
// Twilio's own middleware: 403 for whoever cannot sign.
const signed = twilio.webhook({ validate: true, protocol: "http" });

function client() {
  const made = twilio(); // TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are in the environment
  made.api.baseUrl = process.env.TWILIO_API_URL || made.api.baseUrl;
  return made;
}

function xml(response, document) {
  response.type("text/xml").send(document.toString());
}

function serve() {
  app.listen(Number(process.env.PORT), "127.0.0.1");
}

module.exports = { app, client, NUMBER, serve, signed, twilio, VoiceResponse: twilio.twiml.VoiceResponse, xml };
