//! Laying down rules for a room, and closing it with a few seconds to think again.

use std::rc::Rc;
use std::time::Duration;

use client::{OrderError, Session};
use crypto::control::PurgePolicy;
use crypto::wire::SenderId;
use gloo_timers::callback::Timeout;

use super::Shell;
use super::assemble::lifetime;
use crate::state::{Action, Notice, Order, PersonId};
use crate::words::life;
use crate::{browser, entropy};

/// How long closing a room can be undone, in milliseconds.
const UNDO_MS: u32 = 5_000;

impl Shell {
    /// Gives an order. What comes of it is told by the session.
    pub(super) fn govern(&self, order: Order) {
        self.order(|session, now| {
            let rng = &mut entropy::rng();
            match order {
                Order::Lock(true) => session.lock(now, rng),
                Order::Lock(false) => session.unlock(now, rng),
                Order::Lifetime(time) => session.extend(lifetime(time), now, rng),
                Order::Remove(id) => session.remove(SenderId(id.0), now, rng),
                Order::Share(id) => session.share_control(SenderId(id.0), now, rng),
                Order::HandOn(id) => session.hand_on(SenderId(id.0), now, rng),
                Order::EveryonePurges(everyone) => {
                    session.set_purge_policy(policy(everyone), now, rng)
                }
                Order::Filters(filters) => {
                    session.set_filter_defaults(vec![filters.to_byte()], now, rng)
                }
            }
        });
    }

    /// Closes the room for everybody once the time to undo it is over.
    pub(super) fn purge_soon(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let timer = Timeout::new(UNDO_MS, move || {
            if let Some(shell) = weak.upgrade() {
                shell.stop_purge();
                shell.order(|session, now| session.purge(now, &mut entropy::rng()));
            }
        });
        self.inner.borrow_mut().purging = Some(timer);
        let at = browser::wall() + Duration::from_millis(UNDO_MS.into());
        self.send(Action::Purging(Some(at)));
    }

    /// Lets the room live.
    pub(super) fn undo_purge(&self) {
        self.stop_purge();
        self.leave_open();
    }

    fn stop_purge(&self) {
        self.inner.borrow_mut().purging = None;
        self.send(Action::Purging(None));
    }

    /// What this person and `id` compare.
    pub(super) fn safety(&self, id: PersonId) -> Option<[(&'static str, &'static str); 5]> {
        let connection = self.inner.borrow().connection.clone()?;
        let safety = connection.drive(|session, _| session.safety(&SenderId(id.0)));
        let mut pictures = [("", ""); 5];
        for (slot, pair) in pictures
            .iter_mut()
            .zip(safety.emoji.into_iter().zip(safety.words))
        {
            *slot = pair;
        }
        Some(pictures)
    }

    fn order(&self, give: impl FnOnce(&mut Session, client::Now) -> Result<(), OrderError>) {
        let mut done = Ok(());
        self.with_session(|session, now| done = give(session, now));
        if let Err(error) = done {
            let why = match error {
                OrderError::NotHolder => life().order_not_holder,
                OrderError::Offline => life().order_offline,
                OrderError::Nobody => life().order_nobody,
                _ => life().order_too_long,
            };
            self.send(Action::Notice {
                notice: Notice::NotRuled {
                    why: why.to_owned(),
                },
                at: browser::wall(),
            });
            self.leave_open();
        }
    }
}

/// Who may purge, in the words of the protocol.
pub(super) fn policy(everyone: bool) -> PurgePolicy {
    if everyone {
        PurgePolicy::Everyone
    } else {
        PurgePolicy::Holder
    }
}
