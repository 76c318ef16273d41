//! What a member seals for one other.

use super::*;

pub(super) fn sheet() -> Sheet {
    let (keys, room) = (RoomKeys::from_bytes(&ROOT), Room::new(&ROOT));
    let mut f = Forger::new(60);
    let plain = f.parts();
    let mut author = Author::new(&keys, RoomMode::ForwardSecret, 5);
    let before = vec![f.hello(&room, &plain), author.hello().envelope];
    let mut sheet = Sheet::new(
        "members_pairwise.txt",
        "Pairwise envelopes (kind 3).",
        before,
    );
    let mut receiver = sheet.receiver();
    let (sid, dh) = (receiver.me.sender_id().0, receiver.me.dh_public());
    let me = author.knows(&mut receiver, 5);
    let mut others: Vec<_> = (0..3)
        .map(|seed| {
            Receiver::new(
                keys.clone(),
                Identity::generate(&mut Frozen::new(200 + seed)),
            )
        })
        .collect();
    let others: Vec<_> = others
        .iter_mut()
        .map(|other| author.knows(other, 5))
        .collect();
    let announced = author.announce(&[&others[0], &me, &others[1]]).envelope;
    sheet.case("accepted: a chain key among three boxes", &announced);
    sheet.case(
        "for others: three boxes",
        &author.announce(&others.iter().collect::<Vec<_>>()).envelope,
    );
    let spoken = author.say("read with the announced key").envelope;
    sheet.after(
        &[&announced],
        "accepted: a message under the announced chain",
        &spoken,
    );
    sheet.case("a message whose chain was not announced", &spoken);
    sheet.case(
        "accepted: a private message",
        &author.whisper(&me, "psst").envelope,
    );

    let header = f.header(3, 0, 300);
    let body = |f: &Forger, header: &[u8], content: &[u8]| {
        f.pairwise_body(&room, header, (&sid, &dh), &sid, content)
    };
    let good = body(&f, &header, b"\x02psst");
    let good = room.wrap(&header, &good, &mut f.rng);
    sheet.case("accepted: made by a second implementation", &good);
    sheet.after(&[&good], "replayed", &good);
    for (name, number) in [
        ("accepted: 255 numbers behind", 45u32),
        ("accepted: 300 numbers behind", 0),
    ] {
        let header = f.header(3, 0, number);
        let late = body(&f, &header, b"\x02late");
        let late = room.wrap(&header, &late, &mut f.rng);
        sheet.after(&[&good], name, &late);
    }
    sheet.damaged(
        &good,
        &[
            ("the header", 5),
            ("the box's salt", 24),
            ("the count", 40),
            ("the box", 41),
            ("the box's tag", 383),
        ],
    );
    let late_start = [&[1], &1u16.to_be_bytes()[..], &7u32.to_be_bytes(), &CHAIN].concat();
    let middle = body(&f, &header, &late_start);
    let middle = room.wrap(&header, &middle, &mut f.rng);
    let early = f.message(&room, CHAIN, 6, b"early");
    sheet.after(&[&middle], "sent before this receiver was let in", &early);
    for (name, content) in [
        ("a content kind of a later version", b"\x04what".to_vec()),
        ("no content kind", Vec::new()),
        ("a chain key in epoch 0", [vec![1], start(0)].concat()),
        (
            "a chain key with a trailing byte",
            [vec![1], start(1), vec![0]].concat(),
        ),
        (
            "a chain key cut short",
            [vec![1], start(1)[..37].to_vec()].concat(),
        ),
        (
            "the key of a message in epoch 0",
            [vec![3], start(0)].concat(),
        ),
        (
            "the key of a message with a trailing byte",
            [vec![3], start(1), vec![0]].concat(),
        ),
        (
            "the key of a message cut short",
            [vec![3], start(1)[..37].to_vec()].concat(),
        ),
    ] {
        let body = body(&f, &header, &content);
        sheet.case(name, &room.wrap(&header, &body, &mut f.rng));
    }
    let right = body(&f, &header, b"\x02psst");
    let signed_for_another = f.pairwise_body(&room, &header, (&sid, &dh), &[0xEE; 16], b"\x02psst");
    sheet.case(
        "signed for somebody else",
        &room.wrap(&header, &signed_for_another, &mut f.rng),
    );
    let sealed_for_another = f.pairwise_body(&room, &header, (&[0xEE; 16], &dh), &sid, b"\x02psst");
    sheet.case(
        "for others: sealed for somebody else",
        &room.wrap(&header, &sealed_for_another, &mut f.rng),
    );
    let elsewhere = Room::new(&[0x99; 64]);
    sheet.case("wrong room", &elsewhere.wrap(&header, &right, &mut f.rng));
    let count = |count: u8| {
        let mut body = right.clone();
        body[16] = count;
        body
    };
    sheet.case("no boxes", &room.wrap(&header, &count(0), &mut f.rng));
    sheet.case(
        "boxes shorter than a tag",
        &room.wrap(&header, &count(255), &mut f.rng),
    );
    let mut padded = count(2);
    *padded.last_mut().unwrap() = 1;
    sheet.case(
        "non-zero bytes behind the boxes",
        &room.wrap(&header, &padded, &mut f.rng),
    );
    for (name, place, value) in [
        ("for others: the box under another number", 23, 1u8),
        ("an epoch other than 0", 19, 1),
        ("an unknown sender", 2, 0xFF),
        ("unknown suite", 0, 2),
    ] {
        let mut header = header.clone();
        header[place] = value;
        sheet.case(name, &room.wrap(&header, &right, &mut f.rng));
    }
    let alone = author.say("read with a key of its own");
    let next = author.say("not read with it").envelope;
    let handed = author.hand_over(&alone, &[&others[2], &me]).envelope;
    let alone = alone.envelope;
    sheet.case("accepted: the key of one message", &handed);
    sheet.after(
        &[&handed],
        "accepted: a message whose own key was handed over",
        &alone,
    );
    sheet.after(&[&handed, &alone], "that message once more", &alone);
    sheet.after(&[&handed], "the message after it", &next);
    sheet
}
