//! Project Wycheproof's vectors for every primitive, through the very functions that the protocol uses.

use ed25519_dalek::{Signature, VerifyingKey};
use primitives::Pbkdf2;
use rsa::{BoxedUint, Oaep, RsaPrivateKey};
use sha2::{Digest, Sha256, Sha512};
use wycheproof::TestResult;
use x25519_dalek::{PublicKey, StaticSecret};

use crate::cobblestone;
use crate::key::{expand, extract};
use crate::seal::{Cipher, Nonce};

#[test]
fn aes_256_gcm_passes() {
    use wycheproof::aead::{TestName, TestSet};
    let mut passed = 0;
    for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
        if (group.key_size, group.nonce_size, group.tag_size) != (256, 96, 128) {
            continue;
        }
        for test in group.tests {
            let cipher = Cipher::new(test.key.as_slice().try_into().unwrap());
            let nonce = || Nonce::counted(test.nonce.as_slice().try_into().unwrap(), 0);
            let sealed = [test.ct.as_slice(), &test.tag].concat();
            let opened = cipher.open(nonce(), &test.aad, &sealed);
            if test.result == TestResult::Valid {
                assert_eq!(
                    opened.unwrap().as_slice(),
                    test.pt.as_slice(),
                    "{}",
                    test.tc_id
                );
                assert_eq!(
                    cipher.seal(nonce(), &test.aad, &test.pt),
                    sealed,
                    "{}",
                    test.tc_id
                );
            } else {
                assert!(opened.is_err(), "{}", test.tc_id);
            }
            passed += 1;
        }
    }
    assert!(passed >= 60, "{passed}");
}

#[test]
fn cobblestone_256_passes() {
    use wycheproof::chunked_encryption::{TestName, TestSet};
    let mut passed = 0;
    for group in TestSet::load(TestName::Cobblestone256).unwrap().test_groups {
        for test in group.tests {
            passed += 1;
            let sealed = miniz_oxide::inflate::decompress_to_vec_zlib(&test.ct).unwrap();
            let Ok(key) = <&[u8; 32]>::try_from(test.key.as_slice()) else {
                assert_ne!(test.result, TestResult::Valid);
                continue;
            };
            let opened = cobblestone::open(key, &test.ctx, &sealed);
            if test.result == TestResult::Valid {
                let opened = opened.unwrap();
                assert_eq!(Some(opened.len()), test.msg_length, "{}", test.tc_id);
                assert_eq!(
                    Sha512::digest(&opened).as_slice(),
                    test.msg_sha512.unwrap().as_slice(),
                    "{}",
                    test.tc_id
                );
            } else {
                assert!(opened.is_err(), "{}", test.tc_id);
            }
        }
    }
    assert_eq!(passed, 35);
}

#[test]
fn hkdf_sha_512_passes() {
    use wycheproof::hkdf::{TestName, TestSet};
    let mut passed = 0;
    for group in TestSet::load(TestName::HkdfSha512).unwrap().test_groups {
        for test in group
            .tests
            .into_iter()
            .filter(|test| test.result != TestResult::Invalid)
        {
            let secret = extract(&test.salt, &test.ikm);
            let output = expand::<16320>(secret.as_slice(), &[&test.info]);
            assert_eq!(output[..test.size], *test.okm.as_slice(), "{}", test.tc_id);
            passed += 1;
        }
    }
    assert!(passed >= 80, "{passed}");
}

#[test]
fn pbkdf2_hmac_sha_512_passes() {
    use wycheproof::pbkdf2::{TestName, TestSet};
    let mut passed = 0;
    for group in TestSet::load(TestName::Pbkdf2HmacSha512)
        .unwrap()
        .test_groups
    {
        for test in group.tests {
            // One block is all that this implementation computes, and the first block is the same for any length.
            let length = test.dk_len.min(64);
            let mut work = Pbkdf2::start(&test.password, &test.salt);
            work.run(u32::try_from(test.iteration_count).unwrap() - 1);
            assert_eq!(
                work.output()[..length],
                test.dk.as_slice()[..length],
                "{}",
                test.tc_id
            );
            passed += 1;
        }
    }
    assert!(passed >= 50, "{passed}");
}

#[test]
fn x25519_passes_and_zero_secrets_are_told_apart() {
    use wycheproof::xdh::{TestName, TestSet};
    let mut passed = 0;
    for group in TestSet::load(TestName::X25519).unwrap().test_groups {
        for test in group.tests {
            let (Ok(secret), Ok(public)) = (
                <[u8; 32]>::try_from(test.private_key.as_slice()),
                <[u8; 32]>::try_from(test.public_key.as_slice()),
            ) else {
                continue;
            };
            let shared = StaticSecret::from(secret).diffie_hellman(&PublicKey::from(public));
            assert_eq!(
                shared.as_bytes(),
                test.shared_secret.as_slice(),
                "{}",
                test.tc_id
            );
            assert_eq!(
                shared.was_contributory(),
                *shared.as_bytes() != [0; 32],
                "{}",
                test.tc_id
            );
            passed += 1;
        }
    }
    assert!(passed >= 500, "{passed}");
}

#[test]
fn ed25519_verified_strictly_passes() {
    use wycheproof::eddsa::{TestName, TestSet};
    let mut passed = 0;
    for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
        let key = VerifyingKey::from_bytes(group.key.pk.as_slice().try_into().unwrap()).unwrap();
        for test in group.tests {
            let verified = Signature::from_slice(&test.sig)
                .is_ok_and(|sig| key.verify_strict(&test.msg, &sig).is_ok());
            assert_eq!(verified, test.result == TestResult::Valid, "{}", test.tc_id);
            passed += 1;
        }
    }
    assert!(passed >= 140, "{passed}");
}

#[test]
fn rsa_oaep_3072_passes_on_the_private_side() {
    use wycheproof::rsa_oaep::{TestName, TestSet};
    let mut passed = 0;
    for group in TestSet::load(TestName::Rsa3072Sha256Mgf1Sha256)
        .unwrap()
        .test_groups
    {
        let number = |bytes: &[u8], bits| {
            let start = bytes.iter().position(|byte| *byte != 0).unwrap();
            BoxedUint::from_be_slice(&bytes[start..], bits).unwrap()
        };
        let (n, e, d) = (
            number(&group.key.n, 3072),
            number(&group.key.e, 32),
            number(&group.key.d, 3072),
        );
        let key = RsaPrivateKey::from_components(n, e, d, Vec::new()).unwrap();
        for test in group.tests {
            let padding = Oaep::<Sha256>::new_with_label(test.label.as_slice());
            let opened = key.decrypt(padding, &test.ct);
            match test.result {
                TestResult::Valid => {
                    assert_eq!(opened.unwrap(), test.pt.as_slice(), "{}", test.tc_id)
                }
                TestResult::Acceptable => {}
                TestResult::Invalid => assert!(opened.is_err(), "{}", test.tc_id),
            }
            passed += 1;
        }
    }
    assert!(passed >= 30, "{passed}");
}
