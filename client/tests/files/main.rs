//! Files between members: over wires that break, past a relay that forgets and senders that lie.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod interrupted;
mod moving;
mod refused;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use client::{Answer, Body, Event, FileBytes, FileNews, FileRef, FileTrouble, NewFile, SayError};
use crypto::file::{PIECE_LEN, SEALED_PIECE};
use crypto::wire::{FileAnswer, RelayToClient, RoomMode};
use proptest::prelude::*;
use support::world::World;

const BOTH: [RoomMode; 2] = [RoomMode::ForwardSecret, RoomMode::OpenHistory];

fn members(mode: RoomMode, names: &[&str]) -> World {
    let mut world = World::new(mode, 35);
    for name in names {
        world.join(name);
    }
    world
}

fn two() -> World {
    members(RoomMode::ForwardSecret, &["Ann", "Bo"])
}

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

/// Four pieces and a bit.
fn long() -> Vec<u8> {
    content(4 * PIECE_LEN + 77)
}

fn accept(world: &mut World, index: usize, file: FileRef) {
    world.act(index, |session, now, rng| {
        session.accept_file(file, now, rng);
    });
}

fn news(world: &World, index: usize) -> Vec<FileNews> {
    let events = world.members[index].events.iter();
    let news = events.filter_map(|event| match event {
        Event::File { news, .. } => Some(news.clone()),
        _ => None,
    });
    news.filter(|news| {
        !matches!(
            news,
            FileNews::Wanted { .. } | FileNews::Bytes(_) | FileNews::Progress { .. }
        )
    })
    .collect()
}

fn answers(world: &World, index: usize) -> Vec<Answer> {
    let news = news(world, index).into_iter();
    news.filter_map(|news| match news {
        FileNews::Answer { answer, .. } => Some(answer),
        _ => None,
    })
    .collect()
}

fn trouble(world: &World, index: usize) -> Vec<FileTrouble> {
    let news = news(world, index).into_iter();
    news.filter_map(|news| match news {
        FileNews::Failed(why) => Some(why),
        _ => None,
    })
    .collect()
}

fn has(world: &World, index: usize, file: FileRef, bytes: &[u8]) -> bool {
    let is_said = news(world, index).iter().any(
        |news| matches!(news, FileNews::Received { bytes: n, .. } if *n == bytes.len() as u64),
    );
    is_said && world.members[index].got.get(&file).map(Vec::as_slice) == Some(bytes)
}

/// Carries messages one by one until Bo has that many bytes.
fn until_bo_has(world: &mut World, file: FileRef, bytes: usize) {
    for _ in 0..10_000 {
        for index in 0..world.members.len() {
            world.deliver_up(index);
            world.deliver_down(index);
        }
        if world.members[1]
            .got
            .get(&file)
            .is_some_and(|got| got.len() >= bytes)
        {
            return;
        }
    }
    panic!("the bytes never come");
}

/// Ann offers twenty pieces, and Bo has the first three of them.
fn under_way() -> (World, FileRef, Vec<u8>) {
    let mut world = two();
    let bytes = content(20 * PIECE_LEN);
    let file = world.offer(0, None, "plan.bin", &bytes);
    world.settle();
    accept(&mut world, 1, file);
    until_bo_has(&mut world, file, 3 * PIECE_LEN);
    (world, file, bytes)
}
