import { PbfReader, PbfWriter } from "pbf";

// What is said on the data path of KV Connect, field by field by their numbers.

/** A value as it stands in a database: bytes, and how Deno is to read them. */
export interface RawValue {
  data: Uint8Array;
  encoding: number;
}

/** `versionstamp` has 10 bytes. */
export interface RawEntry {
  key: Uint8Array;
  value: RawValue;
  versionstamp: Uint8Array;
}

export interface ReadRange {
  start: Uint8Array;
  /** Left out of the range. */
  end: Uint8Array;
  limit: number;
  reverse: boolean;
}

/** An empty versionstamp: that there is no such row. */
export interface Check {
  key: Uint8Array;
  versionstamp: Uint8Array;
}

/** By `null` a row is deleted. */
export interface Mutation {
  key: Uint8Array;
  value: RawValue | null;
}

export interface AtomicWrite {
  checks: Check[];
  mutations: Mutation[];
}

const NONE: Uint8Array = new Uint8Array(0);
const SUCCESS = 1;
const CHECK_FAILURE = 2;
const SET = 1;
const DELETE = 2;

export function readSnapshotRead(bytes: Uint8Array): ReadRange[] {
  const ranges: ReadRange[] = [];
  new PbfReader(bytes).readFields((tag, into, pbf) => {
    if (tag !== 1) return;
    const range: ReadRange = {
      start: NONE,
      end: NONE,
      limit: 0,
      reverse: false,
    };
    into.push(pbf.readMessage((tag, into, pbf) => {
      if (tag === 1) into.start = pbf.readBytes();
      if (tag === 2) into.end = pbf.readBytes();
      if (tag === 3) into.limit = pbf.readVarint(true);
      if (tag === 4) into.reverse = pbf.readBoolean();
    }, range));
  }, ranges);
  return ranges;
}

/** @throws {RangeError} where something else than a set or a delete is asked for. */
export function readAtomicWrite(bytes: Uint8Array): AtomicWrite {
  const write: AtomicWrite = { checks: [], mutations: [] };
  new PbfReader(bytes).readFields((tag, into, pbf) => {
    if (tag === 1) into.checks.push(readCheck(pbf));
    if (tag === 2) into.mutations.push(readMutation(pbf));
    if (tag === 3) throw new RangeError("this database has no queue");
  }, write);
  return write;
}

function readCheck(pbf: PbfReader): Check {
  return pbf.readMessage((tag, into, pbf) => {
    if (tag === 1) into.key = pbf.readBytes();
    if (tag === 2) into.versionstamp = pbf.readBytes();
  }, { key: NONE, versionstamp: NONE });
}

function readMutation(pbf: PbfReader): Mutation {
  const read = { key: NONE, data: NONE, encoding: 0, type: 0 };
  pbf.readMessage((tag, into, pbf) => {
    if (tag === 1) into.key = pbf.readBytes();
    if (tag === 3) into.type = pbf.readVarint();
    if (tag !== 2) return;
    pbf.readMessage((tag, into, pbf) => {
      if (tag === 1) into.data = pbf.readBytes();
      if (tag === 2) into.encoding = pbf.readVarint();
    }, into);
  }, read);
  const { key, data, encoding, type } = read;
  if (type !== SET && type !== DELETE) {
    throw new RangeError(`this database knows no mutation of type ${type}`);
  }
  return { key, value: type === SET ? { data, encoding } : null };
}

/** @param ranges the rows of each */
export function writeSnapshotReadOutput(
  ranges: readonly RawEntry[][],
): Uint8Array<ArrayBuffer> {
  const pbf = new PbfWriter();
  for (const range of ranges) {
    pbf.writeMessage(1, (entries: readonly RawEntry[], pbf) => {
      for (const entry of entries) pbf.writeMessage(1, writeEntry, entry);
    }, range);
  }
  pbf.writeBooleanField(4, true);
  pbf.writeVarintField(8, SUCCESS);
  return new Uint8Array(pbf.finish());
}

function writeEntry(
  { key, value: { data, encoding }, versionstamp }: RawEntry,
  pbf: PbfWriter,
): void {
  pbf.writeBytesField(1, key);
  pbf.writeBytesField(2, data);
  pbf.writeVarintField(3, encoding);
  pbf.writeBytesField(4, versionstamp);
}

/** @param versionstamp of the write; null where a check has failed */
export function writeAtomicWriteOutput(
  versionstamp: Uint8Array | null,
): Uint8Array<ArrayBuffer> {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, versionstamp ? SUCCESS : CHECK_FAILURE);
  if (versionstamp) pbf.writeBytesField(2, versionstamp);
  return new Uint8Array(pbf.finish());
}
