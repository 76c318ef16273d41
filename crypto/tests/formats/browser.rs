//! Differential tests against the browser's own cryptography, with inputs that are new on every run.

use crypto::cobblestone;
use crypto::kdf::{ROUNDS, Salt, stretch};
use crypto::name::RoomName;
use crypto::room::RoomKeys;
use wasm_bindgen_test::wasm_bindgen_test;

use super::rng::Frozen;

#[path = "../support/subtle.rs"]
mod subtle;

fn seed() -> u64 {
    u64::from_be_bytes(subtle::random())
}

#[wasm_bindgen_test]
async fn stretching_is_the_browsers_pbkdf2() {
    let salt = Salt(subtle::random());
    let name = RoomName::generate(&mut Frozen::new(seed()));
    let expected = subtle::pbkdf2(
        name.as_str().as_bytes(),
        &[b"roomkey/1 room\0", &salt.0[..]].concat(),
        ROUNDS,
    )
    .await;
    assert_eq!(stretch(&name, None, &salt).to_bytes().as_slice(), expected);
}

#[wasm_bindgen_test]
async fn derived_keys_are_the_browsers_hmac_and_sha_512() {
    let root: [u8; 64] = subtle::random();
    let expected = subtle::expand(&root, b"roomkey/1 check", 16).await;
    assert_eq!(RoomKeys::from_bytes(&root).check().as_slice(), expected);
}

#[wasm_bindgen_test]
async fn what_we_seal_the_browser_opens() {
    for length in [0, 1, 256, 16_383, 16_384, 40_000] {
        let key: [u8; 32] = subtle::random();
        let plaintext = vec![0x5A; length];
        let sealed = cobblestone::seal(&key, b"context", &plaintext, &mut Frozen::new(seed()));
        let info = [
            b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0",
            &sealed[..24],
            b"context",
        ]
        .concat();
        let derived = subtle::expand(&key, &info, 76).await;
        assert_eq!(derived[44..], sealed[24..56]);
        let mut opened = Vec::new();
        for (index, chunk) in sealed[56..].chunks(16_400).enumerate() {
            let mut nonce = derived[32..44].to_vec();
            nonce[11] ^= u8::try_from(index).unwrap();
            opened.extend(subtle::open(&derived[..32], &nonce, chunk).await.unwrap());
        }
        assert_eq!(opened, plaintext);
    }
}
