//! When what was put into mailboxes is written: once everything that is ready has been dealt with. Each event loop has
//! one task that empties the mailboxes which were filled meanwhile, whoever's they are. It comes last in the loop's
//! queue, so in a flood one write carries what several authors said, and in a quiet room the author's thread writes at
//! once and no other task has to wake up.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Poll, Waker};

use crate::mailbox::Mailbox;

/// Mailboxes that are emptied before others get a turn: a large room must not hold up the loop.
const PORTION: usize = 256;

thread_local! {
    static FLUSHER: RefCell<Option<Rc<Flusher>>> = const { RefCell::new(None) };
}

#[derive(Default)]
struct Flusher {
    filled: RefCell<VecDeque<Arc<Mailbox>>>,
    task: RefCell<Option<Waker>>,
}

/// Makes sure that this event loop has its flusher.
pub(crate) fn install() {
    FLUSHER.with_borrow_mut(|flusher| {
        if flusher.is_none() {
            let fresh = Rc::new(Flusher::default());
            *flusher = Some(Rc::clone(&fresh));
            actix_web::rt::spawn(fresh.run());
        }
    });
}

/// Has `mailbox` emptied soon. `false` where this thread has no event loop of its own.
pub(crate) fn note(mailbox: Arc<Mailbox>) -> bool {
    // A thread that is ending has put its flusher away already.
    let noted = FLUSHER.try_with(|flusher| match &*flusher.borrow() {
        Some(flusher) => {
            flusher.filled.borrow_mut().push_back(mailbox);
            if let Some(task) = &*flusher.task.borrow() {
                task.wake_by_ref();
            }
            true
        }
        None => false,
    });
    noted.unwrap_or(false)
}

impl Flusher {
    async fn run(self: Rc<Self>) {
        poll_fn(|context| {
            self.task.replace(Some(context.waker().clone()));
            for _ in 0..PORTION {
                let next = self.filled.borrow_mut().pop_front();
                match next {
                    Some(mailbox) => mailbox.flush(),
                    None => return Poll::<()>::Pending,
                }
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}
