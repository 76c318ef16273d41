//! A relay that lies. Whatever it does with the bytes it is given, nobody is shown what was not signed for this room by
//! its sender, nobody is shown anything twice, and what is kept from people is reported to them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod delivery;
mod ends;
mod entering;
mod lies;
mod presence;
#[path = "../support/mod.rs"]
mod support;
mod views;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use client::{End, Event, Status};
use crypto::room::RoomKeys;
use crypto::tunnel::{Fingerprint, Pin};
use crypto::wire::{
    CloseCode, Keep, MemberId, RelayToClient, RoomId, RoomMode, RoomState, Seq, TimeLeft,
};
use proptest::prelude::*;
use support::relay::Line;
use support::tunnel::spki;
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

/// The time at which every world begins.
const START: Duration = Duration::from_secs(1_800_000_000);

fn room(world: &World) -> RoomId {
    RoomKeys::from_bytes(&world.root).room_id()
}

fn two(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    world.join("Ann");
    world.join("Bo");
    world
}

fn line(world: &World, index: usize) -> Line {
    world.members[index].line.unwrap()
}

/// Puts an envelope into somebody's socket.
fn plant(world: &mut World, to: usize, seq: u64, from: MemberId, envelope: Vec<u8>) {
    let line = line(world, to);
    world.relay.say(
        line,
        RelayToClient::Delivered {
            seq: Seq(seq),
            from,
            replayed: false,
            envelope,
        },
    );
    world.settle();
}

/// What any member can make: rubbish in an envelope that bears another's name.
fn forged(world: &World, id: client::MessageId) -> Vec<u8> {
    let root = hkdf::Hkdf::<sha2::Sha512>::from_prk(&world.root).unwrap();
    let mut key = [0; 32];
    root.expand(b"roomkey/1 room-key", &mut key).unwrap();
    let context = [b"roomkey/1 env", &room(world).0[..]].concat();
    let mut plaintext = vec![1, 2];
    plaintext.extend_from_slice(&id.sid.0);
    plaintext.extend_from_slice(&id.epoch.0.to_be_bytes());
    plaintext.extend_from_slice(&id.generation.0.to_be_bytes());
    plaintext.resize(crypto::wire::envelope::bucket(200), 7);
    let mut rng = support::rng::TestRng::seeded(id.generation.0.into());
    crypto::cobblestone::seal(&key, &context, &plaintext, &mut rng)
}

fn last_sent(world: &World, index: usize) -> client::MessageId {
    let sent = world.members[index].events.iter().rev();
    let ids = sent.filter_map(|event| match event {
        Event::Sent { id, .. } => Some(*id),
        _ => None,
    });
    ids.into_iter().next().unwrap()
}

/// The relay loses the next envelope for somebody, and none after that.
fn lose_next(world: &mut World, index: usize) {
    let victim = line(world, index);
    let mut armed = true;
    world.relay.tamper = Some(Box::new(move |line, frame| {
        let is_it = line == victim && matches!(frame, RelayToClient::Delivered { .. });
        if is_it && std::mem::take(&mut armed) {
            Vec::new()
        } else {
            vec![frame]
        }
    }));
}
