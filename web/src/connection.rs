//! The session's glue to the browser: one WebSocket, one timer, no protocol.
//!
//! ```text
//!  Handle ─▶ drive(|session| …) ─▶ poll_transmit ─▶ WebSocket
//!  socket ─▶      〃              ─▶ poll_event    ─▶ Translator ─▶ actions
//!  timer  ─▶      〃              ─▶ deadline      ─▶ the next timer
//! ```

mod files;
mod telling;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use client::{Now, Session, Transmit};
use crypto::wire::SUBPROTOCOL;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use crate::browser;
use crate::entropy;
use crate::files::Shelf;
use crate::state::Action;
use crate::translate::{Around, Translator};
use telling::Telling;

/// A timer never sleeps longer than this, so that a clock that jumps does little harm.
const LONGEST_SLEEP: Duration = Duration::from_secs(600);

/// A running session, by pointer. When the last one is dropped, the socket is closed and the keys
/// are forgotten.
#[derive(Clone)]
pub(crate) struct Connection(Rc<Inner>);

struct Inner {
    session: RefCell<Session>,
    translator: RefCell<Translator>,
    socket: RefCell<Option<Socket>>,
    /// The next thing that time asks for, and when.
    timer: RefCell<Option<(Duration, Timeout)>>,
    shelf: Shelf,
    telling: Telling,
    out: Box<dyn Fn(Vec<Action>)>,
}

impl Connection {
    /// Takes over a fresh or thawed session. Actions go to `out`.
    pub(crate) fn new(
        session: Session,
        translator: Translator,
        out: Box<dyn Fn(Vec<Action>)>,
    ) -> Self {
        let inner = Rc::new(Inner {
            session: RefCell::new(session),
            translator: RefCell::new(translator),
            socket: RefCell::default(),
            timer: RefCell::default(),
            shelf: Shelf::default(),
            telling: Telling::default(),
            out,
        });
        Self(inner)
    }

    /// Does what the session asks for first.
    pub(crate) fn start(&self) {
        self.0.pump();
    }

    /// Does something with the session, then everything that follows from it.
    pub(crate) fn drive<T>(&self, act: impl FnOnce(&mut Session, Now) -> T) -> T {
        self.0.drive(act)
    }

    /// The session, sealed for the next life of this tab.
    pub(crate) fn freeze(&self) -> Vec<u8> {
        self.0
            .session
            .borrow()
            .freeze(browser::now(), &mut entropy::rng())
    }
}

impl Inner {
    fn drive<T>(self: &Rc<Self>, act: impl FnOnce(&mut Session, Now) -> T) -> T {
        let result = act(&mut self.session.borrow_mut(), browser::now());
        self.pump();
        result
    }

    fn pump(self: &Rc<Self>) {
        self.transmit();
        let actions = self.events();
        self.arm();
        // Last, and with nothing borrowed: whoever gets these may call right back.
        self.tell(actions);
    }

    fn transmit(self: &Rc<Self>) {
        loop {
            let next = self.session.borrow_mut().poll_transmit();
            match next {
                None => return,
                Some(Transmit::Connect) => {
                    // The old socket goes first: its listeners must not speak for the new one.
                    self.socket.take();
                    match Socket::open(&Rc::downgrade(self)) {
                        Ok(socket) => {
                            self.socket.replace(Some(socket));
                        }
                        Err(_) => self.session.borrow_mut().closed(
                            None,
                            browser::now(),
                            &mut entropy::rng(),
                        ),
                    }
                }
                Some(Transmit::Message(bytes)) => {
                    if let Some(socket) = &*self.socket.borrow() {
                        socket.send(&bytes);
                    }
                }
                Some(Transmit::Close(code)) => {
                    if let Some(socket) = self.socket.take() {
                        socket.close(code.as_u16());
                    }
                }
            }
        }
    }

