//! What a member says of itself.

use super::*;

pub(super) fn sheet() -> Sheet {
    let (keys, room) = (RoomKeys::from_bytes(&ROOT), Room::new(&ROOT));
    let mut sheet = Sheet::new("members_hello.txt", "Hellos (kind 1).", Vec::new());
    let mut author = Author::new(&keys, RoomMode::ForwardSecret, 5);
    let good = author.hello().envelope;
    sheet.case("accepted: a person in a forward-secret room", &good);
    let mut introduction = author.introduction();
    introduction.bot = Some("https://example.org".to_owned());
    introduction.voucher = Some(Voucher::issue(&[5; 32], &keys.room_id(), &author.me));
    introduction.control_key = Some([6; 32]);
    introduction.own_control = Some([7; 32]);
    introduction.charter = vec![author.state(1, Command::Lock(true))];
    introduction.name = "Ünïcode 🦦".to_owned();
    sheet.case(
        "accepted: a bot that says everything",
        &author.hello_with(&introduction).envelope,
    );
    let mut open = Author::new(&keys, RoomMode::OpenHistory, 6);
    sheet.case(
        "accepted: in an open-history room, with its chain",
        &open.hello().envelope,
    );

    let mut f = Forger::new(60);
    let (sid, plain) = (f.sid(), f.parts());
    let first = f.hello(&room, &plain);
    let third = parts(&f, |p| p.revision = 3);
    let third = f.hello(&room, &third);
    sheet.case("accepted: made by a second implementation", &first);
    sheet.after(&[&first], "accepted: a higher revision", &third);
    sheet.after(&[&third], "a lower revision", &first);
    sheet.after(&[&first], "the same revision again", &first);
    sheet.damaged(
        &good,
        &[
            ("the suite", 0),
            ("the header", 5),
            ("the content", 30),
            ("the signature", 383),
        ],
    );
    let elsewhere = Room::new(&[0x99; 64]);
    sheet.case("wrong room", &f.hello(&elsewhere, &plain));

    let s = |f: &mut Forger, epoch: u16, sid: &[u8; 16]| room.start(sid, &start(epoch), &mut f.rng);
    let good_start = s(&mut f, 1, &sid);
    let start_of_another = s(&mut f, 1, &[0xAA; 16]);
    let start_of_epoch_zero = s(&mut f, 0, &sid);
    let long_start = room.start(&sid, &[start(1), vec![0]].concat(), &mut f.rng);
    let start_of_another_room = elsewhere.start(&sid, &start(1), &mut f.rng);
    let small_order =
        hex::decode("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800").unwrap();
    let voucher = |bytes: usize| vec![(2, vec![1; bytes])];
    type Change = Box<dyn FnOnce(&mut HelloParts)>;
    let changed: Vec<(&str, Change)> = vec![
        (
            "accepted: an unknown TLV is skipped",
            Box::new(|p| p.tlvs = vec![(200, b"later".to_vec())]),
        ),
        (
            "accepted: unknown flags are ignored",
            Box::new(|p| p.flags = 0xFE),
        ),
        (
            "a TLV twice",
            Box::new(|p| p.tlvs = vec![(4, vec![1; 32]), (4, vec![1; 32])]),
        ),
        (
            "an unknown TLV twice",
            Box::new(|p| p.tlvs = vec![(200, vec![]), (200, vec![])]),
        ),
        (
            "a TLV longer than the rest",
            Box::new(|p| p.tail = vec![4, 0xFF, 0xFF]),
        ),
        (
            "a TLV cut in its length",
            Box::new(|p| {
                // Fills the content to one byte before the signature.
                p.tlvs = vec![(200, vec![0; 360 - 64 - 80 - 6 - 3 - 2])];
                p.tail = vec![4, 0];
            }),
        ),
        ("non-zero padding", Box::new(|p| p.tail = vec![0, 0, 0, 1])),
        (
            "a control key of 31 bytes",
            Box::new(|p| p.tlvs = vec![(4, vec![1; 31])]),
        ),
        (
            "a control key of 33 bytes",
            Box::new(|p| p.tlvs = vec![(4, vec![1; 33])]),
        ),
        (
            "seen hellos of 12 bytes",
            Box::new(|p| p.tlvs = vec![(5, vec![1; 12])]),
        ),
        (
            "a voucher that nobody signed",
            Box::new(move |p| p.tlvs = voucher(96)),
        ),
        (
            "a voucher of 95 bytes",
            Box::new(move |p| p.tlvs = voucher(95)),
        ),
        (
            "a destination without the bot flag",
            Box::new(|p| p.tlvs = vec![(3, b"x".to_vec())]),
        ),
        (
            "a destination that is not UTF-8",
            Box::new(|p| (p.flags, p.tlvs) = (1, vec![(3, vec![0xFF])])),
        ),
        (
            "a name that is not UTF-8",
            Box::new(|p| p.name = vec![0xC3]),
        ),
        ("revision 0", Box::new(|p| p.revision = 0)),
        ("low-order X25519: zero", Box::new(|p| p.dh = [0; 32])),
        (
            "low-order X25519: one",
            Box::new(|p| p.dh = std::array::from_fn(|i| u8::from(i == 0))),
        ),
        (
            "low-order X25519: order eight",
            Box::new(move |p| p.dh = small_order.try_into().unwrap()),
        ),
        ("wrong mode: a chain in a forward-secret room", {
            let start = good_start.clone();
            Box::new(move |p| p.tlvs = vec![(1, start)])
        }),
        ("the key of one message under the label of a chain", {
            let start = good_start.clone();
            let both = vec![(1, start.clone()), (7, start)];
            Box::new(move |p| (p.mode, p.tlvs) = (1, both))
        }),
        ("the key of one message in a forward-secret room", {
            let start = good_start.clone();
            Box::new(move |p| p.tlvs = vec![(7, start)])
        }),
        (
            "wrong mode: no chain in an open-history room",
            Box::new(|p| p.mode = 1),
        ),
        ("unknown mode", Box::new(|p| p.mode = 2)),
        (
            "accepted: a chain in an open-history room",
            Box::new(move |p| (p.mode, p.tlvs) = (1, vec![(1, good_start)])),
        ),
        (
            "the chain of another sender",
            Box::new(move |p| (p.mode, p.tlvs) = (1, vec![(1, start_of_another)])),
        ),
        (
            "the chain of another room",
            Box::new(move |p| (p.mode, p.tlvs) = (1, vec![(1, start_of_another_room)])),
        ),
        (
            "a chain in epoch 0",
            Box::new(move |p| (p.mode, p.tlvs) = (1, vec![(1, start_of_epoch_zero)])),
        ),
        (
            "a chain with a trailing byte",
            Box::new(move |p| (p.mode, p.tlvs) = (1, vec![(1, long_start)])),
        ),
    ];
    for (name, change) in changed {
        let parts = parts(&f, change);
        sheet.case(name, &f.hello(&room, &parts));
    }
    // A name longer than any name may be needs a larger bucket.
    let long = parts(&f, |p| p.name = vec![b'n'; 513]);
    let header = f.header(1, 0, 1);
    let body = f.hello_body(&room.id, &header, &long, 704 - 24);
    sheet.case(
        "a name of 513 bytes",
        &room.wrap(&header, &body, &mut f.rng),
    );
    let body = f.hello_body(&room.id, &header, &plain, 360);
    sheet.case(
        "a length that is no bucket",
        &room.wrap(&header, &[body.as_slice(), &[0]].concat(), &mut f.rng),
    );
    for (name, change) in [
        (
            "unknown suite",
            Box::new(|h: &mut Vec<u8>| h[0] = 2) as Box<dyn Fn(&mut Vec<u8>)>,
        ),
        ("unknown kind", Box::new(|h: &mut Vec<u8>| h[1] = 6)),
        ("kind 0", Box::new(|h: &mut Vec<u8>| h[1] = 0)),
        (
            "reserved kind: file reference",
            Box::new(|h: &mut Vec<u8>| h[1] = 4),
        ),
        (
            "reserved kind: control",
            Box::new(|h: &mut Vec<u8>| h[1] = 5),
        ),
        ("foreign sid", Box::new(|h: &mut Vec<u8>| h[2] ^= 1)),
        (
            "an epoch other than 0",
            Box::new(|h: &mut Vec<u8>| h[19] = 1),
        ),
        (
            "a generation that is not the revision",
            Box::new(|h: &mut Vec<u8>| h[23] = 2),
        ),
    ] {
        let mut header = header.clone();
        change(&mut header);
        let body = f.hello_body(&room.id, &header, &plain, 360);
        sheet.case(name, &room.wrap(&header, &body, &mut f.rng));
    }
    let mut forged = f.hello_body(&room.id, &header, &plain, 360);
    *forged.last_mut().unwrap() ^= 1;
    sheet.case("wrong signature", &room.wrap(&header, &forged, &mut f.rng));
    // The neutral point as a key: a lenient check accepts this signature for every text.
    let neutral: [u8; 32] = std::array::from_fn(|i| u8::from(i == 0));
    let mut weak = f.hello_body(&room.id, &header, &plain, 360);
    weak[1..33].copy_from_slice(&neutral);
    weak[296..].copy_from_slice(&[neutral, [0; 32]].concat());
    let mut weak_header = header.clone();
    weak_header[2..18].copy_from_slice(&crypto::identity::sender_id(&neutral).0);
    sheet.case(
        "a signing key of low order",
        &room.wrap(&weak_header, &weak, &mut f.rng),
    );
    let copied = f.hello_body(&elsewhere.id, &header, &plain, 360);
    sheet.case(
        "a signature for another room",
        &room.wrap(&header, &copied, &mut f.rng),
    );
    let alone = open.say("read with a key of its own");
    let later = open.hello_for(&alone).envelope;
    let alone = alone.envelope;
    sheet.case("accepted: with the key of one message", &later);
    sheet.after(
        &[&later],
        "accepted: a message whose own key is in the hello",
        &alone,
    );
    sheet.after(&[&later, &alone], "that message once more", &alone);
    sheet
}
