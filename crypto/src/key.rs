//! Every derivation of the project: HKDF with SHA-512 (RFC 5869), every label, and the type of a derived key.

use core::fmt;
use core::marker::PhantomData;

use primitives::HmacSha512;
use zeroize::Zeroizing;

/// Every string that separates one use of a key, a hash or a signature from all others. The tunnel's are in
/// [`wire::handshake`](crate::wire::handshake), because the relay needs them too.
pub(crate) mod label {
    // PBKDF2: salt of the stretch.
    pub(crate) const STRETCH: &[u8] = b"roomkey/1 room\0";

    // HKDF-Expand of the stretched room name.
    pub(crate) const ROOM_AUTH: &[u8] = b"roomkey/1 room-auth";
    pub(crate) const ROOM_KEY: &[u8] = b"roomkey/1 room-key";
    pub(crate) const HISTORY: &[u8] = b"roomkey/1 history";
    pub(crate) const FACE: &[u8] = b"roomkey/1 face";
    pub(crate) const CHECK: &[u8] = b"roomkey/1 check";
    pub(crate) const TAB: &[u8] = b"roomkey/1 tab";
    pub(crate) const SECRET_MARK: &[u8] = b"roomkey/1 secret mark";
    pub(crate) const PURGE: &[u8] = b"roomkey/1 purge";

    // HKDF-Expand of a session's signing seed, and of the control key that comes of it.
    pub(crate) const CONTROL_KEY: &[u8] = b"roomkey/1 control key";
    pub(crate) const HOLDER_PURGE: &[u8] = b"roomkey/1 holder purge";

    // HKDF-Expand of a chain key.
    pub(crate) const MESSAGE_KEY: &[u8] = b"roomkey/1 mk";
    pub(crate) const CHAIN_KEY: &[u8] = b"roomkey/1 ck";

    // HKDF-Expand of a message key.
    pub(crate) const MESSAGE_SEAL: &[u8] = b"roomkey/1 message seal";
    pub(crate) const MESSAGE_COMMITMENT: &[u8] = b"roomkey/1 message commitment";

    // HKDF-Expand of a pairwise secret, then of one direction of it.
    pub(crate) const PAIRWISE: &[u8] = b"roomkey/1 pairwise";
    pub(crate) const BOX: &[u8] = b"roomkey/1 box";

    // Cobblestone contexts.
    pub(crate) const ENVELOPE: &[u8] = b"roomkey/1 env";
    pub(crate) const START: &[u8] = b"roomkey/1 start";
    pub(crate) const LONE: &[u8] = b"roomkey/1 lone";
    pub(crate) const FILE: &[u8] = b"roomkey/1 file";
    pub(crate) const TAB_STATE: &[u8] = b"roomkey/1 tab state";

    // Additional data of bodies, input of signatures and of hashes.
    pub(crate) const BODY: &[u8] = b"roomkey/1\0";
    pub(crate) const SIGNATURE: &[u8] = b"roomkey/1 sig\0";
    pub(crate) const SENDER_ID: &[u8] = b"roomkey/1 sid";
    pub(crate) const MEMBER_TAG: &[u8] = b"roomkey/1 tag";
    pub(crate) const STATEMENT: &[u8] = b"roomkey/1 statement\0";
    pub(crate) const SAFETY: &[u8] = b"roomkey/1 safety";
    pub(crate) const SEEN: &[u8] = b"roomkey/1 seen";
    pub(crate) const IDENTITY: &[u8] = b"roomkey/1 identity\0";

    #[cfg(test)]
    pub(super) const ALL: &[&[u8]] = &[
        STRETCH,
        ROOM_AUTH,
        ROOM_KEY,
        HISTORY,
        FACE,
        CHECK,
        TAB,
        SECRET_MARK,
        PURGE,
        CONTROL_KEY,
        HOLDER_PURGE,
        MESSAGE_KEY,
        CHAIN_KEY,
        MESSAGE_SEAL,
        MESSAGE_COMMITMENT,
        PAIRWISE,
        BOX,
        ENVELOPE,
        START,
        LONE,
        FILE,
        TAB_STATE,
        BODY,
        SIGNATURE,
        SENDER_ID,
        MEMBER_TAG,
        STATEMENT,
        SAFETY,
        SEEN,
        IDENTITY,
    ];
}

