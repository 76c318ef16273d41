//! One other member, as this session can verify it: its signing key, the secret of the two, and its chains as far as
//! they are known. A [`PeerKey`] can only open.

mod opened;

use core::fmt;
use core::time::Duration;

use ed25519_dalek::VerifyingKey;
use zeroize::Zeroizing;

use crate::control::Notice;
use crate::direct::{BoxOpened, Channel};
use crate::envelope::{Kind, Letter, Outer};
use crate::error::OpenError;
use crate::hello::{Hello, Start};
use crate::identity::Identity;
use crate::lone::{LoneKey, LoneKeys};
use crate::room::RoomKeys;
use crate::taken::Taken;
use crate::window::Window;
use crate::wire::codec::{Reader, Writer};
use crate::wire::{DecodeError, Epoch, RoomMode, SenderId};

pub use self::opened::Opened;
pub use crate::window::{KEPT, WINDOW};

/// Epochs of one sender that are kept at once: late messages of an earlier epoch are still opened for [`KEPT`].
const EPOCHS: usize = 8;

/// Opens what one other session sends.
///
/// Keep it for as long as the own session lives, even when the peer has left: it is what refuses a relay that plays an
/// old conversation again.
pub struct PeerKey {
    signing: VerifyingKey,
    channel: Channel,
    mode: RoomMode,
    revision: u32,
    /// Ordered by epoch, the oldest first; at most [`EPOCHS`].
    windows: Vec<Window>,
    /// Epochs before this one are over.
    floor: Epoch,
    /// Whether any chain was ever learned.
    known: bool,
    /// The epoch of the first chain that this session was given: nothing before it is for it.
    first: Epoch,
    pairwise: Taken,
    lone: LoneKeys,
    /// Messages given up since [`PeerKey::expire`] was last called.
    lost: u32,
}

impl PeerKey {
    /// Meets whoever said this hello. In an open-history room its chain is known from here on.
    ///
    /// # Errors
    /// [`OpenError::Authentication`] where no secret with that key exists.
    pub fn meet(keys: &RoomKeys, me: &Identity, hello: &Hello) -> Result<Self, OpenError> {
        let mut peer = Self {
            signing: *hello.signing(),
            channel: Channel::between(keys, me, hello)?,
            mode: hello.introduction.mode,
            revision: hello.introduction.revision,
            windows: Vec::new(),
            floor: Epoch(1),
            known: false,
            first: Epoch(0),
            pairwise: Taken::default(),
            lone: LoneKeys::default(),
            lost: 0,
        };
        // Before any window there is nothing that time could end.
        peer.learn_all(hello, Duration::ZERO);
        Ok(peer)
    }

    /// Takes a later hello of the same session: a changed name, a new epoch in an open-history room. Of an earlier one, as
    /// is said again when a relay has forgotten the room, only the chain is taken.
    ///
    /// # Errors
    /// [`OpenError::Replayed`] where the revision is not higher than the one known; [`OpenError::Authentication`] where
    /// it is another session's, or changes what a session cannot change (its keys, the kind of room).
    pub fn take_hello(&mut self, hello: &Hello, now: Duration) -> Result<(), OpenError> {
        let is_same = hello.signing() == &self.signing
            && hello.dh().as_bytes() == self.channel.their_dh()
            && hello.introduction.mode == self.mode;
        if !is_same {
            return Err(OpenError::Authentication);
        }
        self.learn_all(hello, now);
        if hello.introduction.revision <= self.revision {
            return Err(OpenError::Replayed);
        }
        self.revision = hello.introduction.revision;
        Ok(())
    }

    /// Who it is.
    pub fn sender_id(&self) -> SenderId {
        self.channel.theirs()
    }

    /// The revision of the last hello taken.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Whether any of its messages can be read yet.
    pub fn has_chain(&self) -> bool {
        !self.windows.is_empty()
    }

    /// The newest epoch of which a chain is known.
    pub fn newest_epoch(&self) -> Option<Epoch> {
        self.windows.last().map(|window| window.epoch)
    }

    /// Opens a message or pairwise envelope whose outer header names this peer. `now` is monotonic, with any origin,
    /// the same in all calls.
    ///
    /// Nothing changes unless the envelope is authentic.
    ///
    /// # Errors
    /// [`OpenError::Replayed`], [`OpenError::TooFarAhead`], [`OpenError::NoKey`] (hold it until the chain comes),
    /// [`OpenError::Unsupported`], and [`OpenError::Authentication`] for everything else.
    pub fn open(&mut self, outer: &Outer, now: Duration) -> Result<Opened, OpenError> {
        if outer.header().sid != self.sender_id() {
            return Err(OpenError::Authentication);
        }
        match outer.header().kind {
            Kind::Hello => Err(OpenError::Authentication),
            Kind::Message => self.open_message(outer, now).map(Opened::Message),
            Kind::Pairwise => self.open_pairwise(outer, now),
            Kind::Control => Notice::open(outer, &self.signing).map(Opened::Control),
        }
    }

