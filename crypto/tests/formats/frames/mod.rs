//! Every frame as bytes, field by field, and every way to get one wrong that has a name.

use std::time::Duration;

use crypto::wire::{
    ClientToRelay, DecodeError, FileAnswer, FileId, FileRequest, JoinOutcome, Keep, Life, Lifetime,
    LocalId, MemberId, Missed, Opening, Order, PieceId, PublishView, Refusal, RelayToClient,
    Resume, ResumeToken, RoomId, RoomMode, RoomState, Seq, TimeLeft, delivered_head, publish_view,
};

mod to_client;
mod to_relay;

use to_client::to_client;
use to_relay::to_relay;

type Fields = &'static [(&'static str, &'static str)];

fn bytes(fields: &[(&str, &str)]) -> Vec<u8> {
    let hex: String = fields.iter().map(|(hex, _)| *hex).collect();
    hex::decode(hex.split_whitespace().collect::<String>()).unwrap()
}

const ROOM: &str = "a0a1a2a3a4a5a6a7 a8a9aaabacadaeaf b0b1b2b3b4b5b6b7 b8b9babbbcbdbebf";
const PROOF: &str = "0101010101010101 0101010101010101 0101010101010101 0101010101010101
                     0202020202020202 0202020202020202 0202020202020202 0202020202020202";
const ZERO_32: &str = "0000000000000000 0000000000000000 0000000000000000 0000000000000000";
const ZERO_16: &str = "0000000000000000 0000000000000000";
const ZERO_28: &str = "0000000000000000 0000000000000000 0000000000000000 00000000";
const ZERO_31: &str = "0000000000000000 0000000000000000 0000000000000000 00000000000000";
const ZERO_40: &str =
    "0000000000000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000";
const CONTROL: &str = "cccccccccccccccc cccccccccccccccc cccccccccccccccc cccccccccccccccc";
const PURGE: &str = "dddddddddddddddd dddddddddddddddd dddddddddddddddd dddddddddddddddd";
const MEMBER: &str = "e0e1e2e3e4e5e6e7 e8e9eaebecedeeef";
const TOKEN: &str = "f0f1f2f3f4f5f6f7 f8f9fafbfcfdfeff";

const FILE: &str = "1011121314151617 18191a1b1c1d1e1f";

fn piece_id() -> PieceId {
    PieceId {
        owner: MemberId(counting(0xE0)),
        file: FileId(counting(0x10)),
        index: 263,
    }
}

fn counting<const N: usize>(from: u8) -> [u8; N] {
    core::array::from_fn(|at| from + u8::try_from(at).unwrap())
}

fn proof() -> [u8; 64] {
    core::array::from_fn(|at| if at < 32 { 1 } else { 2 })
}

fn control(order: Order) -> ClientToRelay {
    ClientToRelay::Control {
        local: LocalId(7),
        signer: [0xCC; 32],
        order,
        signature: proof(),
    }
}

/// The frames as the text that `tests/vectors/frames.txt` holds.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn sheet() -> String {
    let mut text = String::from(
        "# Every frame, field by field. Made by: cargo run -p roomkey-crypto --example format_vectors\n",
    );
    let frames = to_relay()
        .into_iter()
        .map(|(name, fields, _)| ("to the relay", name, fields));
    let frames = frames.chain(
        to_client()
            .into_iter()
            .map(|(name, fields, _)| ("to a client", name, fields)),
    );
    for (direction, name, fields) in frames {
        text.push_str(&format!("\n[{direction}: {name}]\n"));
        for (hex, field) in fields {
            let hex: String = hex.split_whitespace().collect();
            text.push_str(&format!("{hex}  # {field}\n"));
        }
    }
    text
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_frame_has_exactly_these_bytes() {
    for (name, fields, frame) in to_relay() {
        assert_eq!(
            hex::encode(frame.encode()),
            hex::encode(bytes(fields)),
            "{name}"
        );
        assert_eq!(ClientToRelay::decode(&bytes(fields)), Ok(frame), "{name}");
    }
    for (name, fields, frame) in to_client() {
        assert_eq!(
            hex::encode(frame.encode()),
            hex::encode(bytes(fields)),
            "{name}"
        );
        assert_eq!(RelayToClient::decode(&bytes(fields)), Ok(frame), "{name}");
    }
}

