//! Makes the vector files: every kind of envelope, right and wrong in each way that has a name. Runs from the example
//! `member_vectors`; the same on every run.

mod control;
mod hello;
mod message;
mod pairwise;

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
        hello::sheet().finish(),
        message::sheet().finish(),
        pairwise::sheet().finish(),
        control::sheet().finish(),
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
