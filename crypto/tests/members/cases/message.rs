//! What a member says to everybody.

use super::*;

pub(super) fn sheet() -> Sheet {
    let room = Room::new(&ROOT);
    let mut f = Forger::new(60);
    let start = room.start(&f.sid(), &start(1), &mut f.rng);
    let open = parts(&f, |p| (p.mode, p.tlvs) = (1, vec![(1, start)]));
    let before = vec![f.hello(&room, &open)];
    let mut sheet = Sheet::new(
        "members_message.txt",
        "Messages (kind 2) to somebody who has the chain.",
        before,
    );
    let good = f.message(&room, CHAIN, 0, b"hello");
    let second = f.message(&room, CHAIN, 1, b"second");
    sheet.case("accepted: the first", &good);
    sheet.case("accepted: empty", &f.message(&room, CHAIN, 0, b""));
    sheet.case(
        "accepted: 228 bytes, the most that fits the smallest bucket",
        &f.message(&room, CHAIN, 0, &[b'x'; 228]),
    );
    sheet.after(&[&second], "accepted: overtaken by the next", &good);
    let ahead = f.message(&room, CHAIN, 256, b"as far ahead as may be");
    sheet.case("accepted: 256 are missing", &ahead);
    sheet.after(&[&ahead], "accepted: the oldest key that is kept", &good);
    let future = f.message(&room, CHAIN, 257, b"too far");
    sheet.case("from the future", &future);
    sheet.case("the last generation there is", &{
        let header = f.header(2, 1, u32::MAX);
        let body = f.message_body(&room.id, &header, CHAIN, b"x");
        room.wrap(&header, &body, &mut f.rng)
    });
    sheet.after(&[&good], "a replayed generation", &good);
    let another = f.message(&room, CHAIN, 0, b"another text");
    sheet.after(&[&good], "a used generation with another text", &another);
    sheet.after(
        &[&ahead, &good],
        "a replayed generation that was late",
        &good,
    );
    let inner = [
        ("the suite", 0),
        ("the epoch", 19),
        ("the body", 24),
        ("the inner tag", 383),
    ];
    sheet.damaged(&good, &inner);

    let header = f.header(2, 1, 0);
    let key = Forger::message_key(CHAIN, 0);
    let body = f.message_body(&room.id, &header, key, b"hello");
    let elsewhere = Room::new(&[0x99; 64]);
    sheet.case("wrong room", &elsewhere.wrap(&header, &body, &mut f.rng));
    for (name, change) in [
        ("unknown suite", (0, 2)),
        ("unknown kind", (1, 9)),
        ("an unknown sender", (2, 0xFF)),
        ("an epoch whose key has not arrived", (19, 2)),
        ("epoch 0", (19, 0)),
        ("the body of another generation", (23, 1)),
        ("a message that says it is a hello", (1, 1)),
        ("a message that says it is pairwise", (1, 3)),
    ] {
        let mut header = header.clone();
        header[change.0] = change.1;
        sheet.case(name, &room.wrap(&header, &body, &mut f.rng));
    }
    let mut tagged = body.clone();
    *tagged.last_mut().unwrap() ^= 1;
    sheet.case("wrong inner tag", &room.wrap(&header, &tagged, &mut f.rng));
    let mut committed = body.clone();
    committed[0] ^= 1;
    sheet.case(
        "a commitment to another key",
        &room.wrap(&header, &committed, &mut f.rng),
    );
    let text = Forger::text(b"hello", 312);
    let changed = |place: usize, value: u8| {
        let mut text = text.clone();
        text[place] = value;
        text
    };
    let signed = |text: Vec<u8>| f.signed(&room.id, &header, &[], text);
    let mut wrong = signed(text.clone());
    *wrong.last_mut().unwrap() ^= 1;
    let stranger = Forger::new(70).signed(&room.id, &header, &[], text.clone());
    let texts = [
        ("wrong signature", wrong),
        ("signed by another key", stranger),
        (
            "signed as if for one person",
            f.signed(&room.id, &header, &f.sid(), text.clone()),
        ),
        (
            "signed for another room",
            f.signed(&elsewhere.id, &header, &[], text.clone()),
        ),
        (
            "signed under another header",
            f.signed(&room.id, &f.header(2, 1, 7), &[], text.clone()),
        ),
        ("non-zero padding", signed(changed(247, 1))),
        ("a length beyond the end", signed(changed(2, 2))),
        (
            "a length of four thousand million",
            signed(changed(0, 0xFF)),
        ),
        ("no content at all, only a signature", signed(Vec::new())),
        ("shorter than a signature", vec![0; 63]),
    ];
    for (name, text) in texts {
        let mut body = Forger::sealed(key, &room.id, &header, &text);
        // Where the letter itself is short, zeros fill the bucket: the tag is then not where it must be.
        body.resize(360, 0);
        sheet.case(name, &room.wrap(&header, &body, &mut f.rng));
    }
    sheet.case(
        "a body without room for a tag",
        &room.wrap(&header, &[0; 8], &mut f.rng),
    );
    sheet
}
