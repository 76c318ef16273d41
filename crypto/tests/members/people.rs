//! Telling people apart, and nothing secret in `Debug`.

use std::collections::HashSet;

use crypto::control::Command;
use crypto::envelope::Outer;
use crypto::identity::{Identity, Safety, Tag, Voucher};
use crypto::seen::{Agreement, Seen, SeenDigest};
use crypto::wire::{RoomMode, SenderId};

use super::author::{acquainted, letter};
use super::rng::Frozen;

#[test]
fn an_identity_survives_a_reload() {
    let before = Identity::generate(&mut Frozen::new(1));
    let after = Identity::thaw(&before.freeze());
    assert_eq!(before.sender_id(), after.sender_id());
    assert_eq!(
        (before.signing_public(), before.dh_public()),
        (after.signing_public(), after.dh_public())
    );
    assert_ne!(
        before.sender_id(),
        Identity::generate(&mut Frozen::new(2)).sender_id()
    );
}

#[test]
fn tags_use_all_their_letters_hues_and_shapes_evenly() {
    let mut rng = Frozen::new(3);
    let (mut letters, mut shapes, mut texts) = ([0u32; 256], [0u32; 6], HashSet::new());
    let (rounds, mut warm) = (6_000, 0);
    for _ in 0..rounds {
        let mut sid = [0; 16];
        rand_core::Rng::fill_bytes(&mut rng, &mut sid);
        let tag = Tag::of(&SenderId(sid));
        assert_eq!(tag.text().len(), 4);
        assert!(tag.hue < 360);
        tag.text()
            .bytes()
            .for_each(|letter| letters[usize::from(letter)] += 1);
        shapes[usize::from(tag.shape)] += 1;
        warm += u32::from(tag.hue < 180);
        texts.insert(tag.text().to_owned());
    }
    // 24,000 letters over 32 values: 750 each, standard deviation 27.
    for letter in b"abcdefghijklmnopqrstuvwxyz234567" {
        assert!(
            (600..900).contains(&letters[usize::from(*letter)]),
            "{}: {}",
            char::from(*letter),
            letters[usize::from(*letter)]
        );
    }
    assert!(
        shapes.iter().all(|count| (850..1_150).contains(count)),
        "{shapes:?}"
    );
    assert!((2_800..3_200).contains(&warm));
    assert!(texts.len() > 5_900, "20 bits: about 17 pairs among 6,000");
}

#[test]
fn both_sides_compare_the_same_pictures_and_a_stranger_in_between_changes_them() {
    let (room, other_room) = (crypto::wire::RoomId([1; 32]), crypto::wire::RoomId([2; 32]));
    let (a, b, c) = (SenderId([1; 16]), SenderId([2; 16]), SenderId([3; 16]));
    let safety = Safety::between(&room, &a, &b);
    assert_eq!(safety, Safety::between(&room, &b, &a));
    assert_ne!(safety, Safety::between(&room, &a, &c));
    assert_ne!(safety, Safety::between(&other_room, &a, &b));
    assert_eq!(safety.digits.len(), 35);
    assert!(
        safety
            .digits
            .split(' ')
            .all(|group| group.len() == 5 && group.bytes().all(|b| b.is_ascii_digit()))
    );
}

#[test]
fn a_voucher_holds_for_one_session_in_one_room() {
    let (mut author, mut receiver, _) = acquainted(RoomMode::ForwardSecret);
    let room = author.keys.room_id();
    let stranger = Identity::generate(&mut Frozen::new(8));
    let good = Voucher::issue(&[5; 32], &room, &author.me);
    let for_another_session = Voucher::issue(&[5; 32], &room, &stranger);
    let for_another_room = Voucher::issue(&[5; 32], &crypto::wire::RoomId([9; 32]), &author.me);
    for (voucher, is_good) in [
        (good, true),
        (for_another_session, false),
        (for_another_room, false),
    ] {
        let introduction = crypto::hello::Introduction {
            voucher: Some(voucher),
            ..author.introduction()
        };
        let hello = author.hello_with(&introduction);
        assert_eq!(
            receiver.receive(&hello.envelope).starts_with("hello"),
            is_good
        );
    }
}

#[test]
fn a_hello_says_everything_it_was_given() {
    let (mut author, receiver, _) = acquainted(RoomMode::OpenHistory);
    let introduction = crypto::hello::Introduction {
        bot: Some("https://example.org/model".to_owned()),
        voucher: Some(Voucher::issue(&[5; 32], &author.keys.room_id(), &author.me)),
        control_key: Some([6; 32]),
        own_control: Some([7; 32]),
        charter: vec![
            author.state(1, Command::Lock(true)),
            author.state(2, Command::Filters(b"no images".to_vec())),
        ],
        ..author.introduction()
    };
    let sealed = author.hello_with(&introduction);
    let hello = Outer::open(&receiver.keys, &sealed.envelope)
        .unwrap()
        .open_hello(&receiver.keys)
        .unwrap();
    assert_eq!(hello.introduction, introduction);
    assert_eq!(hello.sender_id(), author.me.sender_id());
    assert_eq!(hello.signing_public(), author.me.signing_public());
}