    fn open_message(&mut self, outer: &Outer, now: Duration) -> Result<Letter, OpenError> {
        let header = outer.header();
        if let Some(key) = self.lone.find(header.epoch, header.generation)? {
            let bound = outer.bound();
            let text = key.open(&bound, outer.body())?;
            let letter = Letter::decode(&text, &bound, &self.signing, None)?;
            self.lone.commit(header.epoch, header.generation);
            return Ok(letter);
        }
        let over = |window: &Window| window.until.is_some_and(|until| until <= now);
        let window = match self
            .windows
            .iter()
            .find(|window| window.epoch == header.epoch)
        {
            Some(window) if over(window) => return Err(OpenError::Replayed),
            Some(window) => window,
            None if header.epoch < self.floor => return Err(OpenError::Replayed),
            None if header.epoch < self.first => return Err(OpenError::BeforeStart),
            None => return Err(OpenError::NoKey),
        };
        let (key, effect) = window.attempt(header.generation.0, now)?.split();
        let bound = outer.bound();
        let text = key.open(&bound, outer.body())?;
        let letter = Letter::decode(&text, &bound, &self.signing, None)?;

        // Authentic: only now does anything change.
        for window in &mut self.windows {
            if window.epoch < header.epoch && window.until.is_none() {
                window.until = Some(now.saturating_add(KEPT));
            }
        }
        if let Some(window) = self
            .windows
            .iter_mut()
            .find(|window| window.epoch == header.epoch)
        {
            window.commit(effect, now);
        }
        self.trim();
        Ok(letter)
    }

    fn open_pairwise(&mut self, outer: &Outer, now: Duration) -> Result<Opened, OpenError> {
        let number = outer.header().generation.0;
        if !self.pairwise.is_new(number) {
            return Err(OpenError::Replayed);
        }
        let Some(text) = self.channel.find(outer)? else {
            return Ok(Opened::ForOthers);
        };
        let letter = Letter::decode(
            &text,
            &outer.bound(),
            &self.signing,
            Some(&self.channel.mine()),
        )?;
        let opened = match BoxOpened::decode(letter)? {
            BoxOpened::Private(letter) => Opened::Private(letter),
            // In an open-history room the hello carries the chain, for all to have the same.
            BoxOpened::ChainKey(_) | BoxOpened::LoneKey(_)
                if self.mode == RoomMode::OpenHistory =>
            {
                return Err(OpenError::Authentication);
            }
            BoxOpened::LoneKey(lone) => {
                let (epoch, generation) = (lone.epoch, lone.generation);
                self.learn_lone(lone);
                Opened::LoneKey { epoch, generation }
            }
            BoxOpened::ChainKey(start) => {
                self.learn(&start, now);
                Opened::ChainKey {
                    epoch: start.epoch,
                    generation: start.generation,
                }
            }
        };
        self.pairwise.take(number);
        Ok(opened)
    }

    fn learn_all(&mut self, hello: &Hello, now: Duration) {
        if let Some(start) = hello.start() {
            self.learn(start, now);
        }
        if let Some(lone) = hello.lone() {
            self.learn_lone(lone.copy());
        }
    }

    /// Takes up the key of one message, unless its chain is known from there on or over.
    fn learn_lone(&mut self, lone: LoneKey) {
        let reaches =
            |window: &Window| window.epoch == lone.epoch && window.reaches(lone.generation);
        if lone.epoch >= self.floor && !self.windows.iter().any(reaches) {
            self.lone.learn(lone);
        }
    }

