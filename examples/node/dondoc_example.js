// Another system calls Dondoc: with a certificate, a deadline, and every write safe to repeat.
//
//   node dondoc_example.js ADDRESS CA CERTIFICATE KEY list               every unit, page by page
//   node dondoc_example.js ADDRESS CA CERTIFICATE KEY show units/ID      one unit
//   node dondoc_example.js ADDRESS CA CERTIFICATE KEY add ID NAME        adds a division, once
//   node dondoc_example.js ADDRESS CA CERTIFICATE KEY report NAME PER    how far an assignment is, in per cent
//   node dondoc_example.js ADDRESS CA CERTIFICATE KEY watch FROM COUNT   the log from a sequence on
//
// ADDRESS is host:port of the edge, the others are PEM files; DONDOC_PROTOS is where the bundle was
// unpacked. Ends with 0 when it was done, 1 when it was refused (the reason stands on stderr), 2 for a
// wrong command line, 4 when nobody answered.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const DEADLINE_MS = 20_000;
const TRIES = 25;
// How long a watch tries to get back to a service that is away.
const WATCH_PATIENCE_MS = 60_000;
const REFUSED = 1, USAGE = 2, UNAVAILABLE = 4;

const protos = process.env.DONDOC_PROTOS || path.join(__dirname, '..', '..', 'proto');
const loaded = grpc.loadPackageDefinition(loader.loadSync(
    ['dondoc/registry/v1/registry_service.proto', 'dondoc/common/v1/error.proto'],
    // Sequences are 64 bits wide, wider than a number of JavaScript holds exactly.
    {includeDirs: [protos], keepCase: true, longs: String, enums: String, defaults: true}));
const {RegistryService} = loaded.dondoc.registry.v1;
const {RefusalStatus, ErrorInfo} = loaded.dondoc.common.v1;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A client over mutual TLS. It connects when it is first used, and again by itself.
function connect(address, ca, certificate, key) {
  const credentials = grpc.credentials.createSsl(
      fs.readFileSync(ca), fs.readFileSync(key), fs.readFileSync(certificate));
  return new RegistryService(address, credentials, {
    // So that a watch notices a peer that vanished; the servers allow one ping every 20 s.
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 10_000,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    'grpc.enable_http_proxy': 0,
  });
}

// One call within its deadline. UNAVAILABLE is tried again with the same request, and so with the same
// request_id: what was done already is answered again, not done again.
async function call(client, method, request) {
  const deadline = Date.now() + DEADLINE_MS;
  for (let attempt = 1;; ++attempt) {
    try {
      return await new Promise((resolve, reject) => client[method](
          request, {deadline}, (error, answer) => error ? reject(error) : resolve(answer)));
    } catch (error) {
      const pause = Math.min(100 * 2 ** attempt, 1_000);
      const again = error.code === grpc.status.UNAVAILABLE && attempt < TRIES;
      if (!again || Date.now() + pause > deadline) throw error;
      await sleep(pause);
    }
  }
}

// The reason of a refusal and what it names; '' when it carries none.
function refusal(error) {
  const [bytes] = error.metadata ? error.metadata.get('grpc-status-details-bin') : [];
  if (!bytes) return {reason: '', metadata: {}};
  for (const detail of decode(RefusalStatus, bytes).details) {
    // The type is named google.rpc.ErrorInfo, whose fields these are.
    if (detail.type_url.endsWith('/google.rpc.ErrorInfo')) return decode(ErrorInfo, detail.value);
  }
  return {reason: '', metadata: {}};
}

function decode(type, bytes) {
  return type.deserialize(bytes);
}

// Every unit: pages follow until one has no token.
async function listUnits(client) {
  let token = '';
  do {
    const page = await call(client, 'ListUnits', {page_size: 2, page_token: token});
    for (const unit of page.units) console.log(unit.name, unit.display_name);
    token = page.next_page_token;
  } while (token);
}

async function showUnit(client, name) {
  console.log((await call(client, 'GetUnit', {name})).unit.display_name);
}

// Adds a division, and asks for the same once more, as after an answer that got lost.
async function addUnit(client, id, displayName) {
  const request = {
    request_id: crypto.randomUUID(),
    unit: {name: `units/${id}`, display_name: displayName, kind: 'UNIT_KIND_DIVISION',
           valid_from: '2023-01-01'},
  };
  const first = await call(client, 'AddUnit', request);
  const again = await call(client, 'AddUnit', request);
  if (JSON.stringify(first) !== JSON.stringify(again)) {
    throw new Error('a repetition gets the first answer');
  }
  console.log(first.unit.name, first.unit.etag);
}

// Says how far the work on an assignment is; refused when somebody has changed it since it was read.
async function report(client, name, percent) {
  const {etag} = (await call(client, 'GetAssignment', {name})).assignment;
  const request = {request_id: crypto.randomUUID(), name, etag, percent: Number(percent)};
  const {assignment} = await call(client, 'ReportProgress', request);
  console.log(assignment.name, assignment.percent);
}

// Follows one stream and answers where to go on and what ended it.
function follow(client, from, count) {
  return new Promise((resolve) => {
    const stream = client.WatchChanges({from_sequence: from.toString()});
    stream.on('data', ({change}) => {
      if (count === 0) return;
      console.log(change.sequence, change.type, change.name);
      from = BigInt(change.sequence) + 1n;
      if (--count === 0) stream.cancel();
    });
    // What has ended badly ends twice: the second time says nothing new.
    stream.on('error', (error) => resolve({from, count, error}));
    stream.on('end', () => resolve({from, count}));
  });
}

// Prints `count` changes from a sequence on. A real system keeps the last sequence with what it made of
// it, in one transaction; then nothing is missed and nothing is done twice.
async function watch(client, fromText, countText) {
  let [from, count] = [BigInt(fromText), Number(countText)];
  for (let heard = Date.now(); count > 0;) {
    const left = count;
    let error;
    ({from, count, error} = await follow(client, from, count));
    if (count === 0) return;
    if (count < left) heard = Date.now();
    const patient = Date.now() - heard < WATCH_PATIENCE_MS;
    if (error && (error.code !== grpc.status.UNAVAILABLE || !patient)) throw error;
    await sleep(500);
  }
}

async function main(words) {
  const commands = {list: [listUnits, 0], show: [showUnit, 1], add: [addUnit, 2], report: [report, 2],
                    watch: [watch, 2]};
  const [command, count] = commands[words[4]] || [];
  if (!command || words.length !== 5 + count) {
    console.error(fs.readFileSync(__filename, 'utf8').split("'use strict'")[0]);
    return USAGE;
  }
  const client = connect(...words.slice(0, 4));
  try {
    await command(client, ...words.slice(5));
    return 0;
  } catch (error) {
    if (error.code === undefined) throw error;
    const {reason, metadata} = refusal(error);
    console.error(grpc.status[error.code], reason, error.details, JSON.stringify(metadata));
    const away = [grpc.status.UNAVAILABLE, grpc.status.DEADLINE_EXCEEDED];
    return away.includes(error.code) ? UNAVAILABLE : REFUSED;
  } finally {
    client.close();
  }
}

main(process.argv.slice(2)).then((code) => { process.exitCode = code; });