#[test]
fn members_who_see_the_same_agree() {
    let (mut author, _, _) = acquainted(RoomMode::ForwardSecret);
    let headers: Vec<_> = (0..300).map(|_| author.say("x").header).collect();
    let (mut ahead, mut behind) = (Seen::new(), Seen::new());
    assert_eq!(ahead.digest(), SeenDigest::default());
    headers.iter().take(3).for_each(|header| ahead.note(header));
    assert_eq!(
        ahead.digest(),
        SeenDigest::default(),
        "three messages are too few"
    );
    let mut digests = Vec::new();
    for header in &headers {
        behind.note(header);
        digests.push(behind.digest());
    }
    let mut ahead = Seen::thaw(&behind.freeze()).unwrap();
    assert_eq!(ahead.digest(), behind.digest());
    let from = author.me.sender_id();
    for digest in digests.iter().skip(300 - 256) {
        assert_eq!(ahead.judge(from, *digest, false), Agreement::Agrees);
    }
    assert_eq!(
        ahead.judge(from, digests[20], false),
        Agreement::Doubtful,
        "longer ago than anybody remembers"
    );
}

#[test]
fn the_third_strange_digest_in_a_row_raises_the_alarm_once() {
    let (mut author, _, _) = acquainted(RoomMode::ForwardSecret);
    let mut seen = Seen::new();
    let (from, other) = (author.me.sender_id(), SenderId([1; 16]));
    (0..7).for_each(|_| seen.note(&author.say("x").header));
    for _ in 0..5 {
        assert_eq!(
            seen.judge(from, SeenDigest([1; 8]), false),
            Agreement::Agrees,
            "seven messages are too few to judge by"
        );
    }
    seen.note(&author.say("x").header);
    let strange = SeenDigest([1; 8]);
    assert_eq!(seen.judge(from, strange, false), Agreement::Doubtful);
    assert_eq!(seen.judge(from, strange, false), Agreement::Doubtful);
    assert_eq!(
        seen.judge(other, strange, false),
        Agreement::Doubtful,
        "counted for each sender"
    );
    assert_eq!(
        seen.judge(from, SeenDigest::default(), false),
        Agreement::Agrees,
        "says nothing either way"
    );
    assert_eq!(seen.judge(from, strange, false), Agreement::Diverged);
    assert_eq!(seen.judge(from, strange, false), Agreement::Doubtful);
    assert_eq!(seen.judge(from, seen.digest(), false), Agreement::Agrees);
    assert_eq!(
        seen.judge(from, strange, false),
        Agreement::Doubtful,
        "agreeing once clears the doubt"
    );
}

#[test]
fn two_members_shown_different_conversations_notice() {
    let (mut author, _, _) = acquainted(RoomMode::ForwardSecret);
    let headers: Vec<_> = (0..30).map(|_| author.say("x").header).collect();
    let (mut one, mut other) = (Seen::new(), Seen::new());
    let from = SenderId([9; 16]);
    let mut verdicts = Vec::new();
    for (index, header) in headers.iter().enumerate() {
        one.note(header);
        // Every third message is kept from the other one.
        if index % 3 != 2 {
            other.note(header);
        }
        if index >= 20 {
            verdicts.push(one.judge(from, other.digest(), false));
        }
    }
    assert_eq!(verdicts[2], Agreement::Diverged);
}

#[test]
fn saved_memory_that_was_cut_is_refused() {
    let mut seen = Seen::new();
    let (mut author, _, _) = acquainted(RoomMode::ForwardSecret);
    (0..6).for_each(|_| seen.note(&author.say("x").header));
    let frozen = seen.freeze();
    for length in 0..frozen.len() {
        assert_eq!(
            Seen::thaw(&frozen[..length]).is_ok(),
            length >= 189 && (length - 189) % 8 == 0,
            "{length}"
        );
    }
}

#[test]
fn debug_shows_no_key_and_no_text() {
    let (mut author, mut receiver, peer) = acquainted(RoomMode::ForwardSecret);
    let sealed = author.say("planted marker");
    let outer = Outer::open(&receiver.keys, &sealed.envelope).unwrap();
    let hello = author.hello();
    let hello = Outer::open(&receiver.keys, &hello.envelope)
        .unwrap()
        .open_hello(&receiver.keys)
        .unwrap();
    receiver.receive(&sealed.envelope);
    let shown = format!(
        "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
        author.me,
        author.chain,
        peer,
        outer,
        sealed,
        letter("planted marker"),
        hello,
        Seen::new()
    );
    assert_eq!(
        shown,
        "\
Identity { sid: SenderId(SID), .. }
SenderKey { epoch: Epoch(1), generation: Generation(1), .. }
PeerKey { sid: SenderId(PEER), revision: 1, .. }
Outer { header: Header { kind: Message, sid: SenderId(SID), epoch: Epoch(1), generation: Generation(0) }, bytes: 360, .. }
Sealed { header: Header { kind: Message, sid: SenderId(SID), epoch: Epoch(1), generation: Generation(0) }, bytes: 456 }
Letter { sent_at: 1767323045.678s, .. }
Hello { sid: SenderId(SID), introduction: Introduction { revision: 2, mode: ForwardSecret, .. }, .. }
Seen { count: 0, .. }"
            .replace("SenderId(SID)", &format!("{:?}", author.me.sender_id()))
            .replace("SenderId(PEER)", &format!("{:?}", peer.sender_id()))
    );
}
