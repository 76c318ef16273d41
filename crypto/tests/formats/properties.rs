//! Whatever comes in: what was written is read back, what is read is written the same way, and nothing panics.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;

use crypto::wire::handshake::{ClientHello, Finished, OAEP, ServerHello};
use crypto::wire::record::{pack, split};
use crypto::wire::{
    ClientToRelay, JoinOutcome, Keep, Life, Lifetime, LocalId, MemberId, Missed, Opening, Order,
    Refusal, RelayToClient, Resume, ResumeToken, RoomId, RoomMode, RoomState, Seq, TimeLeft,
    publish_view,
};

fn mode() -> impl Strategy<Value = RoomMode> {
    prop_oneof![Just(RoomMode::ForwardSecret), Just(RoomMode::OpenHistory)]
}

fn member() -> impl Strategy<Value = MemberId> {
    any::<[u8; 16]>().prop_map(MemberId)
}

fn local() -> impl Strategy<Value = LocalId> {
    (0..u32::MAX).prop_map(LocalId)
}

fn time_left() -> impl Strategy<Value = TimeLeft> {
    prop_oneof![
        Just(TimeLeft::UntilEmpty),
        (0..u64::MAX).prop_map(|left| TimeLeft::For(Duration::from_millis(left)))
    ]
}

fn key() -> impl Strategy<Value = [u8; 32]> {
    any::<[u8; 32]>().prop_filter("not zero", |key| *key != [0; 32])
}

fn optional_key() -> impl Strategy<Value = Option<[u8; 32]>> {
    // All zeros stand for none.
    proptest::option::of(key())
}

fn lifetime() -> impl Strategy<Value = Lifetime> {
    prop_oneof![
        Just(Lifetime::UntilEmpty),
        (1..=u32::MAX).prop_map(|seconds| Lifetime::For(Duration::from_secs(seconds.into())))
    ]
}

fn order() -> impl Strategy<Value = Order> {
    prop_oneof![
        any::<bool>().prop_map(Order::Lock),
        lifetime().prop_map(Order::Lifetime),
        member().prop_map(Order::Remove),
        key().prop_map(Order::Share),
        key().prop_map(Order::HandOn),
        optional_key().prop_map(Order::PurgeDigest),
        key().prop_map(Order::Withdraw),
    ]
}

fn opening() -> impl Strategy<Value = Opening> {
    (
        mode(),
        any::<u16>(),
        lifetime(),
        any::<u16>(),
        optional_key(),
        optional_key(),
    )
        .prop_map(
            |(mode, history, lifetime, max_members, control_key, purge_digest)| Opening {
                mode,
                history,
                lifetime,
                max_members,
                control_key,
                purge_digest,
            },
        )
}

fn proof() -> impl Strategy<Value = [u8; 64]> {
    vec(any::<u8>(), 64).prop_map(|bytes| bytes.try_into().unwrap())
}

fn to_relay() -> impl Strategy<Value = ClientToRelay> {
    let room = || any::<[u8; 32]>().prop_map(RoomId);
    let resume = (
        member(),
        any::<[u8; 16]>().prop_map(ResumeToken),
        any::<u64>().prop_map(Seq),
    )
        .prop_map(|(member, token, last)| Resume {
            member,
            token,
            last,
        });
    let keep = prop_oneof![Just(Keep::Transient), Just(Keep::Ring), Just(Keep::Anchor)];
    prop_oneof![
        (room(), proof()).prop_map(|(room, proof)| ClientToRelay::Look { room, proof }),
        (room(), proof(), opening(), proptest::option::of(resume)).prop_map(
            |(room, proof, opening, resume)| ClientToRelay::Join {
                room,
                proof,
                opening,
                resume
            }
        ),
        (local(), keep, vec(any::<u8>(), 0..600)).prop_map(|(local, keep, envelope)| {
            ClientToRelay::Publish {
                local,
                keep,
                envelope,
            }
        }),
        Just(ClientToRelay::Leave),
        any::<u32>().prop_map(|echo| ClientToRelay::Ping { echo }),
        (local(), key(), order(), proof()).prop_map(|(local, signer, order, signature)| {
            ClientToRelay::Control {
                local,
                signer,
                order,
                signature,
            }
        }),
        (local(), key(), vec(any::<u8>(), 0..600)).prop_map(|(local, secret, notice)| {
            ClientToRelay::Purge {
                local,
                secret,
                notice,
            }
        }),
    ]
}

