// The page's own check of the audit log, against what the gateway's tree makes (tests/web/tree.json is written by src/audit/vectors.rs).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { found } from "../../web/console/check.js";
import { open } from "../../web/console/note.js";
import { base64, commitment, continues, entry, hash, includes, leafHash } from "../../web/console/proof.js";

const { roots, leaves, inclusion, consistency, record, note, key } = JSON.parse(readFileSync(join(import.meta.dirname, "tree.json"), "utf8"));

/** @param {number} size */
const tree = (size) => ({ size, root: roots[size] });

const OTHER = await leafHash("other");

/**
 * `path` with one thing wrong: a hash another, a hash too few, a hash too many.
 * @param {string[]} path
 */
const spoiled = (path) => [
  [...path, OTHER],
  ...path.map((_, at) => path.with(at, OTHER)),
  ...path.map((_, at) => path.toSpliced(at, 1)),
];

test("hashes_are_those_of_the_reference_implementation", async () => {
  assert.equal(base64(await hash()), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  assert.equal(roots[0], "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  // RFC 6962's empty leaf.
  assert.equal(await leafHash(""), "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=");
});

test("every_inclusion_proof_of_the_gateway_holds_and_every_altered_one_fails", async () => {
  for (const { index, size, path } of inclusion) {
    assert.ok(await includes(leaves[index], index, tree(size), path), `leaf ${index} of ${size}`);
    assert.ok(!(await includes(OTHER, index, tree(size), path)));
    assert.ok(!(await includes(leaves[index], index, { size, root: OTHER }, path)));
    for (const wrong of spoiled(path)) assert.ok(!(await includes(leaves[index], index, tree(size), wrong)), `leaf ${index} of ${size}`);
  }
  assert.ok(!(await includes(leaves[4], 5, tree(5), [])));
});

test("every_consistency_proof_of_the_gateway_holds_and_every_altered_one_fails", async () => {
  for (const { from, to, path } of consistency) {
    assert.ok(await continues(tree(from), tree(to), path), `${from} to ${to}`);
    if (from > 0 && from < to) {
      assert.ok(!(await continues({ size: from, root: OTHER }, tree(to), path)));
      assert.ok(!(await continues(tree(from), { size: to, root: OTHER }, path)));
    }
    for (const wrong of spoiled(path)) assert.ok(!(await continues(tree(from), tree(to), wrong)), `${from} to ${to}`);
  }
  assert.ok(!(await continues(tree(6), tree(5), [])));
});

test("a_log_of_more_than_32_bits_of_records_is_climbed_to_its_top", async () => {
  const size = 2 ** 33;
  const path = Array.from({ length: 33 }, () => OTHER);
  let root = leaves[0];
  for (const sibling of path) root = base64(await hash([1], Buffer.from(root, "base64"), Buffer.from(sibling, "base64")));
  assert.ok(await includes(leaves[0], 0, { size, root }, path));
});

test("the_commitment_and_the_leaf_of_a_record_are_the_gateways", async () => {
  assert.equal(await commitment(record.salt, record.record), record.commitment);
  assert.equal(await leafHash(entry(record)), record.leaf);
});

/** A record that is alone in its log, as the page shows it and as it is proven. */
const shown = () => {
  const { at, action, subject, actor } = JSON.parse(record.record);
  return { position: 0, at, action, subject, account: actor, name: null, role: null, details: null, erased_by: null };
};
const checkpoint = { origin: "o", size: 1, root: record.leaf, signature: /** @type {const} */ ("good") };
const proof = { ...record, erased_by: null, path: [] };

test("a_record_is_good_and_whatever_is_changed_in_it_is_named", async () => {
  assert.equal(await found(shown(), proof, checkpoint), "good");
  assert.equal(await found(shown(), { ...proof, record: `${record.record} ` }, checkpoint), "text");
  assert.equal(await found(shown(), { ...proof, salt: base64(await hash("pepper")) }, checkpoint), "text");
  assert.equal(await found({ ...shown(), subject: "camera:x" }, proof, checkpoint), "shown");
  assert.equal(await found({ ...shown(), action: "log_out" }, proof, checkpoint), "shown");
  assert.equal(await found({ ...shown(), at: "2026-09-01T04:00:01Z" }, proof, checkpoint), "shown");
  assert.equal(await found(shown(), { ...proof, at: record.at + 1 }, checkpoint), "tree");
  const erased = { ...proof, record: null, salt: null };
  assert.equal(await found(shown(), { ...erased, erased_by: 7 }, checkpoint), "erased");
  assert.equal(await found(shown(), erased, checkpoint), "emptied");
  const text = record.record.replace("192.0.2.7", "192.0.2.8");
  const anew = { ...proof, record: text, commitment: await commitment(record.salt, text) };
  assert.equal(await found(shown(), anew, checkpoint), "tree", "a new commitment makes another leaf");
});

test("a_checkpoint_of_the_gateway_opens_with_its_key_however_it_was_pasted", async () => {
  const opened = await open(note, key);
  assert.deepEqual(opened, { origin: "tereze.example/audit", size: 8, root: roots[8], signature: "good" });
  for (const pasted of [`\n${note}\n\n`, note.replaceAll("\n", "\r\n"), note.trim()]) assert.deepEqual(await open(pasted, ` ${key}\n`), opened);
});

test("a_checkpoint_that_was_altered_or_is_anothers_is_not_believed", async () => {
  assert.equal((await open(note.replace("\n8\n", "\n7\n"), key))?.signature, "bad");
  assert.equal((await open(note.replace(roots[8], roots[7]), key))?.signature, "bad");
  assert.equal((await open(note.replace(roots[8], roots[8]), key.replace(/\+[0-9a-f]{8}\+/, "+00000000+")))?.signature, "bad");
  for (const nothing of ["", "x", note.split("\n\n")[0], note.replace("\n8\n", "\n08\n"), note.replaceAll("tereze.example", "tereze.exemple")]) {
    assert.equal(await open(nothing, key), null, nothing);
  }
  assert.equal(await open(note, "no key"), null);
});
