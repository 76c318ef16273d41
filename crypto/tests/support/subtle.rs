//! The browser's own cryptography, as an independent opinion.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

fn subtle() -> SubtleCrypto {
    web_sys::window().unwrap().crypto().unwrap().subtle()
}

fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &JsValue::from_str(name), value).unwrap();
    }
    object
}

fn buffer(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

async fn key(bytes: &[u8], algorithm: &Object, usage: &str) -> CryptoKey {
    let usages = Array::of1(&JsValue::from_str(usage));
    let key = subtle()
        .import_key_with_object("raw", &Uint8Array::from(bytes), algorithm, false, &usages)
        .unwrap();
    JsFuture::from(key).await.unwrap().unchecked_into()
}

fn bytes(buffer: JsValue) -> Vec<u8> {
    Uint8Array::new(&buffer).to_vec()
}

/// PBKDF2-HMAC-SHA-512, 64 bytes.
pub(crate) async fn pbkdf2(password: &[u8], salt: &[u8], rounds: u32) -> Vec<u8> {
    let key = key(
        password,
        &object(&[("name", "PBKDF2".into())]),
        "deriveBits",
    )
    .await;
    let algorithm = object(&[
        ("name", "PBKDF2".into()),
        ("hash", "SHA-512".into()),
        ("salt", buffer(salt)),
        ("iterations", rounds.into()),
    ]);
    let derived = subtle()
        .derive_bits_with_object(&algorithm, &key, 512)
        .unwrap();
    bytes(JsFuture::from(derived).await.unwrap())
}

/// HMAC-SHA-512.
pub(crate) async fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let algorithm = object(&[("name", "HMAC".into()), ("hash", "SHA-512".into())]);
    let key = key(secret, &algorithm, "sign").await;
    let tag = subtle()
        .sign_with_object_and_u8_array(&algorithm, &key, message)
        .unwrap();
    bytes(JsFuture::from(tag).await.unwrap())
}

/// HKDF-SHA-512-Expand, built on the browser's HMAC: the browser's HKDF cannot leave Extract out.
pub(crate) async fn expand(secret: &[u8], info: &[u8], length: usize) -> Vec<u8> {
    let (mut output, mut block) = (Vec::new(), Vec::new());
    for counter in 1.. {
        block = hmac(secret, &[&block[..], info, &[counter]].concat()).await;
        output.extend_from_slice(&block);
        if output.len() >= length {
            output.truncate(length);
            break;
        }
    }
    output
}

/// AES-256-GCM without additional data; `None` where it does not open.
pub(crate) async fn open(secret: &[u8], nonce: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = key(secret, &object(&[("name", "AES-GCM".into())]), "decrypt").await;
    let algorithm = object(&[("name", "AES-GCM".into()), ("iv", buffer(nonce))]);
    let opened = subtle()
        .decrypt_with_object_and_u8_array(&algorithm, &key, sealed)
        .unwrap();
    JsFuture::from(opened).await.ok().map(bytes)
}

/// Random bytes.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    web_sys::window()
        .unwrap()
        .crypto()
        .unwrap()
        .get_random_values_with_u8_array(&mut bytes)
        .unwrap();
    bytes
}
