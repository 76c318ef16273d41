//! Many members at once, in one thread: who said what when, what arrived, and how long it took.

mod driving;
mod shared;
mod times;
mod window;

use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use crypto::tunnel::Ticket;
use crypto::wire::Keep;
use tokio::task::{JoinHandle, spawn_local};
use tokio::time::timeout;

use crate::letter;
use crate::machine::{Process, processor_time};
use crate::member::{Dialect, Heard, Member};
use shared::{Reading, Shared};
use window::Moment;
pub use window::Window;

/// Connections that are made at the same time. Each makes the next ones of its chain with the ticket of the one before.
const CHAINS: usize = 64;
/// Members of a room who come one by one.
const SMALL: usize = 20;
/// How long nothing may arrive before what is missing counts as lost.
const PATIENCE: Duration = Duration::from_secs(8);
/// Different messages of one room. More are never on their way at once.
pub const LETTERS: usize = 8;

/// See the module's description. Dropping it closes all connections.
pub struct Crowd {
    address: SocketAddr,
    dialect: Dialect,
    size: usize,
    members: Vec<Rc<Member>>,
    rooms: Vec<Room>,
    readers: Vec<JoinHandle<()>>,
    shared: Rc<Shared>,
    /// Who was to be cut off.
    given_up: Cell<Option<usize>>,
}

struct Room {
    members: Vec<usize>,
    letters: Vec<Vec<u8>>,
    next: Cell<usize>,
}

impl Crowd {
    /// Nobody yet. Messages will have `size` bytes of text.
    pub fn new(address: SocketAddr, dialect: Dialect, size: usize) -> Self {
        Self {
            address,
            dialect,
            size,
            members: Vec::new(),
            rooms: Vec::new(),
            readers: Vec::new(),
            given_up: Cell::new(None),
            shared: Rc::new(Shared::new()),
        }
    }

    /// Connections so far.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether nobody is there.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Lets members in until there are `rooms` rooms of `members` each, with `letters` messages to say in each.
    ///
    /// # Errors
    /// Where somebody is not let in.
    pub async fn grow(&mut self, rooms: usize, members: usize, letters: usize) -> Result<()> {
        let mut wanted = Vec::new();
        for number in 0..rooms {
            if self.rooms.get(number).is_none() {
                self.rooms.push(Room {
                    members: Vec::new(),
                    letters: letter::write(self.dialect, number, self.size, letters)?,
                    next: Cell::new(0),
                });
            }
            let there = self.rooms.get(number).map_or(0, |room| room.members.len());
            wanted.extend((there..members).map(|_| number));
        }
        let chain_length = wanted.len().div_ceil(CHAINS).max(1);
        let mut chains = Vec::new();
        for chain in wanted.chunks(chain_length) {
            let (chain, address, dialect) = (chain.to_vec(), self.address, self.dialect);
            chains.push(spawn_local(async move {
                let mut connected = Vec::new();
                let mut ticket: Option<Ticket> = None;
                for number in chain {
                    let member = Member::connect(address, dialect, number, ticket.take()).await?;
                    ticket = member.ticket();
                    if members <= SMALL {
                        member.ask(None).await?;
                        member.entered().await?;
                    }
                    connected.push((number, Rc::new(member)));
                }
                anyhow::Ok(connected)
            }));
        }
        let mut newcomers = Vec::new();
        for chain in chains {
            newcomers.extend(chain.await??);
        }
        if members > SMALL {
            self.enter_together(&newcomers).await?;
        }
        for (number, member) in newcomers {
            self.seat(number, member);
        }
        self.settle().await
    }

    /// All ask before anybody waits: otherwise a large room tells everybody about each newcomer one by one.
    async fn enter_together(&self, newcomers: &[(usize, Rc<Member>)]) -> Result<()> {
        for (_, member) in newcomers {
            member.ask(None).await?;
        }
        for (_, member) in newcomers {
            timeout(PATIENCE * 5, member.entered())
                .await
                .context("the server lets nobody in")??;
        }
        Ok(())
    }

    fn seat(&mut self, number: usize, member: Rc<Member>) {
        let index = self.members.len();
        // Whatever was said before is not missing here.
        let mut before = 0;
        if let Some(room) = self.rooms.get_mut(number) {
            let published = self.shared.published.borrow();
            let all = room.members.iter().filter_map(|one| published.get(*one));
            before = all.sum();
            room.members.push(index);
        }
        self.shared.received.borrow_mut().push(before);
        self.shared.published.borrow_mut().push(0);
        self.shared.reading.borrow_mut().push(Reading::Goes);
        self.members.push(Rc::clone(&member));
        let shared = Rc::clone(&self.shared);
        self.readers.push(spawn_local(async move {
            let lost = Heard::Ended(1006);
            loop {
                match shared.reading(index) {
                    Reading::Ended(_) => break,
                    Reading::Stalls => {
                        shared.released.notified().await;
                        continue;
                    }
                    Reading::Goes => {}
                }
                let heard = |heard| shared.note((number, index), &heard);
                match member.listen(&shared.scratch, heard).await {
                    Ok(true) => shared.progress.notify_waiters(),
                    Ok(false) => shared.note((number, index), &lost),
                    Err(error) => {
                        *shared.failure.borrow_mut() = Some(format!("{error:#}"));
                        shared.note((number, index), &lost);
                    }
                }
            }
        }));
    }

