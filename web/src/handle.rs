//! What a component can ask for.

mod talk;

use std::rc::Rc;

use client::FileRef;

use crate::naming::{self, Typed};
use crate::state::{Options, Order, PersonId};

pub use talk::Talking;

/// What stands behind a [`Handle`]: the shell in the browser, a recorder in tests.
pub trait Commands {
    /// Does what was asked. Answers arrive as actions.
    fn run(&self, command: Command);
    /// The room's name, if this page knows it.
    fn room_name(&self) -> Option<String>;
    /// The link to this room with the relay's key in it, if this page knows the name.
    fn link(&self) -> Option<String>;
    /// Whether the system can share a link by itself.
    fn can_share(&self) -> bool;
    /// What stood in the text field before the tab was reloaded.
    fn draft(&self) -> String {
        String::new()
    }
    /// What to compare with somebody.
    fn safety(&self, _id: PersonId) -> Option<[(&'static str, &'static str); 5]> {
        None
    }
}

/// A command. Components use the methods of [`Handle`] instead.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Open or join the room that was typed.
    OpenRoom {
        typed: String,
        is_fresh: bool,
        your_name: String,
        second: String,
        options: Options,
    },
    /// Follow a link that was pasted into the room name field.
    Follow { pasted: String },
    /// Join the room of the link.
    Join { your_name: String, second: String },
    /// Try another second secret at the same door.
    TrySecret { second: String },
    /// Go on with a link that was rewritten on the way.
    JoinAnyway,
    /// Forget the link and show the first screen.
    Decline,
    /// Stop making the key or entering, and go back.
    Cancel,
    /// Go in, now that it is known what is behind the door.
    Enter,
    /// Press the same button again.
    TryAgain,
    /// Do something with files.
    File(FileCommand),
    /// Something in the conversation.
    Talk(Talking),
    /// Take another name.
    Rename { name: String },
    /// Send a failed message again.
    Retry { local: u32 },
    /// Take a failed message off the log.
    Discard { local: u32 },
    /// Leave the room.
    Leave,
    /// Enter the room again that was left or lost.
    Rejoin,
    /// Forget the room's name.
    Forget,
    /// To the first screen.
    StartOver,
    /// Try to connect now.
    Wake,
    /// Accept the relay's new key.
    TrustNewKey { typed: String },
    /// Put the link on the clipboard.
    CopyLink,
    /// Put some text on the clipboard.
    CopyText { text: String },
    /// Hand the link to the system's share sheet.
    Share,
    /// Keep the link in the address bar, or not.
    KeepAddress(bool),
    /// Load the page anew.
    Reload,
    /// Wipe everything and be gone.
    Panic,
    /// Lay down a rule for the room.
    Govern(Order),
    /// Close the room for everybody, in a moment.
    Purge,
    /// Do not close it after all.
    UndoPurge,
    /// Move to a fresh room, or answer somebody who does.
    Leap(LeapCommand),
    /// Somebody was compared with, or that is taken back.
    Verified { id: PersonId, verified: bool },
}

/// What can be done about moving to a fresh room.
#[derive(Clone, Debug, PartialEq)]
pub enum LeapCommand {
    /// Open one and ask these along.
    Start {
        /// Who is asked.
        people: Vec<PersonId>,
        /// What the new room is to be like.
        options: Options,
        /// The old one is closed for everybody.
        closes: bool,
    },
    /// Not after all.
    Cancel,
    /// An invitation is on the screen: make the face of where it leads.
    Look(u32),
    /// Follow an invitation.
    Go(u32),
    /// Do not.
    Stay(u32),
}

/// What can be done with files.
#[derive(Clone, Debug, PartialEq)]
pub enum FileCommand {
    /// Offer these, to everybody or to one person.
    Offer {
        /// As the browser hands them out.
        picked: Vec<web_sys::File>,
        /// Whom alone they are for.
        to: Option<PersonId>,
        /// Send photos with everything they know.
        keeps_traces: bool,
    },
    /// Fetch a file.
    Accept(FileRef),
    /// Let the sender know that it is not wanted.
    Deny(FileRef),
    /// Stop fetching it, or take it back.
    Stop(FileRef),
    /// Save one that is here, under this name.
    Save(FileRef, String),
}