    /// Takes up a chain from an authentic source. One that is known, or over, stays as it is.
    fn learn(&mut self, start: &Start, now: Duration) {
        if start.epoch < self.floor {
            return;
        }
        if let Some(window) = self
            .windows
            .iter_mut()
            .find(|window| window.epoch == start.epoch)
        {
            self.lost = self.lost.saturating_add(window.jump(start));
            // In an open-history room nobody has promised what lies before.
            window.reach_back(start, self.mode == RoomMode::ForwardSecret, now);
            return self.trim();
        }
        if self.windows.len() >= EPOCHS {
            if self
                .windows
                .first()
                .is_some_and(|oldest| start.epoch < oldest.epoch)
            {
                return;
            }
            self.end(0);
        }
        let place = self
            .windows
            .partition_point(|window| window.epoch < start.epoch);
        if !self.known {
            self.first = start.epoch;
        }
        // What a newcomer to an open-history room has not seen of the first chain, nobody withheld.
        let counts = self.known || self.mode == RoomMode::ForwardSecret;
        self.windows.insert(place, Window::new(start, counts));
        self.known = true;
    }

    /// Forgets an epoch for good.
    fn end(&mut self, place: usize) {
        let mut window = self.windows.remove(place);
        self.lost = self.lost.saturating_add(window.trim(0));
        self.floor = self.floor.max(Epoch(window.epoch.0.saturating_add(1)));
    }

    /// The newest skipped keys stay.
    fn trim(&mut self) {
        let mut left = WINDOW as usize;
        for window in self.windows.iter_mut().rev() {
            self.lost = self.lost.saturating_add(window.trim(left));
            left = left.saturating_sub(window.kept());
        }
    }

    /// Forgets keys and epochs whose time is over, and returns how many messages of this peer are missing for good
    /// since the last call. Safe to call at any time; [`PeerKey::deadline`] says when it has something to do.
    pub fn expire(&mut self, now: Duration) -> u32 {
        for window in &mut self.windows {
            self.lost = self.lost.saturating_add(window.expire(now));
        }
        while let Some(place) = self
            .windows
            .iter()
            .position(|w| w.until.is_some_and(|until| until <= now))
        {
            self.end(place);
        }
        core::mem::take(&mut self.lost)
    }

    /// When [`PeerKey::expire`] is next due.
    pub fn deadline(&self) -> Option<Duration> {
        self.windows.iter().filter_map(Window::deadline).min()
    }

    /// How many messages have been overtaken by later ones and may still arrive.
    pub fn awaited(&self) -> u32 {
        self.windows.iter().map(Window::awaited).sum()
    }

    pub(crate) fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Everything about this peer, with secrets: to be sealed and kept across a reload of the tab.
    pub fn freeze(&self, now: Duration) -> Zeroizing<Vec<u8>> {
        // Room for all of it at once: growing would leave copies of keys behind.
        let kept: usize = self.windows.iter().map(Window::kept).sum();
        let mut writer = Writer::with_capacity(2_560 + 64 * self.windows.len() + 45 * kept);
        writer.put(self.signing.as_bytes());
        self.channel.freeze(&mut writer);
        writer
            .u8(self.mode as u8)
            .u32(self.revision)
            .u16(self.floor.0);
        writer.u8(u8::from(self.known)).u32(self.lost);
        self.pairwise.freeze(&mut writer);
        self.lone.freeze(&mut writer);
        for window in &self.windows {
            window.freeze(&mut writer, now);
        }
        Zeroizing::new(writer.finish())
    }

    /// The peer that was frozen. Times left go on from `now`.
    ///
    /// # Errors
    /// [`DecodeError`] for bytes that [`PeerKey::freeze`] did not make.
    pub fn thaw(bytes: &[u8], now: Duration) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let signing = VerifyingKey::from_bytes(&reader.array()?)
            .map_err(|_| DecodeError::Invalid("signing key"))?;
        let channel = Channel::thaw(&mut reader)?;
        let mode = if reader.flag("mode")? {
            RoomMode::OpenHistory
        } else {
            RoomMode::ForwardSecret
        };
        let revision = reader.u32()?;
        let floor = Epoch(reader.u16()?);
        let known = reader.flag("known")?;
        let lost = reader.u32()?;
        let pairwise = Taken::thaw(&mut reader)?;
        let lone = LoneKeys::thaw(&mut reader)?;
        let mut windows = Vec::new();
        while reader.remaining() > 0 {
            windows.push(Window::thaw(&mut reader, now)?);
        }
        if windows.len() > EPOCHS || !windows.is_sorted_by(|one, next| one.epoch < next.epoch) {
            return Err(DecodeError::Invalid("epochs"));
        }
        Ok(Self {
            signing,
            channel,
            mode,
            revision,
            windows,
            floor,
            first: Epoch(0),
            known,
            pairwise,
            lone,
            lost,
        })
    }
}

impl fmt::Debug for PeerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerKey")
            .field("sid", &self.sender_id())
            .field("revision", &self.revision)
            .finish_non_exhaustive()
    }
}
