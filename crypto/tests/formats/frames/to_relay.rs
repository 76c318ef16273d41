//! What a client may say to the relay.

use super::*;

pub(super) fn to_relay() -> Vec<(&'static str, Fields, ClientToRelay)> {
    let room = RoomId(counting(0xA0));
    vec![
        (
            "look",
            &[("01", "kind"), (ROOM, "room"), (PROOF, "proof")],
            ClientToRelay::Look {
                room,
                proof: proof(),
            },
        ),
        (
            "join a room, opening it if need be",
            &[
                ("02", "kind"),
                (ROOM, "room"),
                (PROOF, "proof"),
                ("01", "mode: open history"),
                ("00c8", "history: 200"),
                ("00015180", "lifetime: 86,400 s"),
                ("0040", "max members: 64"),
                (CONTROL, "control key"),
                (PURGE, "purge digest"),
                ("00", "no resumption"),
                (ZERO_40, "padding"),
            ],
            ClientToRelay::Join {
                room,
                proof: proof(),
                opening: Opening {
                    mode: RoomMode::OpenHistory,
                    history: 200,
                    lifetime: Lifetime::For(Duration::from_secs(86_400)),
                    max_members: 64,
                    control_key: Some([0xCC; 32]),
                    purge_digest: Some([0xDD; 32]),
                },
                resume: None,
            },
        ),
        (
            "join by resuming a seat",
            &[
                ("02", "kind"),
                (ROOM, "room"),
                (PROOF, "proof"),
                ("00", "mode: forward-secret"),
                ("0000", "history: none"),
                ("00000000", "lifetime: until empty"),
                ("0008", "max members: 8"),
                (ZERO_32, "no control key"),
                (ZERO_32, "no purge digest"),
                ("01", "resumption"),
                (MEMBER, "member"),
                (TOKEN, "token"),
                ("000000000000002a", "last seen: 42"),
            ],
            ClientToRelay::Join {
                room,
                proof: proof(),
                opening: Opening {
                    mode: RoomMode::ForwardSecret,
                    history: 0,
                    lifetime: Lifetime::UntilEmpty,
                    max_members: 8,
                    control_key: None,
                    purge_digest: None,
                },
                resume: Some(Resume {
                    member: MemberId(counting(0xE0)),
                    token: ResumeToken(counting(0xF0)),
                    last: Seq(42),
                }),
            },
        ),
        (
            "publish",
            &[
                ("03", "kind"),
                ("00000007", "local: 7"),
                ("01", "keep: ring"),
                ("656e76656c6f7065", "envelope"),
            ],
            ClientToRelay::Publish {
                local: LocalId(7),
                keep: Keep::Ring,
                envelope: b"envelope".to_vec(),
            },
        ),
        ("leave", &[("04", "kind")], ClientToRelay::Leave),
        (
            "ping",
            &[("05", "kind"), ("deadbeef", "echo")],
            ClientToRelay::Ping { echo: 0xDEAD_BEEF },
        ),
        (
            "control: lock",
            &[
                ("06", "kind"),
                ("00000007", "local: 7"),
                (CONTROL, "signer"),
                ("01", "order: lock"),
                ("01", "locked"),
                (ZERO_31, "padding"),
                (PROOF, "signature"),
            ],
            control(Order::Lock(true)),
        ),
        (
            "control: unlock",
            &[
                ("06", "kind"),
                ("00000007", "local: 7"),
                (CONTROL, "signer"),
                ("01", "order: lock"),
                ("00", "not locked"),
                (ZERO_31, "padding"),
                (PROOF, "signature"),
            ],
            control(Order::Lock(false)),
        ),
        (
            "control: lifetime",
            &[
                ("06", "kind"),
                ("00000007", "local: 7"),
                (CONTROL, "signer"),
                ("02", "order: lifetime"),
                ("00015180", "86,400 s from now"),
                (ZERO_28, "padding"),
                (PROOF, "signature"),
            ],
            control(Order::Lifetime(Lifetime::For(Duration::from_secs(86_400)))),
        ),
        (
            "control: remove a seat",
            &[
                ("06", "kind"),
                ("00000007", "local: 7"),
                (CONTROL, "signer"),
                ("03", "order: remove"),
                (MEMBER, "member"),
                (ZERO_16, "padding"),
                (PROOF, "signature"),
            ],
            control(Order::Remove(MemberId(counting(0xE0)))),
        ),
        (
            "control: share control",
            &[
                ("06", "kind"),
                ("00000007", "local: 7"),
                (CONTROL, "signer"),
                ("04", "order: share"),
                (PURGE, "key"),
                (PROOF, "signature"),
            ],
            control(Order::Share([0xDD; 32])),
        ),
        (
            "control: hand control on",
            &[
                ("06", "kind"),
                ("00000007", "local: 7"),
                (CONTROL, "signer"),
                ("05", "order: hand on"),
                (PURGE, "key"),
                (PROOF, "signature"),
            ],
            control(Order::HandOn([0xDD; 32])),
        ),
        (
            "control: another purge digest",
            &[
                ("06", "kind"),
                ("00000007", "local: 7"),
                (CONTROL, "signer"),
                ("06", "order: purge digest"),
                (PURGE, "digest"),
                (PROOF, "signature"),
            ],
            control(Order::PurgeDigest(Some([0xDD; 32]))),
        ),
        (
            "control: no purge any more",
            &[
                ("06", "kind"),
                ("00000007", "local: 7"),
                (CONTROL, "signer"),
                ("06", "order: purge digest"),
                (ZERO_32, "none"),
                (PROOF, "signature"),
            ],
            control(Order::PurgeDigest(None)),
        ),
        (
            "control: withdraw a key",
            &[
                ("06", "kind"),
                ("00000007", "local: 7"),
                (CONTROL, "signer"),
                ("07", "order: withdraw"),
                (PURGE, "key"),
                (PROOF, "signature"),
            ],
            control(Order::Withdraw([0xDD; 32])),
        ),
        (
            "purge",
            &[
                ("07", "kind"),
                ("00000007", "local: 7"),
                (PURGE, "secret"),
                ("6e6f74696365", "notice"),
            ],
            ClientToRelay::Purge {
                local: LocalId(7),
                secret: [0xDD; 32],
                notice: b"notice".to_vec(),
            },
        ),
        (
            "get a piece",
            &[
                ("0a", "kind"),
                (MEMBER, "owner"),
                (FILE, "file"),
                ("00000107", "index: 263"),
            ],
            ClientToRelay::File(FileRequest::Get(piece_id())),
        ),
        (
            "drop a file",
            &[("0b", "kind"), (FILE, "file")],
            ClientToRelay::File(FileRequest::Drop {
                file: piece_id().file,
            }),
        ),
    ]
}