/// The commands, as a context. Never changes while the page lives.
#[derive(Clone)]
pub struct Handle(Rc<dyn Commands>);

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Handle {
    /// A handle on `commands`.
    pub fn new(commands: Rc<dyn Commands>) -> Self {
        Self(commands)
    }

    // ----- the first screen -----

    /// A fresh room name of five words. A new one with every call; keep it in local state.
    pub fn suggest_room_name(&self) -> String {
        naming::suggest_room_name()
    }

    /// A fresh name for a person ("Quiet Otter").
    pub fn suggest_your_name(&self) -> String {
        naming::suggest_your_name()
    }

    /// What was typed into the room name field: its canonical form, what is wrong with it, how
    /// strong it is, and whether it is a pasted link. Quick enough for every keystroke.
    pub fn look(&self, typed: &str) -> Typed {
        naming::look(typed)
    }

    /// The typed room name with three random words added.
    pub fn add_words(&self, typed: &str) -> String {
        naming::add_words(typed)
    }

    /// What is wrong with a person's name, in one sentence, or `None`.
    pub fn name_trouble(&self, name: &str) -> Option<String> {
        naming::name_trouble(name)
    }

    /// Opens or joins a room. Components ask for a second press first where
    /// [`Typed::strength`] says that anyone could guess the name. `is_fresh`: the name was made up
    /// here a moment ago, so nobody can be inside. `second` is a second secret, or nothing.
    pub fn open_room(
        &self,
        typed: String,
        is_fresh: bool,
        your_name: String,
        second: String,
        options: Options,
    ) {
        self.0.run(Command::OpenRoom {
            typed,
            is_fresh,
            your_name,
            second,
            options,
        });
    }

    /// Goes to the link recipient's screen for a link that was pasted.
    pub fn follow(&self, pasted: String) {
        self.0.run(Command::Follow { pasted });
    }

    // ----- the link recipient -----

    /// Joins the room of the link. Nothing is sent to the relay before this.
    pub fn join(&self, your_name: String, second: String) {
        self.0.run(Command::Join { your_name, second });
    }

    /// Tries another second secret. Slowed down after a few tries.
    pub fn try_secret(&self, second: String) {
        self.0.run(Command::TrySecret { second });
    }

    /// Whether this can be a second secret.
    pub fn is_secret(&self, typed: &str) -> bool {
        naming::is_secret(typed)
    }

    /// Goes on with a link that was rewritten on the way.
    pub fn join_anyway(&self) {
        self.0.run(Command::JoinAnyway);
    }

    /// "Not now": removes the link from the address bar, forgets it, shows the first screen.
    pub fn decline(&self) {
        self.0.run(Command::Decline);
    }

    /// Stops making the key or entering, and goes back to the screen before.
    pub fn cancel(&self) {
        self.0.run(Command::Cancel);
    }

    /// Goes in through the door that [`Step::Door`](crate::state::Step::Door) shows.
    pub fn enter(&self) {
        self.0.run(Command::Enter);
    }

    // ----- in the room -----

    /// Does something with files; what comes of it is in [`Files`](crate::state::Files).
    pub fn file(&self, command: FileCommand) {
        self.0.run(Command::File(command));
    }

    /// Takes another name. `Err` is one sentence.
    pub fn rename(&self, name: String) -> Result<(), String> {
        if let Some(trouble) = naming::name_trouble(&name) {
            return Err(trouble);
        }
        self.0.run(Command::Rename { name });
        Ok(())
    }

    /// Sends a failed message again.
    pub fn retry(&self, local: u32) {
        self.0.run(Command::Retry { local });
    }

    /// Takes a failed message off the log.
    pub fn discard(&self, local: u32) {
        self.0.run(Command::Discard { local });
    }

    /// Leaves the room and wipes what this tab kept for a reload.
    pub fn leave(&self) {
        self.0.run(Command::Leave);
    }

    /// "Try now": connects at once instead of waiting.
    pub fn wake(&self) {
        self.0.run(Command::Wake);
    }

    /// The room's name, to be shown after a click. Do not keep it in state longer than it is
    /// shown.
    pub fn room_name(&self) -> Option<String> {
        self.0.room_name()
    }

    /// The room's link, for the copy field and the QR code.
    pub fn link(&self) -> Option<String> {
        self.0.link()
    }

    /// Copies the link; [`State::copied`](crate::state::State::copied) tells how it went. The
    /// clipboard is cleared after a minute where the browser allows it.
    pub fn copy_link(&self) {
        self.0.run(Command::CopyLink);
    }

    /// Copies any other text.
    pub fn copy_text(&self, text: String) {
        self.0.run(Command::CopyText { text });
    }

    /// Whether [`Handle::share`] does anything here.
    pub fn can_share(&self) -> bool {
        self.0.can_share()
    }

    /// Opens the system's share sheet with the link.
    pub fn share(&self) {
        self.0.run(Command::Share);
    }

    /// Keeps the link in the address bar (for bookmarks), or removes it.
    pub fn keep_address(&self, keep: bool) {
        self.0.run(Command::KeepAddress(keep));
    }

    // ----- afterwards, and when something is wrong -----

    /// Tries the same door again, under the same name.
    pub fn try_again(&self) {
        self.0.run(Command::TryAgain);
    }

    /// Enters the room again.
    pub fn rejoin(&self) {
        self.0.run(Command::Rejoin);
    }

    /// Forgets the room's name; the end page stays.
    pub fn forget(&self) {
        self.0.run(Command::Forget);
    }

    /// Shows the first screen.
    pub fn start_over(&self) {
        self.0.run(Command::StartOver);
    }

    /// Accepts the relay's new key. `typed` must be the first eight characters of the new
    /// fingerprint (see [`Blocked::KeyChanged`](crate::state::Blocked::KeyChanged)); anything
    /// else does nothing.
    pub fn trust_new_key(&self, typed: String) {
        self.0.run(Command::TrustNewKey { typed });
    }

    /// Lays down a rule for the room. Does something only for those who govern it.
    pub fn govern(&self, order: Order) {
        self.0.run(Command::Govern(order));
    }

    /// What this person and `id` compare: five pictures and their words. `None` outside a room.
    pub fn safety(&self, id: PersonId) -> Option<[(&'static str, &'static str); 5]> {
        self.0.safety(id)
    }

    /// Somebody was compared with and is who they should be, or not after all.
    pub fn verified(&self, id: PersonId, verified: bool) {
        self.0.run(Command::Verified { id, verified });
    }

    /// Does something about moving to a fresh room; what comes of it is in [`Leaps`](crate::state::Leaps).
    pub fn leap(&self, command: LeapCommand) {
        self.0.run(Command::Leap(command));
    }

    /// Closes the room for everybody in five seconds, unless it is undone.
    pub fn purge(&self) {
        self.0.run(Command::Purge);
    }

    /// Does not close it after all.
    pub fn undo_purge(&self) {
        self.0.run(Command::UndoPurge);
    }

    /// Wipes everything and puts a blank page in the place of this one, without a question.
    pub fn panic(&self) {
        self.0.run(Command::Panic);
    }

    /// Loads the page anew.
    pub fn reload(&self) {
        self.0.run(Command::Reload);
    }
}
