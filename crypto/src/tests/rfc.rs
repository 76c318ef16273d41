//! The examples that the standards themselves give.

use ed25519_dalek::{Signer, SigningKey};
use hex::decode;
use primitives::Pbkdf2;
use x25519_dalek::x25519;

use crate::key::{expand, extract};
use crate::seal::{Cipher, Nonce};

#[expect(clippy::unwrap_used, reason = "what fails here is the test")]
fn array<const N: usize>(text: &str) -> [u8; N] {
    decode(text).unwrap().try_into().unwrap()
}

#[test]
fn pbkdf2_hmac_sha_512_of_password_and_salt() {
    // The inputs of RFC 6070 with SHA-512, as published by several implementations.
    let expected = [
        (
            1,
            "867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce",
        ),
        (
            2,
            "e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53cf76cab2868a39b9f7840edce4fef5a82be67335c77a6068e04112754f27ccf4e",
        ),
        (
            4096,
            "d197b1b33db0143e018b12f3d1d1479e6cdebdcc97c5c0f87f6902e072f457b5143f30602641b3d55cd335988cb36b84376060ecd532e039b742a239434af2d5",
        ),
    ];
    for (rounds, output) in expected {
        let mut work = Pbkdf2::start(b"password", b"salt");
        work.run(rounds - 1);
        assert_eq!(*work.output(), array(output));
    }
}

#[test]
fn hkdf_inputs_of_rfc_5869_with_sha_512() {
    let secret = extract(&decode("000102030405060708090a0b0c").unwrap(), &[0x0b; 22]);
    assert_eq!(
        *secret,
        array(
            "665799823737ded04a88e47e54a5890bb2c3d247c7a4254a8e61350723590a26c36238127d8661b88cf80ef802d57e2f7cebcf1e00e083848be19929c61b4237"
        )
    );
    let output = expand::<42>(
        secret.as_slice(),
        &[&decode("f0f1f2f3f4f5f6f7f8f9").unwrap()],
    );
    assert_eq!(
        *output,
        array(
            "832390086cda71fb47625bb5ceb168e4c8e26a1a16ed34d9fc7fe92c1481579338da362cb8d9f925d7cb"
        )
    );
}

#[test]
fn aes_256_gcm_test_cases_14_and_16() {
    let cipher = Cipher::new(&[0; 32]);
    let sealed = cipher.seal(Nonce::ONCE, &[], &[0; 16]);
    assert_eq!(
        sealed,
        decode("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919").unwrap()
    );
    let cipher = Cipher::new(&array(
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
    ));
    let sealed = cipher.seal(
        Nonce::counted(&array("cafebabefacedbaddecaf888"), 0),
        &decode("feedfacedeadbeeffeedfacedeadbeefabaddad2").unwrap(),
        &decode("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39").unwrap(),
    );
    assert_eq!(
        hex::encode(&sealed[60..]),
        "76fc6ece0f4e1768cddf8853bb2d551b"
    );
}

#[test]
fn x25519_of_rfc_7748() {
    let shared = x25519(
        array("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
        array("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"),
    );
    assert_eq!(
        shared,
        array("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
    );
    let (mut k, mut u) = (
        x25519_dalek::X25519_BASEPOINT_BYTES,
        x25519_dalek::X25519_BASEPOINT_BYTES,
    );
    for _ in 0..1000 {
        (k, u) = (x25519(k, u), k);
    }
    assert_eq!(
        k,
        array("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51")
    );
}

#[test]
fn ed25519_of_rfc_8032() {
    let key = SigningKey::from_bytes(&array(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    ));
    assert_eq!(
        key.verifying_key().to_bytes(),
        array("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    );
    assert_eq!(
        key.sign(&[0x72]).to_bytes(),
        array(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        )
    );
}
