//! "Come to another room with me": a secret for one person, so it is said in a box and never shown as words.
//!
//! ```text
//! 11 invitation   name_len(2) ‖ name ‖ count × sid(16)
//! ```

use crypto::name::RoomName;
use crypto::wire::SenderId;
use crypto::wire::codec::{Reader, Writer};
use zeroize::Zeroizing;

use super::{INVITATION, Malformed};

/// The most people that are asked at once.
pub const MOST_INVITED: usize = 256;

/// An invitation as it is sealed, the same for all who get it.
pub(crate) fn encode(name: &RoomName, party: &[SenderId]) -> Zeroizing<Vec<u8>> {
    let name = name.as_str().as_bytes();
    // One allocation of the final size: growing would leave copies of the name behind.
    let mut writer = Writer::with_capacity(1 + 2 + name.len() + 16 * party.len());
    let length = u16::try_from(name.len()).unwrap_or(u16::MAX);
    writer.u8(INVITATION).u16(length).put(name);
    for sid in party {
        writer.put(&sid.0);
    }
    Zeroizing::new(writer.finish())
}

/// Reads what `author` has sealed for `me`: `Ok(None)` for anything else, which may be a body.
pub(crate) fn decode(
    bytes: &[u8],
    author: SenderId,
    me: SenderId,
) -> Result<Option<(RoomName, Vec<SenderId>)>, Malformed> {
    let mut reader = Reader::new(bytes);
    if reader.u8()? != INVITATION {
        return Ok(None);
    }
    let length = usize::from(reader.u16()?);
    let spelled = core::str::from_utf8(reader.take(length)?).map_err(|_| Malformed)?;
    let name = RoomName::parse(spelled).map_err(|_| Malformed)?;
    if name.as_str() != spelled {
        return Err(Malformed);
    }
    let (party, []) = reader.rest().as_chunks::<16>() else {
        return Err(Malformed);
    };
    let party: Vec<_> = party.iter().map(|sid| SenderId(*sid)).collect();
    if party.len() > MOST_INVITED || !party.contains(&me) || !is_party(&party, author) {
        return Err(Malformed);
    }
    Ok(Some((name, party)))
}

/// Whether `author` may ask these people: everybody once, and nobody themselves.
pub(crate) fn is_party(party: &[SenderId], author: SenderId) -> bool {
    let mut sorted = party.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len() == party.len() && !party.contains(&author)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Body;
    use super::*;

    const ASKS: SenderId = SenderId([9; 16]);
    const ME: SenderId = SenderId([1; 16]);
    const OTHER: SenderId = SenderId([2; 16]);

    fn name(text: &str) -> RoomName {
        RoomName::parse(text).unwrap()
    }

    fn raw(name: &[u8], rest: &[u8]) -> Vec<u8> {
        let length = u16::try_from(name.len()).unwrap().to_be_bytes();
        [&[11], length.as_slice(), name, rest].concat()
    }

    #[test]
    fn an_invitation_has_these_bytes() {
        let bytes = raw(b"maple-orbit", &[[1; 16], [2; 16]].concat());
        assert_eq!(bytes[..3], [11, 0, 11]);
        assert_eq!(*encode(&name("maple-orbit"), &[ME, OTHER]), bytes);
        let read = decode(&bytes, ASKS, ME).unwrap().unwrap();
        assert_eq!(read, (name("maple-orbit"), vec![ME, OTHER]));
        // Said to everybody it is none: the name would be no secret any more.
        assert_eq!(
            Body::decode(&bytes, ASKS),
            Ok(Body::Unknown { kind: INVITATION })
        );
        assert_eq!(decode(&[1, 0, b'x'], ASKS, ME), Ok(None));
        for cut in (1..bytes.len()).filter(|cut| *cut != bytes.len() - 16) {
            assert_eq!(decode(&bytes[..cut], ASKS, ME), Err(Malformed), "{cut}");
        }
    }

    #[test]
    fn what_breaks_the_rules_is_no_invitation() {
        let me = ME.0.as_slice();
        let crowd: Vec<u8> = (0..=MOST_INVITED)
            .flat_map(|n| [(n % 251) as u8, (n / 251) as u8 + 1].repeat(8))
            .chain(ME.0)
            .collect();
        for (bytes, why) in [
            (raw(b"", me), "no name"),
            (raw(b"Maple", me), "not canonical"),
            (raw(b"a b", me), "not canonical either"),
            (raw(b"\xff", me), "no UTF-8"),
            (raw("x".repeat(129).as_bytes(), me), "long name"),
            (raw(b"x", &[]), "for nobody"),
            (raw(b"x", &OTHER.0), "for somebody else"),
            (raw(b"x", &[me, me].concat()), "twice"),
            (raw(b"x", &[me, &ASKS.0].concat()), "asks themselves"),
            (raw(b"x", &[me, &[7]].concat()), "left over"),
            (raw(b"x", &crowd), "too many"),
        ] {
            assert_eq!(decode(&bytes, ASKS, ME), Err(Malformed), "{why}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_comes_back_as_it_was(
            spelled in "[a-z]{1,9}(-[a-z]{1,9}){0,6}",
            others in proptest::collection::btree_set(any::<[u8; 16]>(), 0..40),
        ) {
            let mut party: Vec<_> = others.into_iter().map(SenderId).collect();
            party.retain(|sid| ![ASKS, ME].contains(sid));
            party.push(ME);
            let bytes = encode(&name(&spelled), &party);
            let read = decode(&bytes, ASKS, ME);
            prop_assert_eq!(read, Ok(Some((name(&spelled), party))));
        }

        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = decode(&[&[INVITATION], bytes.as_slice()].concat(), ASKS, ME);
        }
    }
}