/// How many bytes stand in front of a frame's envelope, which may have any length.
fn before_envelope(name: &str) -> usize {
    match name {
        "publish" => 6,
        "delivered" => 26,
        "purge" => 37,
        "purged" => 17,
        _ => usize::MAX,
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_cut_frame_is_refused_and_so_is_every_longer_one() {
    // An envelope may have any length as far as its frame is concerned; all that must be there is what precedes it.
    for (name, fields, _) in to_relay() {
        let (frame, fixed) = (bytes(fields), before_envelope(name));
        for cut in 0..frame.len().min(fixed) {
            assert_eq!(
                ClientToRelay::decode(&frame[..cut]),
                Err(DecodeError::Truncated),
                "{name} cut at {cut}"
            );
        }
        let longer = ClientToRelay::decode(&[frame, vec![0]].concat());
        assert!(
            fixed != usize::MAX || longer == Err(DecodeError::Trailing),
            "{name}"
        );
    }
    for (name, fields, _) in to_client() {
        let (frame, fixed) = (bytes(fields), before_envelope(name));
        for cut in 0..frame.len().min(fixed) {
            assert_eq!(
                RelayToClient::decode(&frame[..cut]),
                Err(DecodeError::Truncated),
                "{name} cut at {cut}"
            );
        }
        let longer = RelayToClient::decode(&[frame, vec![0]].concat());
        assert!(
            fixed != usize::MAX || longer == Err(DecodeError::Trailing),
            "{name}"
        );
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_wrong_value_is_refused_by_name() {
    let change = |frames: &[(&str, Fields)], name: &str, at: usize, byte: u8| {
        let (_, fields) = frames.iter().find(|(found, _)| *found == name).unwrap();
        let mut frame = bytes(fields);
        frame[at] = byte;
        frame
    };
    let up: Vec<(&str, Fields)> = to_relay()
        .into_iter()
        .map(|(name, fields, _)| (name, fields))
        .collect();
    let opening = "join a room, opening it if need be";
    for (name, at, byte, error) in [
        ("ping", 0, 0x08, DecodeError::UnknownKind(0x08)),
        ("ping", 0, 0x8A, DecodeError::UnknownKind(0x8A)),
        ("publish", 5, 3, DecodeError::Invalid("keep class")),
        (opening, 97, 2, DecodeError::Invalid("room mode")),
        (opening, 170, 2, DecodeError::Invalid("resume flag")),
        (opening, 180, 1, DecodeError::Invalid("resume padding")),
        ("control: lock", 37, 0, DecodeError::Invalid("order")),
        ("control: lock", 37, 8, DecodeError::Invalid("order")),
        ("control: lock", 38, 2, DecodeError::Invalid("lock flag")),
        (
            "control: lock",
            69,
            1,
            DecodeError::Invalid("order padding"),
        ),
        (
            "control: lifetime",
            42,
            1,
            DecodeError::Invalid("order padding"),
        ),
        (
            "control: remove a seat",
            54,
            1,
            DecodeError::Invalid("order padding"),
        ),
        (
            "control: no purge any more",
            37,
            4,
            DecodeError::Invalid("control key"),
        ),
        (
            "control: no purge any more",
            37,
            5,
            DecodeError::Invalid("control key"),
        ),
    ] {
        assert_eq!(
            ClientToRelay::decode(&change(&up, name, at, byte)),
            Err(error),
            "{name} at {at}"
        );
    }
    let mut no_local = bytes(&[("03ffffffff00", "")]);
    assert_eq!(
        ClientToRelay::decode(&no_local),
        Err(DecodeError::Invalid("local id"))
    );
    assert_eq!(publish_view(&no_local), None);
    no_local.clear();
    assert_eq!(
        ClientToRelay::decode(&no_local),
        Err(DecodeError::Truncated)
    );
    let down: Vec<(&str, Fields)> = to_client()
        .into_iter()
        .map(|(name, fields, _)| (name, fields))
        .collect();
    for (name, at, byte, error) in [
        ("pong", 0, 0x90, DecodeError::UnknownKind(0x90)),
        ("pong", 0, 0x05, DecodeError::UnknownKind(0x05)),
        ("looked", 1, 5, DecodeError::Invalid("room state")),
        ("looked", 6, 2, DecodeError::Invalid("room mode")),
        ("joined", 33, 3, DecodeError::Invalid("join outcome")),
        ("joined", 34, 9, DecodeError::Invalid("room mode")),
        ("delivered", 25, 2, DecodeError::Invalid("replayed flag")),
        ("room changed", 1, 2, DecodeError::Invalid("locked flag")),
        ("room changed", 2, 2, DecodeError::Invalid("purgeable flag")),
    ] {
        assert_eq!(
            RelayToClient::decode(&change(&down, name, at, byte)),
            Err(error),
            "{name} at {at}"
        );
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn the_relays_short_cuts_are_the_same_format() {
    let frame = ClientToRelay::Publish {
        local: LocalId(3),
        keep: Keep::Anchor,
        envelope: vec![9; 10],
    }
    .encode();
    let view = PublishView {
        local: LocalId(3),
        keep: Keep::Anchor,
        envelope: &[9; 10],
    };
    assert_eq!(publish_view(&frame), Some(view));
    assert_eq!(publish_view(&ClientToRelay::Leave.encode()), None);
    let head = delivered_head(Seq(4), MemberId([5; 16]), true);
    let whole = RelayToClient::Delivered {
        seq: Seq(4),
        from: MemberId([5; 16]),
        replayed: true,
        envelope: vec![9; 10],
    };
    assert_eq!([&head[..], &[9; 10]].concat(), whole.encode());
}