    /// One message in every room; when all have it, nothing older is on its way.
    async fn settle(&self) -> Result<()> {
        for number in 0..self.rooms.len() {
            self.publish(number, 0, Instant::now(), Keep::Ring).await?;
        }
        match self.drain().await {
            0 => self.check(),
            missing => bail!("{missing} messages were lost while members came in"),
        }
    }

    /// From now on all but the first `open` members of a room only measure their records.
    pub fn measure_only(&self, number: usize, open: usize) {
        let Some(room) = self.rooms.get(number) else {
            return;
        };
        let length = room.letters.first().map_or(0, Vec::len);
        let rest = room.members.iter().skip(open);
        for member in rest.filter_map(|index| self.members.get(*index)) {
            member.measure_only(length);
        }
    }

    /// Publishes the room's next message as its `nth` member.
    async fn publish(&self, number: usize, nth: usize, due: Instant, keep: Keep) -> Result<()> {
        let mut bytes = Vec::new();
        let author = self.compose(number, nth, due, keep, &mut bytes)?;
        author.write(&bytes).await
    }

    fn compose(
        &self,
        number: usize,
        nth: usize,
        due: Instant,
        keep: Keep,
        bytes: &mut Vec<u8>,
    ) -> Result<&Member> {
        let room = self.rooms.get(number).context("no such room")?;
        let index = *room.members.get(nth).context("no such member")?;
        let author = self.members.get(index).context("no such member")?;
        let next = room.next.get();
        room.next.set(next + 1);
        let letter = room.letters.get(next % room.letters.len());
        let letter = letter.context("nothing to say")?;
        let tail = letter::tail(letter);
        self.shared.times.borrow_mut().said(number, tail, due);
        author.compose(letter, keep, bytes)?;
        if let Some(count) = self.shared.published.borrow_mut().get_mut(index) {
            *count += 1;
        }
        Ok(author)
    }

    /// Every member publishes once and asks the server to keep it.
    ///
    /// # Errors
    /// Where a connection is gone.
    pub async fn introduce(&self) -> Result<()> {
        for (number, room) in self.rooms.iter().enumerate() {
            for nth in 0..room.members.len() {
                self.publish(number, nth, Instant::now(), Keep::Anchor)
                    .await?;
            }
        }
        self.drain().await;
        self.check()
    }

    /// Waits until everybody has everything, and returns how much never came.
    pub async fn drain(&self) -> u64 {
        let mut last = (self.missing(), Instant::now());
        loop {
            let missing = self.missing();
            if missing == 0 {
                return 0;
            }
            if missing < last.0 {
                last = (missing, Instant::now());
            } else if last.1.elapsed() > PATIENCE {
                return missing;
            }
            timeout(Duration::from_millis(20), self.shared.progress.notified())
                .await
                .ok();
        }
    }

    fn missing(&self) -> u64 {
        let (received, published) = (
            self.shared.received.borrow(),
            self.shared.published.borrow(),
        );
        let of = |counts: &[u64], index: usize| counts.get(index).copied().unwrap_or(0);
        let mut missing = 0;
        for room in &self.rooms {
            let all: u64 = room.members.iter().map(|m| of(&published, *m)).sum();
            for member in &room.members {
                if self.shared.is_reading(*member) {
                    let has = of(&received, *member) + of(&published, *member);
                    missing += all.saturating_sub(has);
                }
            }
        }
        missing
    }

    /// The last member of room 0 stops reading.
    pub fn stall_one(&self) -> Option<usize> {
        let index = *self.rooms.first()?.members.last()?;
        self.shared.set_reading(index, Reading::Stalls);
        self.given_up.set(Some(index));
        Some(index)
    }

    /// A stalled member reads on, and tells how the server has ended its connection.
    pub async fn release(&self, index: usize) -> Option<u16> {
        // What it gets now is no message of interest; how it ends is.
        self.shared.set_reading(index, Reading::Goes);
        self.shared.released.notify_waiters();
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Reading::Ended(code) = self.shared.reading(index) {
                return Some(code);
            }
            timeout(Duration::from_millis(20), self.shared.progress.notified())
                .await
                .ok();
        }
        None
    }

    fn check(&self) -> Result<()> {
        if let Some(failure) = self.shared.failure.borrow().as_ref() {
            bail!("{failure}");
        }
        let reading = self.shared.reading.borrow();
        match reading
            .iter()
            .enumerate()
            .find_map(|(index, one)| match one {
                Reading::Ended(code) if Some(index) != self.given_up.get() => Some(*code),
                _ => None,
            }) {
            Some(code) => bail!("the server cut a member off with {code}"),
            None => Ok(()),
        }
    }

    fn now(&self, process: &Process) -> Moment {
        Moment {
            at: Instant::now(),
            cpu: process.cpu(),
            load: processor_time(),
            deliveries: self.shared.received.borrow().iter().sum(),
            published: self.shared.published.borrow().iter().sum(),
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.readers.iter().for_each(JoinHandle::abort);
    }
}
