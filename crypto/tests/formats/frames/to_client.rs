//! What the relay may say to a client.

use super::*;

pub(super) fn to_client() -> Vec<(&'static str, Fields, RelayToClient)> {
    let member = MemberId(counting(0xE0));
    vec![
        (
            "looked",
            &[
                ("81", "kind"),
                ("02", "state: full"),
                ("00000040", "members: 64"),
                ("01", "mode: open history"),
                ("0023", "history: 35"),
                ("0000000000002710", "time left: 10,000 ms"),
            ],
            RelayToClient::Looked {
                state: RoomState::Full,
                members: 64,
                mode: RoomMode::OpenHistory,
                history: 35,
                time_left: TimeLeft::For(Duration::from_secs(10)),
            },
        ),
        (
            "joined",
            &[
                ("82", "kind"),
                (MEMBER, "member"),
                (TOKEN, "token"),
                ("02", "outcome: resumed"),
                ("00", "mode: forward-secret"),
                ("0000", "history: none"),
                ("ffffffffffffffff", "time left: until empty"),
                ("00000003", "members: 3"),
                ("0000000000000100", "head: 256"),
                ("00000007", "seven messages were missed"),
                ("0123456789abcdef", "life"),
            ],
            RelayToClient::Joined {
                member,
                token: ResumeToken(counting(0xF0)),
                outcome: JoinOutcome::Resumed,
                mode: RoomMode::ForwardSecret,
                history: 0,
                time_left: TimeLeft::UntilEmpty,
                members: 3,
                head: Seq(256),
                missed: Missed::Messages(7),
                life: Life(0x0123_4567_89AB_CDEF),
            },
        ),
        (
            "delivered",
            &[
                ("83", "kind"),
                ("0000000000000009", "seq: 9"),
                (MEMBER, "from"),
                ("01", "replayed"),
                ("656e76656c6f7065", "envelope"),
            ],
            RelayToClient::Delivered {
                seq: Seq(9),
                from: member,
                replayed: true,
                envelope: b"envelope".to_vec(),
            },
        ),
        (
            "accepted",
            &[
                ("84", "kind"),
                ("00000007", "local: 7"),
                ("0000000000000009", "seq: 9"),
            ],
            RelayToClient::Accepted {
                local: LocalId(7),
                seq: Seq(9),
            },
        ),
        (
            "refused, about a publish",
            &[
                ("85", "kind"),
                ("05", "too fast"),
                ("00000007", "local: 7"),
                ("000005dc", "retry after: 1,500 ms"),
            ],
            RelayToClient::Refused {
                refusal: Refusal::TooFast,
                local: Some(LocalId(7)),
                retry_after: Duration::from_millis(1500),
            },
        ),
        (
            "refused, for a reason from the future",
            &[
                ("85", "kind"),
                ("c8", "unknown: 200"),
                ("ffffffff", "no local"),
                ("00000000", "do not retry"),
            ],
            RelayToClient::Refused {
                refusal: Refusal::Other(200),
                local: None,
                retry_after: Duration::ZERO,
            },
        ),
        (
            "arrived",
            &[("86", "kind"), (MEMBER, "member")],
            RelayToClient::Arrived { member },
        ),
        (
            "away",
            &[("87", "kind"), (MEMBER, "member")],
            RelayToClient::Away { member },
        ),
        (
            "returned",
            &[("88", "kind"), (MEMBER, "member")],
            RelayToClient::Returned { member },
        ),
        (
            "departed",
            &[("89", "kind"), (MEMBER, "member")],
            RelayToClient::Departed { member },
        ),
        (
            "pong",
            &[("8a", "kind"), ("deadbeef", "echo")],
            RelayToClient::Pong { echo: 0xDEAD_BEEF },
        ),
        (
            "time",
            &[("8b", "kind"), ("000000000036ee80", "time left: one hour")],
            RelayToClient::Time {
                time_left: TimeLeft::For(Duration::from_secs(3600)),
            },
        ),
        (
            "caught up",
            &[("8c", "kind"), ("0000000000000100", "head: 256")],
            RelayToClient::CaughtUp { head: Seq(256) },
        ),
        (
            "room changed",
            &[
                ("8d", "kind"),
                ("01", "locked"),
                ("00", "no secret purges it"),
                ("000000000036ee80", "time left: one hour"),
            ],
            RelayToClient::RoomChanged {
                locked: true,
                purgeable: false,
                time_left: TimeLeft::For(Duration::from_secs(3600)),
            },
        ),
        (
            "purged",
            &[("8e", "kind"), (MEMBER, "from"), ("6e6f74696365", "notice")],
            RelayToClient::Purged {
                from: member,
                notice: b"notice".to_vec(),
            },
        ),
        (
            "removed",
            &[("8f", "kind"), (MEMBER, "member")],
            RelayToClient::Removed { member },
        ),
        (
            "a piece was taken",
            &[("91", "kind"), (FILE, "file"), ("00000107", "index: 263")],
            RelayToClient::File(FileAnswer::Taken {
                file: piece_id().file,
                index: 263,
            }),
        ),
        (
            "a piece is refused",
            &[
                ("93", "kind"),
                (MEMBER, "owner"),
                (FILE, "file"),
                ("00000107", "index: 263"),
                ("05", "too fast"),
                ("000005dc", "retry after: 1,500 ms"),
            ],
            RelayToClient::File(FileAnswer::Refused {
                id: piece_id(),
                refusal: Refusal::TooFast,
                retry_after: Duration::from_millis(1500),
            }),
        ),
    ]
}
