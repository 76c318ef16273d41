//! Moving to a fresh room together, as far as the screen knows. No room's name is in here.

use super::people::Who;
use super::room::Face;
use super::{Progress, State};

/// Everything about leaping. Outlives the room: whoever asks may close it a moment later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leaps {
    /// Who asks this person to come along, the newest last.
    pub asked: Vec<Asked>,
    /// This person's own leap, under way.
    pub own: Option<OwnLeap>,
    /// In the room that was leapt to: everybody else who was asked, and who asked.
    pub party: Vec<Who>,
    /// Why a leap would be wise.
    pub advice: Option<Advice>,
}

/// An invitation to another room.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// To answer with.
    pub id: u32,
    /// Who asks.
    pub by: Who,
    /// They were compared with.
    pub verified: bool,
    /// Who else is asked.
    pub party: Vec<Who>,
    /// The other room's face, once its key was made here.
    pub face: Option<Face>,
}

/// How far an own leap is.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnLeap {
    /// The new room's key is being made.
    Key(Progress),
    /// The new room is being opened.
    Opening,
    /// This many people are being asked.
    Asking(usize),
    /// It came to nothing; the old room is as it was.
    Failed,
}

/// Why a leap would be wise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advice {
    /// The server has been sent the room's name.
    Rewritten,
    /// Somebody of this name was removed, and still knows the room's name.
    Removed(String),
}

/// What can happen to it.
#[derive(Clone, Debug, PartialEq)]
pub enum LeapAction {
    /// Somebody asks.
    Asked(Asked),
    /// They do not any more, or were answered.
    Gone(u32),
    /// The face of the room that an invitation leads to.
    Face { id: u32, face: Face },
    /// The own leap.
    Own(Option<OwnLeap>),
    /// Who is expected in this room.
    Party(Vec<Who>),
    /// A reason to leap, or none.
    Advice(Option<Advice>),
}

impl State {
    pub(super) fn leap(&mut self, action: LeapAction) {
        let is_muted = |who: &Who| {
            let room = self.room();
            room.is_some_and(|room| room.talk.muted.contains(&who.id))
        };
        if matches!(&action, LeapAction::Asked(asked) if is_muted(&asked.by)) {
            return;
        }
        let leaps = self.leaps.make_mut();
        match action {
            LeapAction::Asked(asked) => leaps.asked.push(asked),
            LeapAction::Gone(id) => leaps.asked.retain(|asked| asked.id != id),
            LeapAction::Face { id, face } => {
                if let Some(asked) = leaps.asked.iter_mut().find(|asked| asked.id == id) {
                    asked.face = Some(face);
                }
            }
            LeapAction::Own(own) => leaps.own = own,
            LeapAction::Party(party) => leaps.party = party,
            LeapAction::Advice(advice) => leaps.advice = advice,
        }
    }

    /// Another room is on its way to the screen: what was asked in the one before is settled.
    pub(super) fn forget_leaps(&mut self) {
        let advice = self.leaps.advice.clone();
        if *self.leaps != Leaps::default() {
            *self.leaps.make_mut() = Leaps {
                advice,
                ..Leaps::default()
            };
        }
    }
}