fn to_client() -> impl Strategy<Value = RelayToClient> {
    let state = prop_oneof![
        Just(RoomState::Empty),
        Just(RoomState::Open),
        Just(RoomState::Full),
        Just(RoomState::Locked),
        Just(RoomState::Closed)
    ];
    let outcome = prop_oneof![
        Just(JoinOutcome::Opened),
        Just(JoinOutcome::Entered),
        Just(JoinOutcome::Resumed)
    ];
    let missed = prop_oneof![
        Just(Missed::Nothing),
        Just(Missed::Unknown),
        (1..u32::MAX).prop_map(Missed::Messages)
    ];
    prop_oneof![
        (state, any::<u32>(), mode(), any::<u16>(), time_left()).prop_map(
            |(state, members, mode, history, time_left)| RelayToClient::Looked {
                state,
                members,
                mode,
                history,
                time_left
            }
        ),
        (
            (member(), any::<[u8; 16]>(), outcome, mode(), any::<u16>()),
            (
                time_left(),
                any::<u32>(),
                any::<u64>(),
                missed,
                any::<u64>()
            )
        )
            .prop_map(
                |(
                    (member, token, outcome, mode, history),
                    (time_left, members, head, missed, life),
                )| {
                    let (token, head) = (ResumeToken(token), Seq(head));
                    RelayToClient::Joined {
                        member,
                        token,
                        outcome,
                        mode,
                        history,
                        time_left,
                        members,
                        head,
                        missed,
                        life: Life(life),
                    }
                }
            ),
        (
            any::<u64>().prop_map(Seq),
            member(),
            any::<bool>(),
            vec(any::<u8>(), 0..600)
        )
            .prop_map(|(seq, from, replayed, envelope)| RelayToClient::Delivered {
                seq,
                from,
                replayed,
                envelope
            }),
        (local(), any::<u64>().prop_map(Seq))
            .prop_map(|(local, seq)| RelayToClient::Accepted { local, seq }),
        (any::<u8>(), proptest::option::of(local()), any::<u32>()).prop_map(
            |(refusal, local, retry_after)| {
                let (refusal, retry_after) = (
                    Refusal::from_u8(refusal),
                    Duration::from_millis(retry_after.into()),
                );
                RelayToClient::Refused {
                    refusal,
                    local,
                    retry_after,
                }
            }
        ),
        member().prop_map(|member| RelayToClient::Arrived { member }),
        member().prop_map(|member| RelayToClient::Away { member }),
        member().prop_map(|member| RelayToClient::Returned { member }),
        member().prop_map(|member| RelayToClient::Departed { member }),
        any::<u32>().prop_map(|echo| RelayToClient::Pong { echo }),
        time_left().prop_map(|time_left| RelayToClient::Time { time_left }),
        any::<u64>().prop_map(|head| RelayToClient::CaughtUp { head: Seq(head) }),
        (any::<bool>(), any::<bool>(), time_left()).prop_map(|(locked, purgeable, time_left)| {
            RelayToClient::RoomChanged {
                locked,
                purgeable,
                time_left,
            }
        }),
        (member(), vec(any::<u8>(), 0..600))
            .prop_map(|(from, notice)| RelayToClient::Purged { from, notice }),
        member().prop_map(|member| RelayToClient::Removed { member }),
    ]
}

/// Every decoder of the wire. What one of them accepts, it must write the same way again.
fn decode_everything(bytes: &[u8]) {
    if let Ok(frame) = ClientToRelay::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
        let is_publish = matches!(frame, ClientToRelay::Publish { .. });
        assert_eq!(publish_view(bytes).is_some(), is_publish);
    }
    if let Ok(frame) = RelayToClient::decode(bytes) {
        assert_eq!(frame.encode(), bytes);
    }
    if let Ok(hello) = ServerHello::decode(bytes) {
        assert_eq!(hello.encode(), bytes);
    }
    if let Ok(hello) = ClientHello::decode(bytes) {
        assert_eq!(hello.encode(), bytes);
    }
    if let Ok(finished) = Finished::decode(bytes) {
        assert_eq!(finished.encode(), bytes);
    }
    if let Ok(frames) = split(bytes).collect::<Result<Vec<_>, _>>() {
        assert_eq!(pack(frames), bytes);
    }
}

proptest! {
    #[test]
    fn frames_to_the_relay_survive_the_round_trip(frame in to_relay()) {
        prop_assert_eq!(ClientToRelay::decode(&frame.encode()), Ok(frame));
    }

    #[test]
    fn frames_to_a_client_survive_the_round_trip(frame in to_client()) {
        prop_assert_eq!(RelayToClient::decode(&frame.encode()), Ok(frame));
    }

    #[test]
    fn records_survive_the_round_trip(frames in vec(vec(any::<u8>(), 1..200), 1..20)) {
        let record = pack(&frames);
        let found: Result<Vec<_>, _> = split(&record).map(|frame| frame.map(<[u8]>::to_vec)).collect();
        prop_assert_eq!(found, Ok(frames));
    }

    #[test]
    fn no_decoder_panics_on_noise(bytes in vec(any::<u8>(), 0..700)) {
        decode_everything(&bytes);
    }

    #[test]
    fn no_decoder_panics_on_changed_frames(
        up in to_relay(),
        down in to_client(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        for mut bytes in [up.encode(), down.encode(), pack([up.encode(), down.encode()])] {
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
                decode_everything(&bytes);
            }
            decode_everything(&bytes[..cut.index(bytes.len())]);
        }
    }

    #[test]
    fn no_decoder_panics_on_changed_handshakes(
        share in any::<[u8; 32]>(),
        ticket in vec(any::<u8>(), 0..140),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let random = share;
        for mut bytes in [
            ServerHello { share, random, salt: [1; 16], spki: ticket.clone() }.encode(),
            ClientHello::Full { share, random, oaep: [7; OAEP] }.encode(),
            ClientHello::Resumed { share, random, ticket: ticket.clone() }.encode(),
            Finished { fin: share, ticket: ticket.clone() }.encode(),
        ] {
            decode_everything(&bytes);
            let at = at.index(bytes.len());
            bytes[at] = byte;
            decode_everything(&bytes);
        }
    }
}
