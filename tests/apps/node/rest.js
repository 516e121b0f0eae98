// Rest: the official Node client asks for one of everything, and writes down what it was given.
"use strict";
const twilio = require("twilio");

const client = twilio();
client.api.baseUrl = process.env.TWILIO_API_URL;
client.monitor.baseUrl = process.env.TWILIO_API_URL;
const { NUMBER, THEM, HOST, LINE } = JSON.parse(process.env.WORLD);

async function refused(promise) {
  try {
    await promise;
    return "not refused";
  } catch (error) {
    return [error.status, error.code];
  }
}

async function calls() {
  const made = await client.calls.create({
    to: THEM,
    from: NUMBER,
    url: `${HOST}/u`,
    statusCallback: `${HOST}/cb`,
    statusCallbackEvent: ["initiated", "completed"],
    record: true,
    machineDetection: "Enable",
  });
  const listed = await client.calls.list({ from: NUMBER });
  const begun = await client.calls.list({ startTimeBefore: new Date("2030-01-01"), startTimeAfter: new Date("2026-11-23") });
  const pages = [];
  await client.calls.each({ pageSize: 1, limit: 3, callback: (each) => pages.push(each.sid) });
  const fetched = await client.calls(made.sid).fetch();
  const ended = await client.calls(made.sid).update({ status: "canceled" });
  return {
    made: [made.status, made.direction, made.to, made.startTime],
    listed: listed.length,
    begun: begun.length,
    pages: new Set(pages).size,
    dated: fetched.dateCreated instanceof Date,
    ended: ended.status,
    refused: await refused(client.calls(made.sid).update({ url: `${HOST}/u` })),
    unknown: await refused(client.calls("CA" + "0".repeat(32)).fetch()),
    empty: await refused(client.calls.create({ to: "", from: NUMBER, url: HOST })),
    removed: await client.calls(made.sid).remove(),
  };
}

async function recordings() {
  const made = await client.calls(LINE).recordings.create({ recordingChannels: "dual" });
  const paused = await client.calls(LINE).recordings("Twilio.CURRENT").update({ status: "paused", pauseBehavior: "skip" });
  const listed = await client.calls(LINE).recordings.list();
  const all = await client.recordings.list({ callSid: LINE });
  return { made: [made.status, made.channels], paused: paused.status, listed: listed.length, all: all.length };
}

async function queues() {
  const made = await client.queues.create({ friendlyName: "second", maxSize: 5 });
  const changed = await client.queues(made.sid).update({ friendlyName: "third" });
  const [queue] = await client.queues.list({ limit: 1 });
  const members = await client.queues(queue.sid).members.list();
  const front = await client.queues(queue.sid).members("Front").fetch();
  const taken = await client.queues(queue.sid).members("Front").update({ url: `${HOST}/u` });
  return {
    changed: [changed.friendlyName, changed.maxSize],
    members: members.map((each) => each.position),
    front: front.callSid === taken.callSid,
    left: (await client.queues(queue.sid).fetch()).currentSize,
    removed: await client.queues(made.sid).remove(),
  };
}

async function conferences() {
  const [room] = await client.conferences.list({ friendlyName: "room", status: "in-progress" });
  const inside = await client.conferences(room.sid).participants.list();
  const muted = await client.conferences(room.sid).participants(inside[0].callSid).update({ muted: true, hold: true });
  const invited = await client.conferences(room.sid).participants.create({ from: NUMBER, to: THEM, label: "boss" });
  const boss = await client.conferences(room.sid).participants("boss").fetch();
  const out = await client.conferences(room.sid).participants(inside[1].callSid).remove();
  const ended = await client.conferences(room.sid).update({ status: "completed" });
  return {
    inside: inside.length,
    muted: [muted.muted, muted.hold],
    invited: [invited.status, invited.conferenceSid === room.sid, boss.label],
    out,
    ended: ended.status,
  };
}

async function account() {
  const me = await client.api.accounts(client.accountSid).fetch();
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: NUMBER });
  const changed = await client.incomingPhoneNumbers(number.sid).update({ voiceUrl: `${HOST}/other`, voiceMethod: "GET" });
  const [offered] = await client.availablePhoneNumbers("US").local.list({ areaCode: 415, limit: 1 });
  const bought = await client.incomingPhoneNumbers.create({ phoneNumber: offered.phoneNumber });
  const app = await client.applications.create({ friendlyName: "App", voiceUrl: `${HOST}/u` });
  const key = await client.newKeys.create({ friendlyName: "key" });
  const withKey = twilio(key.sid, key.secret, { accountSid: client.accountSid });
  withKey.api.baseUrl = process.env.TWILIO_API_URL;
  const alerts = await client.monitor.v1.alerts.list({ logLevel: "warning" });
  return {
    me: me.status,
    changed: [changed.voiceUrl, changed.voiceMethod],
    bought: bought.phoneNumber === offered.phoneNumber,
    app: (await client.applications(app.sid).update({ friendlyName: "Other" })).friendlyName,
    keys: (await withKey.keys.list()).length,
    alerts: alerts.map((each) => each.errorCode),
    notifications: (await client.api.v2010.account.notifications.list()).length,
    callerIds: (await client.outgoingCallerIds.list()).length,
  };
}

async function messages() {
  const made = await client.messages.create({ to: THEM, from: NUMBER, body: "Hello", statusCallback: `${HOST}/cb` });
  const listed = await client.messages.list({ to: THEM });
  return { made: [made.status, made.body, made.numSegments], listed: listed.length };
}

async function all() {
  const wrong = twilio(client.accountSid, "wrong");
  wrong.api.baseUrl = process.env.TWILIO_API_URL;
  const found = { wrong: await refused(wrong.calls.list()) };
  for (const part of [calls, recordings, queues, conferences, account, messages]) found[part.name] = await part();
  console.log(JSON.stringify(found));
}

all().catch((error) => {
  console.error(error);
  process.exit(1);
});