    fn events(self: &Rc<Self>) -> Vec<Action> {
        let mut events = Vec::new();
        loop {
            let event = self.session.borrow_mut().poll_event();
            let Some(event) = event else { break };
            events.extend(self.move_bytes(event));
        }
        let session = self.session.borrow();
        let around = Around {
            now: browser::now(),
            me: &|| session.me(),
            people: &|| session.people(),
            governance: &|| session.governance(),
            is_verified: &|sid| session.is_verified(&sid),
        };
        let mut translator = self.translator.borrow_mut();
        let actions = events
            .into_iter()
            .flat_map(|event| translator.translate(event, &around))
            .collect();
        drop(session);
        for local in translator.abandoned() {
            self.session.borrow_mut().discard(local);
        }
        actions
    }

    fn arm(self: &Rc<Self>) {
        let Some(deadline) = self.session.borrow().deadline() else {
            self.timer.take();
            return;
        };
        // Most that happens postpones the deadline. A timer that fires early finds nothing to do and is set again.
        let is_set = |timer: &Option<(Duration, _)>| {
            timer
                .as_ref()
                .is_some_and(|(fires_at, _)| *fires_at <= deadline)
        };
        if is_set(&self.timer.borrow()) {
            return;
        }
        let now = browser::now().mono;
        let wait = deadline.saturating_sub(now).min(LONGEST_SLEEP);
        // Rounded up: a timer that fires early would only fire again at once.
        let milliseconds = u32::try_from(wait.as_millis())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let weak = Rc::downgrade(self);
        let timer = Timeout::new(milliseconds, move || {
            if let Some(inner) = weak.upgrade() {
                inner.timer.take();
                inner.drive(|session, now| session.tick(now, &mut entropy::rng()));
            }
        });
        self.timer.replace(Some((now + wait, timer)));
    }
}

/// One WebSocket and its listeners, which go when it goes.
struct Socket {
    inner: WebSocket,
    _listeners: [EventListener; 3],
}

impl Socket {
    fn open(owner: &Weak<Inner>) -> Result<Self, JsValue> {
        let socket = WebSocket::new_with_str(&browser::socket_address(), SUBPROTOCOL)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = listen(&socket, "open", owner, |inner, _| {
            inner.drive(|session, now| session.opened(now));
        });
        let message = listen(&socket, "message", owner, |inner, event| {
            let data = event.unchecked_ref::<MessageEvent>().data();
            // Text is not part of the protocol; the empty message is refused like any broken one.
            let bytes = match data.dyn_into::<ArrayBuffer>() {
                Ok(buffer) => Uint8Array::new(&buffer).to_vec(),
                Err(_) => Vec::new(),
            };
            inner.drive(|session, now| session.receive(&bytes, now, &mut entropy::rng()));
        });
        let closed = listen(&socket, "close", owner, |inner, event| {
            let code = event.unchecked_ref::<CloseEvent>().code();
            inner.socket.take();
            // 1005 and 1006 are the browser's words for "no close frame came".
            let code = Some(code).filter(|code| !matches!(code, 1005 | 1006));
            inner.drive(|session, now| session.closed(code, now, &mut entropy::rng()));
        });
        Ok(Self {
            inner: socket,
            _listeners: [opened, message, closed],
        })
    }

    fn send(&self, bytes: &[u8]) {
        // While the socket closes, bytes go nowhere and the session is about to hear of that.
        if self.inner.ready_state() == WebSocket::OPEN {
            let _ = self.inner.send_with_u8_array(bytes);
        }
    }

    fn close(self, code: u16) {
        // Pages may use 1000 and the range of applications only.
        let _ = match code {
            1000 | 3000..=4999 => self.inner.close_with_code(code),
            _ => self.inner.close(),
        };
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.inner.close();
    }
}

fn listen(
    socket: &WebSocket,
    event: &'static str,
    owner: &Weak<Inner>,
    mut act: impl FnMut(&Rc<Inner>, &web_sys::Event) + 'static,
) -> EventListener {
    let owner = Weak::clone(owner);
    EventListener::new(socket, event, move |event| {
        if let Some(inner) = owner.upgrade() {
            act(&inner, event);
        }
    })
}