/// HKDF-Expand with SHA-512 (RFC 5869 §2.3); `info` is the concatenation of its parts. `secret` is uniformly random.
pub(crate) fn expand<const N: usize>(secret: &[u8], info: &[&[u8]]) -> Zeroizing<[u8; N]> {
    // RFC 5869 wants a PRK of at least a hash's length; the chunked-encryption scheme and the chains expand 32-byte
    // keys directly, which HMAC pads as it does any short key. `Hkdf::from_prk` would refuse those.
    let mut output = Zeroizing::new([0; N]);
    let keyed = HmacSha512::new(secret);
    let mut previous = Zeroizing::new(Vec::new());
    for (counter, block) in (1..=u8::MAX).zip(output.chunks_mut(64)) {
        let mut mac = keyed.clone();
        mac.update(&previous);
        for part in info {
            mac.update(part);
        }
        mac.update(&[counter]);
        previous.clear();
        previous.extend_from_slice(Zeroizing::new(mac.finish()).as_slice());
        for (slot, byte) in block.iter_mut().zip(previous.iter()) {
            *slot = *byte;
        }
    }
    output
}

/// HKDF-Extract with SHA-512 (RFC 5869 §2.2).
pub(crate) fn extract(salt: &[u8], ikm: &[u8]) -> Zeroizing<[u8; 64]> {
    let mut mac = HmacSha512::new(salt);
    mac.update(ikm);
    Zeroizing::new(mac.finish())
}

/// What a derived key is for. Implemented by the markers below only.
pub trait Purpose: sealed::Sealed {
    /// The HKDF label.
    #[doc(hidden)]
    const LABEL: &'static [u8];
    /// The name that `Debug` shows.
    #[doc(hidden)]
    const NAME: &'static str;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! purposes {
    ($($(#[$doc:meta])* $name:ident = $label:path),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Purpose for $name {
            const LABEL: &'static [u8] = $label;
            const NAME: &'static str = stringify!($name);
        }
    )+};
}

purposes! {
    /// Seed of the Ed25519 key whose public half is the room's address.
    RoomAuth = label::ROOM_AUTH,
    /// Seals every envelope's outer layer.
    Envelope = label::ROOM_KEY,
    /// Seals the start of chains in open-history rooms.
    History = label::HISTORY,
    /// What the room's face is drawn from.
    FaceSeed = label::FACE,
    /// Seals a tab's saved state.
    Tab = label::TAB,
}

/// A 32-byte key that can only be used for `P`. Wiped on drop; `Debug` shows the purpose alone.
pub struct Key<P: Purpose> {
    bytes: Zeroizing<[u8; 32]>,
    purpose: PhantomData<P>,
}

impl<P: Purpose> Key<P> {
    /// Derives the key from the stretched room name.
    pub(crate) fn derive(root: &[u8; 64]) -> Self {
        Self {
            bytes: expand(root, &[P::LABEL]),
            purpose: PhantomData,
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl<P: Purpose> Clone for Key<P> {
    fn clone(&self) -> Self {
        Self {
            bytes: self.bytes.clone(),
            purpose: PhantomData,
        }
    }
}

impl<P: Purpose> fmt::Debug for Key<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key<{}>(…)", P::NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hkdf::Hkdf;
    use sha2::Sha512;

    #[test]
    fn no_label_is_used_twice() {
        let distinct: std::collections::HashSet<_> = label::ALL.iter().collect();
        assert_eq!(distinct.len(), label::ALL.len());
    }

    #[test]
    fn extracting_and_expanding_agree_with_the_hkdf_crate() {
        let (prk, _) = Hkdf::<Sha512>::extract(Some(b"salt"), b"input");
        assert_eq!(*extract(b"salt", b"input"), <[u8; 64]>::from(prk));
        let secret = [7; 64];
        let mut expected = [0; 200];
        Hkdf::<Sha512>::from_prk(&secret)
            .unwrap()
            .expand(b"one two", &mut expected)
            .unwrap();
        assert_eq!(*expand::<200>(&secret, &[b"one ", b"two"]), expected);
    }

    #[test]
    fn purposes_give_different_keys() {
        let root = [1; 64];
        assert_ne!(
            Key::<Envelope>::derive(&root).as_bytes(),
            Key::<History>::derive(&root).as_bytes()
        );
    }

    #[test]
    fn debug_shows_the_purpose_alone() {
        assert_eq!(
            format!("{:?}", Key::<Envelope>::derive(&[1; 64])),
            "Key<Envelope>(…)"
        );
    }
}
