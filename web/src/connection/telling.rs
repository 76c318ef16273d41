//! When the page is told what happened: the first thing at once, what follows in the same picture with the next one. A
//! picture shows all of it anyway, and drawing a log for every one of thousands of messages would take seconds.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;

use super::{Connection, Inner};
use crate::browser;
use crate::state::Action;

/// About as long as a picture stands.
const PICTURE_MS: u32 = 16;

/// What the page does not know yet.
#[derive(Default)]
pub(super) struct Telling {
    waiting: RefCell<Vec<Action>>,
    /// The end of the current picture, while there is one.
    picture: RefCell<Option<Timeout>>,
}

impl Connection {
    /// What has happened and will be told in a moment.
    pub(crate) fn untold(&self) -> Vec<Action> {
        self.0.telling.waiting.borrow().clone()
    }
}

impl Inner {
    /// Tells the page, now or with the next picture.
    pub(super) fn tell(self: &Rc<Self>, actions: Vec<Action>) {
        if actions.is_empty() {
            return;
        }
        self.telling.waiting.borrow_mut().extend(actions);
        // A page that nobody sees has no pictures, and its timers may be a minute late.
        if self.telling.picture.borrow().is_none() || browser::document().hidden() {
            self.tell_all();
        }
    }

    fn tell_all(self: &Rc<Self>) {
        let actions = self.telling.waiting.take();
        if actions.is_empty() {
            self.telling.picture.take();
            return;
        }
        let weak = Rc::downgrade(self);
        let next = Timeout::new(PICTURE_MS, move || {
            if let Some(inner) = weak.upgrade() {
                inner.tell_all();
            }
        });
        self.telling.picture.replace(Some(next));
        // With nothing borrowed: whoever gets these may call right back.
        (self.out)(actions);
    }
}
