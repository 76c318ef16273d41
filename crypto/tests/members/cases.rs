//! Makes the vector files: every kind of envelope, right and wrong in each way that has a name. Runs from the example
//! `member_vectors`; the same on every run.

use std::fmt::Write as _;

use crypto::control::{Command, Notice, PurgePolicy};
use crypto::identity::{Identity, Voucher};
use crypto::room::RoomKeys;
use crypto::wire::{Lifetime, RoomMode};

use super::author::Author;
use super::forge::{Forger, HelloParts, Room};
use super::receiver::Receiver;
use super::rng::Frozen;

const ROOT: [u8; 64] = [0x11; 64];
const CHAIN: [u8; 32] = [0x22; 32];

/// One vector file in the making: a receiver, what it heard before every case, and the cases.
pub(crate) struct Sheet {
    pub(crate) name: &'static str,
    text: String,
    receiver: [u8; 64],
    before: Vec<Vec<u8>>,
}

impl Sheet {
    fn new(name: &'static str, about: &str, before: Vec<Vec<u8>>) -> Self {
        let receiver = *Identity::generate(&mut Frozen::new(77)).freeze();
        let mut text = format!(
            "# {about}\n# Every case begins with a receiver that has heard the `before` envelopes at the top, then its own.\n\
             # Made by: cargo run -p roomkey-crypto --example member_vectors\n\n\
             root = {}\nreceiver = {}\n",
            hex::encode(ROOT),
            hex::encode(receiver)
        );
        for envelope in &before {
            writeln!(text, "before = {}", hex::encode(envelope)).unwrap();
        }
        Self {
            name,
            text,
            receiver,
            before,
        }
    }

    fn receiver(&self) -> Receiver {
        let mut receiver =
            Receiver::new(RoomKeys::from_bytes(&ROOT), Identity::thaw(&self.receiver));
        for envelope in &self.before {
            receiver.receive(envelope);
        }
        receiver
    }

    fn case(&mut self, name: &str, envelope: &[u8]) {
        self.after(&[], name, envelope);
    }

    fn after(&mut self, before: &[&[u8]], name: &str, envelope: &[u8]) {
        let mut receiver = self.receiver();
        write!(self.text, "\n[{name}]\n").unwrap();
        for envelope in before {
            receiver.receive(envelope);
            writeln!(self.text, "before = {}", hex::encode(envelope)).unwrap();
        }
        writeln!(
            self.text,
            "envelope = {}\nresult = {}",
            hex::encode(envelope),
            receiver.receive(envelope)
        )
        .unwrap();
    }

    /// The damages that need no knowledge of any key.
    fn damaged(&mut self, good: &[u8], inner: &[(&str, usize)]) {
        let flip = |place: usize| {
            let mut bytes = good.to_vec();
            bytes[place] ^= 1;
            bytes
        };
        self.case("the salt is changed", &flip(0));
        self.case("the commitment is changed", &flip(24));
        for (name, place) in inner {
            self.case(&format!("{name} is changed"), &flip(56 + place));
        }
        self.case("the outer tag is changed", &flip(good.len() - 1));
        self.case("truncated by one byte", &good[..good.len() - 1]);
        self.case("truncated to its salt", &good[..24]);
        self.case("empty", &[]);
        self.case("one trailing byte", &[good, &[0]].concat());
    }

    pub(crate) fn finish(self) -> (&'static str, String) {
        (self.name, self.text)
    }
}

pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        hello().finish(),
        message().finish(),
        pairwise().finish(),
        control().finish(),
    ]
}

fn parts(forger: &Forger, change: impl FnOnce(&mut HelloParts)) -> HelloParts {
    let mut parts = forger.parts();
    change(&mut parts);
    parts
}

fn start(epoch: u16) -> Vec<u8> {
    [&epoch.to_be_bytes()[..], &0u32.to_be_bytes(), &CHAIN].concat()
}

fn hello() -> Sheet {
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
    sheet
}

fn message() -> Sheet {
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

fn pairwise() -> Sheet {
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
        ("256 numbers behind", 44),
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
        ("a content kind of a later version", b"\x03what".to_vec()),
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
    sheet
}

fn control() -> Sheet {
    let keys = RoomKeys::from_bytes(&ROOT);
    let mut author = Author::new(&keys, RoomMode::ForwardSecret, 15);
    let mut other = Author::new(&keys, RoomMode::ForwardSecret, 16);
    let before = vec![author.hello().envelope, other.hello().envelope];
    let mut sheet = Sheet::new("members_control.txt", "About the room (kind 5).", before);
    let to = other.me.sender_id();
    let key = other.control().public();
    let day = Lifetime::from_seconds(86_400);
    for (number, command) in [
        Command::Lock(true),
        Command::Lock(false),
        Command::Lifetime(day),
        Command::Remove(to),
        Command::Share { to, key },
        Command::HandOn { to, key },
        Command::PurgePolicy(PurgePolicy::Everyone),
        Command::PurgePolicy(PurgePolicy::Holder),
        Command::Filters(b"anything".to_vec()),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("accepted: {command:?}");
        let statement = author.state(u32::try_from(number).unwrap() + 1, command);
        let sealed = author.notice(&Notice::Statement(statement));
        sheet.case(&name, &sealed.envelope);
    }
    let at = std::time::Duration::from_millis(1_800_000_000_123);
    let good = author.notice(&Notice::Purged { at }).envelope;
    sheet.case("accepted: purged", &good);

    let foreign = Notice::Statement(author.state(1, Command::Lock(true)));
    let foreign = other.notice(&foreign);
    sheet.case("a statement of somebody else", &foreign.envelope);
    sheet.damaged(
        &good,
        &[
            ("the suite", 0),
            ("the kind", 1),
            ("the sid", 4),
            ("the epoch", 19),
            ("the generation", 23),
            ("the kind of notice", 24),
            ("the time", 30),
            ("the end of the time", 32),
            ("the front of the padding", 33),
            ("the front of the signature", 320),
            ("the padding", 100),
            ("the signature", 383),
        ],
    );
    sheet
}
