//! Members over a wire that cuts, delays and loses: nothing is lost, doubled or put out of order.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod chaos;
mod cuts;
mod reloads;
#[path = "../support/mod.rs"]
mod support;
mod talking;

use std::time::Duration;

use client::{Body, Event, NotSent, Status};
use crypto::wire::RoomMode;
use proptest::prelude::*;
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn two(mode: RoomMode) -> World {
    let mut world = World::new(mode, 35);
    world.join("Ann");
    world.join("Bo");
    world
}
