//! Who governs a room, what follows from it, and what does not: a relay or a member that lies about it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod impostors;
mod lasting;
mod orders;
mod purging;
mod removing;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use client::{End, Event, OrderError, Ordered, Rules, Status};
use crypto::control::{Command, ControlKey, Notice, PurgePolicy};
use crypto::identity::Identity;
use crypto::room::RoomKeys;
use crypto::wire::{
    CloseCode, Lifetime, MemberId, Order, Refusal, RelayToClient, RoomMode, RoomState, Seq,
    TimeLeft,
};
use support::rng::TestRng;
use support::world::{Member, World};

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

const ANN: usize = 0;

const BO: usize = 1;

const CY: usize = 2;

fn three(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    for name in ["Ann", "Bo", "Cy"] {
        world.join(name);
    }
    world
}

/// Gives an order and carries it out.
macro_rules! order {
    ($world:expr, $who:expr, $method:ident $(, $argument:expr)*) => {{
        let given = $world.act($who, |session, now, rng| session.$method($($argument,)* now, rng));
        $world.settle();
        given
    }};
}
use order;

/// Every order that somebody has learned of, with the name of who gave it.
fn orders(member: &Member) -> Vec<(String, Ordered)> {
    let learned = member.events.iter().filter_map(|event| match event {
        Event::Ordered { by, order, .. } => Some((by.name.clone(), order.clone())),
        _ => None,
    });
    learned.collect()
}

fn plant(world: &mut World, to: usize, frame: RelayToClient) {
    let line = world.members[to].line.unwrap();
    world.relay.say(line, frame);
    world.settle();
}
