//! Swiping a message sideways to answer it. The browser keeps what is its own: scrolling up and down, zooming, and
//! whatever begins at an edge of the screen.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::media::media;
use crate::browser;
use crate::state::EntryId;

/// Before this many pixels nobody knows where a finger is going.
const UNDECIDED: f64 = 10.0;
/// From here on letting go answers.
const FAR: f64 = 64.0;
/// A message follows the finger to here.
const MOST: f64 = 88.0;
/// So near to an edge a swipe is the browser's.
const EDGE: f64 = 32.0;
/// What is scrolled or operated sideways itself.
const SIDEWAYS: &str = "pre, table, audio, progress, .file-text";

/// Where a finger is going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    /// Nobody knows yet.
    Open,
    /// Elsewhere.
    Lost,
    /// Sideways.
    Swipe,
}

/// A finger on a message.
struct Touch {
    pointer: i32,
    from: (f64, f64),
    message: HtmlElement,
    course: Course,
    is_far: bool,
}

impl Touch {
    /// A finger was put down.
    fn begin(event: &PointerEvent) -> Option<Self> {
        let x = f64::from(event.client_x());
        let width = browser::window().inner_width().ok()?.as_f64()?;
        if event.pointer_type() != "touch" || !event.is_primary() || x < EDGE || x > width - EDGE {
            return None;
        }
        let touched: Element = event.target()?.dyn_into().ok()?;
        if touched.closest(SIDEWAYS).ok()?.is_some() {
            return None;
        }
        let message = touched.closest("article.message").ok()??;
        Some(Self {
            pointer: event.pointer_id(),
            from: (x, f64::from(event.client_y())),
            message: message.dyn_into().ok()?,
            course: Course::Open,
            is_far: false,
        })
    }

    /// It moved.
    fn go(&mut self, event: &PointerEvent) {
        let way = (
            f64::from(event.client_x()) - self.from.0,
            f64::from(event.client_y()) - self.from.1,
        );
        if self.course == Course::Open {
            self.course = course(way);
        }
        if self.course != Course::Swipe {
            return;
        }
        self.is_far = way.0 >= FAR;
        let classes = self.message.class_list();
        let _ = classes.add_1("is-swiped");
        let _ = classes.toggle_with_force("is-far", self.is_far);
        if !media("(prefers-reduced-motion: reduce)") {
            // A whole number, here as everywhere: code that writes floats takes ten kilobytes.
            let moved = format!("{}px 0", way.0.clamp(0.0, MOST) as i32);
            let _ = self.message.style().set_property("translate", &moved);
        }
    }

    /// The message is back in its place. Which one is to be answered.
    fn end(self) -> Option<EntryId> {
        let _ = self.message.class_list().remove_2("is-swiped", "is-far");
        let _ = self.message.style().remove_property("translate");
        let id = self.message.id();
        let line = id.strip_prefix('e').and_then(|id| id.parse().ok());
        line.filter(|_| self.is_far).map(EntryId)
    }
}

/// To the right, and much more so than up or down.
fn course((x, y): (f64, f64)) -> Course {
    if x.abs().max(y.abs()) < UNDECIDED {
        Course::Open
    } else if x > 2.0 * y.abs() {
        Course::Swipe
    } else {
        Course::Lost
    }
}

/// What an element with messages in it listens to.
#[derive(Clone)]
pub struct Swiping {
    /// For `pointerdown`.
    pub down: Callback<PointerEvent>,
    /// For `pointermove`.
    pub go: Callback<PointerEvent>,
    /// For `pointerup`.
    pub up: Callback<PointerEvent>,
    /// For `pointercancel`, which is how the browser says that it scrolls.
    pub cancel: Callback<PointerEvent>,
}

/// Listens for swipes; `onswipe` gets the line that was swept aside.
#[hook]
pub fn use_swipe(onswipe: Callback<EntryId>) -> Swiping {
    let touch = use_mut_ref(|| None::<Touch>);
    let down = {
        let touch = touch.clone();
        Callback::from(move |event: PointerEvent| {
            let mut touch = touch.borrow_mut();
            // A second finger is no swipe.
            if let Some(before) = touch.take() {
                before.end();
            } else {
                *touch = Touch::begin(&event);
            }
        })
    };
    let go = {
        let touch = touch.clone();
        Callback::from(move |event: PointerEvent| {
            if let Some(touch) = &mut *touch.borrow_mut()
                && touch.pointer == event.pointer_id()
            {
                touch.go(&event);
            }
        })
    };
    let up = {
        let touch = touch.clone();
        Callback::from(move |_: PointerEvent| {
            if let Some(line) = touch.take().and_then(Touch::end) {
                onswipe.emit(line);
            }
        })
    };
    let cancel = Callback::from(move |_: PointerEvent| {
        touch.take().and_then(Touch::end);
    });
    Swiping {
        down,
        go,
        up,
        cancel,
    }
}

#[cfg(test)]
mod tests {
    use super::{Course, course};

    #[test]
    fn only_what_clearly_goes_to_the_right_is_a_swipe() {
        for (way, wanted) in [
            ((4.0, -9.0), Course::Open),
            ((12.0, 0.0), Course::Swipe),
            ((12.0, -5.0), Course::Swipe),
            ((12.0, 8.0), Course::Lost),
            ((0.0, 40.0), Course::Lost),
            ((-40.0, 0.0), Course::Lost),
        ] {
            assert_eq!(course(way), wanted, "{way:?}");
        }
    }
}
