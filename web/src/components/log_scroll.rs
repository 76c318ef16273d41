//! Where the reader is in the log, and keeping that place.
//!
//! At the end, new lines pull the view along. Anywhere else nothing moves: the first visible line
//! stays where it is, whatever is added, removed or filtered around it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

/// Closer to the end than this counts as being at the end, in pixels.
const SLACK: i32 = 48;
/// Closer to an edge than this, more lines are fetched, in pixels.
const NEAR: i32 = 600;

/// How long a line that was looked for stays marked, in milliseconds.
const FOUND_MS: u32 = 2_000;

/// The scroll position and the element it belongs to. Cheap to clone.
#[derive(Clone, Default)]
pub struct LogScroll {
    /// The scrolling element.
    pub view: NodeRef,
    /// The element around the lines.
    pub lines: NodeRef,
    is_at_end: Rc<Cell<bool>>,
    is_jumping: Rc<Cell<bool>>,
    /// Where the end was when the view was last put there.
    end: Rc<Cell<i32>>,
    anchor: Rc<RefCell<Option<(String, f64)>>>,
    aim: Rc<RefCell<Option<String>>>,
}

impl PartialEq for LogScroll {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.is_at_end, &other.is_at_end)
    }
}

impl LogScroll {
    /// A log that is opened at its end.
    pub fn at_end() -> Self {
        let scroll = Self::default();
        scroll.is_at_end.set(true);
        scroll
    }

    /// Whether the reader is at the end.
    pub fn is_at_end(&self) -> bool {
        self.is_at_end.get()
    }

    /// From now on the view follows the end.
    pub fn stick(&self) {
        self.is_at_end.set(true);
        self.is_jumping.set(true);
        self.keep();
    }

    /// Whether a jump to the end waits for its lines to be drawn. Scroll events until then still
    /// speak of the old lines.
    pub fn is_jumping(&self) -> bool {
        self.is_jumping.get()
    }

    /// The lines were drawn.
    pub fn settle(&self) {
        self.is_jumping.set(false);
        if self.reach() {
            return;
        }
        self.keep();
    }

    /// From now on this line is to be seen, as soon as it is drawn.
    pub fn aim(&self, line: String) {
        self.is_at_end.set(false);
        *self.anchor.borrow_mut() = None;
        *self.aim.borrow_mut() = Some(line);
        self.reach();
    }

    /// Brings the line into view that is aimed at, and marks it for a moment.
    fn reach(&self) -> bool {
        let mut aim = self.aim.borrow_mut();
        let Some(view) = self.view.cast::<HtmlElement>() else {
            return false;
        };
        let line = aim.as_ref().and_then(|id| {
            let document = view.owner_document()?;
            document.get_element_by_id(id)
        });
        let Some(line) = line else {
            return false;
        };
        let middle = f64::from(view.client_height()) / 3.0;
        let moved = offset(&line, &view) - middle;
        view.set_scroll_top(view.scroll_top() + moved as i32);
        let classes = line.class_list();
        let _ = classes.add_1("is-found");
        let found = line.clone();
        gloo_timers::callback::Timeout::new(FOUND_MS, move || {
            let _ = found.class_list().remove_1("is-found");
        })
        .forget();
        *self.anchor.borrow_mut() = Some((line.id(), middle));
        *aim = None;
        true
    }

    /// From now on nothing moves by itself, from the top of what there is.
    pub fn rest(&self) {
        self.is_at_end.set(false);
        *self.anchor.borrow_mut() = None;
    }

    /// The reader scrolled: notes where they are. Returns whether the top and the bottom are near.
    pub fn note(&self) -> (bool, bool) {
        let Some(view) = self.view.cast::<HtmlElement>() else {
            return (false, false);
        };
        let below = view.scroll_height() - view.scroll_top() - view.client_height();
        // A line that came since the view was put at the end is no reason to leave it: only who scrolls up leaves.
        let has_left = view.scroll_top() < self.end.get() - 1;
        self.is_at_end
            .set(below <= SLACK || (self.is_at_end.get() && !has_left));
        *self.anchor.borrow_mut() = self.first_visible(&view);
        (view.scroll_top() < NEAR, below < NEAR)
    }

    /// Puts the view back where it was after something was drawn.
    pub fn keep(&self) {
        let Some(view) = self.view.cast::<HtmlElement>() else {
            return;
        };
        if self.is_at_end.get() {
            view.set_scroll_top(view.scroll_height());
            self.end.set(view.scroll_top());
            return;
        }
        let Some((id, before)) = self.anchor.borrow().clone() else {
            return;
        };
        let line = view
            .owner_document()
            .and_then(|document| document.get_element_by_id(&id));
        if let Some(line) = line {
            let moved = offset(&line, &view) - before;
            if moved.abs() >= 1.0 {
                view.set_scroll_top(view.scroll_top() + moved as i32);
            }
        }
    }

    fn first_visible(&self, view: &HtmlElement) -> Option<(String, f64)> {
        let lines = self.lines.cast::<Element>()?.children();
        (0..lines.length())
            .filter_map(|index| lines.item(index))
            .find_map(|line| {
                let top = offset(&line, view);
                let is_visible = top + line.get_bounding_client_rect().height() > 0.0;
                (is_visible && !line.id().is_empty()).then(|| (line.id(), top))
            })
    }
}

fn offset(line: &Element, view: &HtmlElement) -> f64 {
    line.get_bounding_client_rect().top() - view.get_bounding_client_rect().top()
}

/// Keeps the place also when the window, the keyboard or a single line changes its size.
#[hook]
pub fn use_steady(scroll: &LogScroll) {
    let scroll = scroll.clone();
    use_effect_with((), move |()| {
        let steady = scroll.clone();
        let closure = Closure::<dyn Fn()>::new(move || steady.keep());
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok();
        if let Some(observer) = &observer {
            for element in [&scroll.view, &scroll.lines]
                .into_iter()
                .filter_map(NodeRef::cast::<Element>)
            {
                observer.observe(&element);
            }
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop(closure);
        }
    });
}
